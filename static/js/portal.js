// What a page cannot do without a script. Everything else works without one.
"use strict";

// A password can be looked at while it is typed. The button is there only where the script runs.
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  const words = button.querySelector("span");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    words.textContent = shown ? button.dataset.show : button.dataset.hide;
    field.focus();
  });
}

// A choice that names a page goes there at once; its button is for those without a script.
for (const select of document.querySelectorAll("select[data-goes]")) {
  const button = select.form.querySelector("button");
  if (button) button.hidden = true;
  select.addEventListener("change", () => select.form.submit());
}

// Filters that answer while one types need no button; without a script it sends them.
for (const button of document.querySelectorAll("form[role=search][hx-get] button.btn")) button.hidden = true;

// What is shown once can be copied with one press.
for (const button of document.querySelectorAll("[data-copies]")) {
  const words = button.querySelector("span");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    words.textContent = button.dataset.done;
  });
}

for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What was typed into a month or a sheet and is not saved yet is its writer's; it does not outlast their sign-in.
for (const form of document.querySelectorAll("[data-forgets]")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (/^(intake|judging):/.test(key)) localStorage.removeItem(key);
  });
}
