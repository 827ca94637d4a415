// The month's grid at work: what is typed is checked, kept, sent and told; what others enter comes in.
import { Drafts } from "./intake-drafts.js";
import { Grid } from "./intake-grid.js";
import { fill } from "./intake-numbers.js";
import { Notices, button, element } from "./intake-page.js";
import { ByPerson } from "./intake-person.js";
import { PointsColumn } from "./intake-points.js";
import { Summary } from "./intake-summary.js";
import { Sync } from "./intake-sync.js";

const section = document.getElementById("intake");
const words = JSON.parse(document.getElementById("grid-words").textContent);
const writes = "writes" in section.dataset;
const aloud = document.getElementById("aloud");
const notices = new Notices(document.getElementById("told"));
const drafts = new Drafts(section.dataset.account, section.dataset.month);

const NAMED = 6;
const list = (cells) => {
  const names = cells.slice(0, NAMED).map((cell) => cell.name).join(words.list_comma);
  return cells.length > NAMED ? `${names} ${fill(words.more, { count: cells.length - NAMED })}` : names;
};
const say = (text) => { aloud.textContent = text; };

// What a cell asks for now: to be sent, to be kept, or nothing.
const consider = (cell, held = false) => {
  if (cell.state === "clean") {
    drafts.drop(cell.id);
    sync.forget(cell);
    return;
  }
  drafts.keep(cell.id, { text: cell.text, seen: cell.theirs ? cell.theirs.value : cell.known });
  if (cell.state === "typed" && !held) sync.put(cell, cell.value);
  else sync.forget(cell);
};

// A pasted block is saved as soon as one goes on from it.
const release = () => {
  const block = grid.block;
  if (!block) return;
  grid.frame(null);
  notices.drop("paste");
  for (const cell of block.cells) consider(cell);
};

const grid = new Grid(section.querySelector("table"), words, {
  wrote(cells, { held = false }) {
    if (!held && grid.block && !cells.every((cell) => grid.block.cells.includes(cell))) release();
    const waits = held || (grid.block && cells.every((cell) => grid.block.cells.includes(cell)));
    for (const cell of cells) consider(cell, waits);
    if (!grid.block) notices.drop("paste");
    const faults = cells.filter((cell) => cell.fault);
    if (faults.length === 1) say(faults[0].fault);
    summary.draw();
  },
  pasted({ rows, columns, cells, skipped }) {
    const faults = cells.filter((cell) => cell.fault);
    const parts = [element("b", {}, fill(words.pasted, { rows, columns }))];
    if (cells.length) parts.push(`${words.comma}${words.pasted_held}`);
    for (const [key, count] of [["empty", skipped.empty], ["exempt", skipped.exempt], ["beyond", skipped.beyond]])
      if (count) parts.push(`${words.comma}${fill(words[`pasted_${key}`], { count })}`);
    if (faults.length) parts.push(`${words.comma}${fill(words.pasted_faults, { count: faults.length, list: list(faults) })}`);
    const undo = button(words.undo_paste, () => grid.undo(), "btn quiet");
    undo.append(" ", element("kbd", {}, "Ctrl Z"));
    notices.say("paste", "", parts, button(words.save_paste, release), undo);
    say(parts.map((part) => part.textContent ?? part).join(""));
  },
  left: release,
  flipped: (cell) => say(`${cell.name}: ${cell.shown}`),
  said: (key, count) => say(fill(words[key], { count })),
});

const points = new PointsColumn(grid.table);
const sync = new Sync(section, {
  points: (found) => points.take(found),
  answered(cell, answer) {
    cell.stamp = performance.now();
    if (answer.state === "saved") cell.settle(answer.value);
    else if (answer.state === "conflict") cell.theirs = answer;
    else Object.assign(cell, { fault: answer.message, known: answer.value });
    cell.show();
    consider(cell, true);
    if (cell.state === "typed") sync.put(cell, cell.value);
    if (answer.state === "conflict") say(`${cell.name}: ${cell.clash}`);
    if (cell.fault) say(`${cell.name}: ${cell.fault}`);
    summary.draw();
  },
  changed(entries, since) {
    const now = new Map(entries.map((entry) => [`${entry.employee_no}\n${entry.metric}`, entry]));
    const taken = [];
    for (const cell of grid.cells) {
      const theirs = now.get(cell.id) ?? { value: "", who: "", at: "" };
      if (theirs.value === cell.known || sync.sending.has(cell) || cell.stamp > since) continue;
      if (cell.state === "clean" && !cell.typing) {
        cell.take(theirs.value, theirs.who ? fill(words.theirs, theirs) : "");
        taken.push(cell);
      } else if (cell.value === theirs.value) {
        cell.settle(theirs.value);
        consider(cell);
      } else {
        cell.theirs = theirs;
        sync.forget(cell);
        cell.show();
        say(`${cell.name}: ${cell.clash}`);
      }
    }
    if (taken.length) say(fill(words.seen_theirs, { count: taken.length, list: list(taken) }));
    summary.draw();
  },
  refused: (message) => notices.say("refused", "unmet", [message]),
  state: () => connection(),
});

const connection = () => {
  const count = sync.unsaved + summary.held;
  if (sync.signedOut) {
    const link = element("a", { class: "btn", href: `${section.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}` }, words.sign_in);
    notices.drop("offline");
    notices.say("signed-out", "warned", [fill(words.signed_out, { count })], link);
  } else notices.drop("signed-out");
  if (sync.offline && !sync.signedOut) {
    notices.say("offline", "warned", [count ? fill(words.offline, { count }) : words.offline_none]);
  } else notices.drop("offline");
  if (!sync.failures) notices.drop("refused");
  summary.saved();
};

const summary = new Summary(grid, sync, words);
const view = new ByPerson(section, grid, words);

// Of a clash the one who is asked decides which of the two holds.
grid.table.addEventListener("chosen", ({ detail: { cell, mine } }) => {
  const theirs = cell.theirs.value;
  cell.theirs = null;
  cell.known = theirs;
  if (!mine) grid.step([{ cell, text: theirs }]);
  cell.show();
  consider(cell);
  grid.focus(cell);
  summary.draw();
});

// What an earlier visit could not send.
const restore = () => {
  const lost = [];
  for (const [id, { text, seen }] of drafts.entries()) {
    const cell = grid.byId.get(id);
    if (!cell) continue;
    if (!writes) {
      lost.push([cell, text]);
      continue;
    }
    cell.write(text);
    if (cell.state === "typed" && seen !== cell.known) cell.theirs = { value: cell.known, who: "", at: "" };
    cell.show();
    consider(cell);
  }
  if (!lost.length) return;
  const told = lost.map(([cell, text]) => `${cell.name} ${cell.says(text)}`).join(words.list_comma);
  notices.say("lost", "warned", [fill(words.lost, { count: lost.length, list: told })], button(words.discard, () => {
    for (const [cell] of lost) drafts.drop(cell.id);
    notices.drop("lost");
  }));
};

if (writes) {
  grid.open();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#fix a");
    const cell = link && grid.cells.find((one) => `#${one.td.id}` === link.hash);
    if (!cell) return;
    event.preventDefault();
    view.show(cell.row);
    grid.focus(cell);
  });
  // With a reason, what was refused for want of one goes again.
  document.getElementById("reason")?.addEventListener("change", () => {
    for (const cell of grid.cells) if (cell.fault && cell.value !== undefined) cell.write(cell.text), consider(cell);
    summary.draw();
  });
  document.getElementById("hand-in")?.addEventListener("submit", (event) => {
    document.activeElement?.blur();
    release();
    if (!summary.blocked) return;
    event.preventDefault();
    sync.flush();
    summary.draw();
  });
}
restore();
summary.draw();
connection();
