// One choice of theme for the whole product: the shell's own memory of it follows the page, and the tokens follow both.
"use strict";
{
  const root = document.documentElement;
  const chosen = ["light", "dark"].find((theme) => root.classList.contains(theme));
  if (chosen) root.dataset.theme = chosen;
  localStorage.setItem("adminTheme", JSON.stringify(chosen ?? "auto"));
}
