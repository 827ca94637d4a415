// The shell is another's; these make it go with the rest of the product.
"use strict";
{
  // One choice of theme: the shell's own memory of it follows the page, and the tokens follow both.
  const root = document.documentElement;
  const chosen = ["light", "dark"].find((theme) => root.classList.contains(theme));
  if (chosen) root.dataset.theme = chosen;
  localStorage.setItem("adminTheme", JSON.stringify(chosen ?? "auto"));

  // An icon is a word in an icon font ("group"): to be seen, not to be read out beside the word it stands for.
  addEventListener("DOMContentLoaded", () => {
    for (const icon of document.querySelectorAll(".material-symbols-outlined"))
      if (icon.parentElement.textContent.trim() !== icon.textContent.trim()) icon.ariaHidden = "true";

    // The button of the navigation is a bare icon: here it gets a name, a place in the order and the keys of a button.
    const word = document.querySelector("[data-navigation-word]")?.dataset.navigationWord ?? "";
    for (const icon of document.querySelectorAll("span.material-symbols-outlined"))
      if (icon.getAttribute("x-on:click")?.includes("sidebar")) {
        Object.assign(icon, { role: "button", tabIndex: 0, ariaLabel: word, ariaHidden: null });
        icon.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          icon.click();
        });
      }
  });
}
