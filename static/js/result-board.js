// Printing the board of results, whole, as it stands.
"use strict";
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
