// What is there, what is missing and what is wrong, beside the table: bar, columns' counts, the list, and handing in.
import { fill } from "./intake-numbers.js";
import { element, icon } from "./intake-page.js";

const LISTED = 60;

export class Summary {
  constructor(grid, sync, words) {
    Object.assign(this, { grid, sync, words });
    this.clock = document.getElementById("clock");
    if (this.clock) {
      this.#tick();
      setInterval(() => this.#tick(), 30_000);
    }
  }

  get faults() {
    return this.grid.cells.filter((cell) => cell.state === "invalid" || cell.state === "conflict");
  }

  // Typed and not under way: a pasted block before it is saved.
  get held() {
    return this.grid.cells.filter(
      (cell) => cell.state === "typed" && !this.sync.pending.has(cell) && !this.sync.sending.has(cell)).length;
  }

  get blocked() {
    return this.faults.length + this.sync.unsaved + this.held > 0;
  }

  draw() {
    const owed = this.grid.cells.filter((cell) => cell.owed);
    const filled = owed.filter((cell) => cell.filled).length;
    const bar = document.getElementById("filled");
    bar.value = filled;
    document.querySelector("[data-filled]").textContent = `${filled} / ${owed.length}`;
    for (const column of this.grid.columns) this.#column(column, owed.filter((cell) => cell.column === column));
    this.#list(this.faults, owed.filter((cell) => cell.missing && !cell.theirs));
    this.saved();
  }

  #column(column, owed) {
    const count = column.th.querySelector(".done");
    if (!count) return;
    const filled = owed.filter((cell) => cell.filled).length;
    count.textContent = `${filled}/${owed.length}`;
    count.classList.toggle("met-n", filled === owed.length);
    count.classList.toggle("due-n", filled !== owed.length);
  }

  #list(faults, missing) {
    const place = document.getElementById("fix");
    if (!place) return; // nothing can be done about it here
    const count = (id, key, number) => {
      const link = document.getElementById(id);
      link.hidden = !number;
      link.querySelector("span").textContent = fill(this.words[key], { count: number });
    };
    count("mend", "mend_count", faults.length);
    count("lack", "missing_count", missing.length);
    place.hidden = faults.length + missing.length === 0;
    place.querySelector("h2").textContent = fill(this.words.todo, { count: faults.length + missing.length });
    const lines = faults.map((cell) => this.#line(cell, cell.name, cell.theirs ? cell.clash : cell.fault));
    for (const cells of Map.groupBy(missing, (cell) => cell.row).values()) {
      const names = cells.map((cell) => cell.asked.name).join(this.words.list_comma);
      lines.push(this.#line(cells[0], `${cells[0].person} · ${names}`, ""));
    }
    const more = lines.length - LISTED;
    place.querySelector("ul").replaceChildren(...lines.slice(0, LISTED),
      ...(more > 0 ? [element("li", { class: "faint" }, fill(this.words.more, { count: more }))] : []));
  }

  #line(cell, name, fault) {
    const look = fault ? "unmet" : "unknown";
    const kind = cell.theirs ? this.words.clash : fault ? this.words.to_mend : this.words.missing;
    const verdict = element("span", { class: `verdict ${look}` }, icon(look), kind);
    return element("li", {}, verdict, " ", element("a", { href: `#${cell.td.id}` }, name), fault ? ` ${fault}` : "");
  }

  // The foot: whether everything is saved, and whether the month can be handed in.
  saved() {
    const form = document.getElementById("hand-in");
    const unsaved = this.sync.unsaved + this.held;
    const place = document.querySelector("#saved span");
    if (place) place.textContent = this.#savedWords(unsaved);
    if (!form) return;
    const faults = this.faults.length;
    const missing = this.grid.cells.filter((cell) => cell.missing).length;
    const main = faults ? fill(this.words.why_faults, { count: faults })
      : unsaved ? fill(this.words.why_unsaved, { count: unsaved }) : "";
    const rest = missing ? fill(this.words.why_missing, { count: missing }) : main ? "" : this.words.why_complete;
    document.getElementById("why").replaceChildren(element("b", {}, main), main ? " " : "", element("span", { class: "soft" }, rest));
    form.querySelector("button").setAttribute("aria-disabled", String(Boolean(main)));
    document.getElementById("note-field").hidden = !missing;
    document.getElementById("note").required = missing > 0;
  }

  #savedWords(unsaved) {
    if (unsaved) return fill(this.words.unsaved, { count: unsaved });
    if (!this.sync.savedAt) return this.words.all_saved;
    const time = this.sync.savedAt.toTimeString().slice(0, 5);
    return fill(this.words.saved_at, { time });
  }

  #tick() {
    const minutes = Math.floor((new Date(this.clock.dataset.deadline) - Date.now()) / 60_000);
    if (minutes < 0) return;
    const left = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
    this.clock.textContent = this.words.comma + fill(left.days ? this.words.time_left : this.words.hours_left, left);
  }
}
