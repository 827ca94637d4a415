// A judge's sheet: buttons and sliders, the sum, and a draft that survives a lost connection.
// What was typed stays in this browser until the server has it. It carries when it was typed, by the server's clock, so that an
// older draft never takes the place of a newer one, in whichever order they arrive.
"use strict";

const SOON = 700;
const AGAIN = 8_000;
const form = document.getElementById("sheet");
const memo = document.getElementById("memo");
const skew = Number(form.dataset.now) - Date.now();
let saved = Number(form.dataset.saved);
let typed = saved;
let timer = 0;
let sending = false;
let leaving = false; // the next page may be on its way already, made before the draft arrived: then the copy here is all it has

const stored = () => {
  try { return JSON.parse(localStorage.getItem(form.dataset.key)); } catch { return null; }
};
const keep = (draft) => {
  try {
    if (draft) localStorage.setItem(form.dataset.key, JSON.stringify(draft));
    else localStorage.removeItem(form.dataset.key);
  } catch { /* no storage here: it lasts as long as the page */ }
};
const scores = () => [...form.querySelectorAll("input.score")];
const read = () => ({
  points: Object.fromEntries(scores().map((field) => [field.name.slice(2), field.value.trim()])),
  comment: form.elements.comment.value,
  typed,
});
const zone = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: form.dataset.zone };
const clock = (ms) => new Intl.DateTimeFormat("en-GB", zone).format(ms); // the server's time of day, as on the page
const say = (words, bad = false) => {
  memo.textContent = words;
  memo.classList.toggle("bad", bad);
};
const sayLost = () => say(memo.dataset.offline, true);

function show() {
  let sum = 0;
  for (const field of scores()) {
    const item = field.closest(".item");
    const range = item.querySelector("input[type=range]");
    const value = Number(field.value);
    const blank = !field.value.trim() || Number.isNaN(value);
    item.classList.toggle("blank", blank);
    if (blank) {
      range.value = 0;
      range.setAttribute("aria-valuetext", range.dataset.none);
    } else {
      range.value = value;
      range.setAttribute("aria-valuetext", field.value);
      sum += Math.round(value * 100);
    }
  }
  document.getElementById("sum").textContent = String(sum / 100);
}

function fill(draft) {
  for (const field of scores()) field.value = draft.points[field.name.slice(2)] ?? "";
  form.elements.comment.value = draft.comment;
  show();
}

function changed() {
  leaving = false;
  typed = Math.max(Date.now() + skew, typed + 1, saved + 1);
  form.elements.typed.value = typed;
  keep(read());
  show();
  say(navigator.onLine ? memo.dataset.typed : memo.dataset.offline, !navigator.onLine);
  later(SOON);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

async function send() {
  if (sending || typed <= saved) return;
  if (!navigator.onLine) return sayLost();
  sending = true;
  const draft = read();
  let reply = null;
  try {
    reply = await fetch(form.dataset.draft, {
      method: "POST", body: JSON.stringify(draft), credentials: "same-origin", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
  } catch { /* lost: it is tried again */ }
  sending = false;
  if (!reply || reply.status >= 500 || reply.type === "opaqueredirect") {
    sayLost();
    return later(AGAIN);
  }
  const answer = await reply.json().catch(() => ({}));
  if (reply.ok) return arrived(answer.saved);
  if (answer.code === "older") return choose(answer);
  say(answer.message ?? memo.dataset.offline, true);
}

function arrived(at) {
  saved = at;
  form.elements.follows.value = saved;
  if (typed > saved) return later(SOON);
  if (!leaving) keep(null);
  say(memo.dataset.saved.replace("{at}", clock(saved)));
}

// Two drafts: whoever typed them says which.
function choose(newer) {
  const asks = document.getElementById("newer");
  asks.hidden = false;
  say("", true);
  asks.querySelector("[data-take]").onclick = () => {
    saved = typed = newer.saved;
    form.elements.follows.value = saved;
    form.elements.typed.value = typed;
    keep(null);
    fill(newer);
    asks.hidden = true;
    say(memo.dataset.saved.replace("{at}", clock(saved)));
  };
  asks.querySelector("[data-keep]").onclick = () => {
    saved = newer.saved;
    asks.hidden = true;
    changed();
  };
}

function step(item, by) {
  const field = item.querySelector("input.score");
  const value = Number(field.value) || 0;
  field.value = String(Math.min(Math.max(Math.round((value + by) * 100) / 100, 0), Number(item.dataset.of)));
  changed();
}

function arm(item) {
  const field = item.querySelector("input.score");
  const range = item.querySelector("input[type=range]");
  for (const button of item.querySelectorAll("[data-by]")) {
    button.hidden = false;
    button.addEventListener("click", () => step(item, Number(button.dataset.by)));
  }
  range.hidden = false;
  range.addEventListener("input", () => {
    field.value = range.value;
    changed();
  });
  field.addEventListener("input", changed);
  field.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(item, by);
  });
}

function begin() {
  form.querySelectorAll(".item").forEach(arm);
  form.elements.comment.addEventListener("input", changed);
  document.querySelector(".plain-save").hidden = true; // it saves by itself
  const kept = stored();
  if (kept && kept.typed > saved) {
    typed = kept.typed;
    form.elements.typed.value = typed;
    fill(kept);
    say(memo.dataset.kept);
    later(0);
  } else {
    keep(null);
    show();
  }
  addEventListener("online", () => later(0));
  addEventListener("offline", sayLost);
  addEventListener("beforeunload", () => { leaving = true; });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (navigator.onLine) return;
    event.preventDefault();
    say(memo.dataset.offlineHandIn, true);
  });
}

if ("handedIn" in form.dataset) keep(null);
else begin();
