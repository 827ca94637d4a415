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

// How much waits is asked once the page is there, and now and then while it is looked at. What was answered lately is shown
// at once and not asked again; whatever is sent makes it old. The number stands where nothing has to make room for it.
const FRESH = 60_000, AGAIN = 300_000, KEPT = "inbox:count";
const badges = document.querySelectorAll("[data-asks]");

function showCount({ number, said }) {
  for (const badge of badges) {
    const [words, digits] = badge.children;
    badge.hidden = !number;
    words.textContent = number ? `: ${said}` : "";
    digits.textContent = number > 99 ? "99+" : String(number);
  }
}

async function askCount() {
  if (document.hidden) return;
  try {
    const answer = await fetch(badges[0].dataset.asks, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return;
    const found = { ...(await answer.json()), lang: document.documentElement.lang, at: Date.now() };
    sessionStorage.setItem(KEPT, JSON.stringify(found));
    showCount(found);
  } catch {
    // Offline, or signed out meanwhile: the number stays as it was, and the next page says what is the matter.
  }
}

document.addEventListener("submit", () => sessionStorage.removeItem(KEPT));
if (badges.length) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  const known = kept && kept.lang === document.documentElement.lang;
  if (known) showCount(kept);
  const inside = location.pathname.startsWith(new URL(badges[0].parentElement.href).pathname);
  if (!known || inside || Date.now() - kept.at > FRESH) askCount();
  setInterval(askCount, AGAIN);
  document.addEventListener("visibilitychange", () => {
    const last = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    if (!last || Date.now() - last.at > AGAIN) askCount();
  });
} else {
  sessionStorage.removeItem(KEPT);
}
