// The description follows the theme that was chosen, else the device: before anything is drawn.
const chosen = document.documentElement.dataset.theme;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", chosen ? chosen === "dark" : dark.matches);
dark.addEventListener("change", follow);
follow();
