// One cell: what the server has of it, what is typed, and what is the matter. It shows each state, and shows it without colour.
import { fill, read } from "./intake-numbers.js";
import { button, element } from "./intake-page.js";

export class Cell {
  constructor(td, at, column, words) {
    Object.assign(this, { td, column, words, input: td.querySelector("input"), row: at.row, place: at.place });
    const person = td.parentElement;
    this.no = person.dataset.no;
    this.person = person.dataset.name;
    this.metric = column.metric;
    this.owed = "owed" in td.dataset;
    const { l: name, unit, lowest, highest, decimals } = td.dataset;
    this.asked = { name, unit, lowest, highest, decimals: Number(decimals) };
    this.known = this.text = this.#kept(this.input.value);
    this.fault = "";
    this.theirs = null;
    this.stamp = 0;
    if (this.flips) this.#flipper();
  }

  // Whether it is yes or no: kept as 1 and 0, shown in words, turned with one key.
  get flips() {
    return this.asked.unit === "yes_no";
  }

  get shown() {
    return this.says(this.text);
  }

  says(value) {
    return this.flips ? ({ 1: this.words.yes, 0: this.words.no }[value] ?? value) : value;
  }

  // Whether something stands in the field that is not yet the cell's.
  get typing() {
    return document.activeElement === this.input && this.input.value !== this.shown;
  }

  takes(text) {
    return this.#kept(text) !== this.text;
  }

  #kept(text) {
    return (this.flips && read(text, this.asked, this.words).value) || text.trim();
  }

  // For the pointer; keys and readers have the field, which says the state in words.
  #flipper() {
    this.td.classList.add("flips");
    this.td.append(element("span", { class: "flip", "aria-hidden": "true" }));
    this.td.dataset.state = this.text;
  }

  get id() {
    return `${this.no}\n${this.metric}`;
  }

  get name() {
    return `${this.person} · ${this.asked.name}`;
  }

  get value() {
    return read(this.text, this.asked, this.words).value;
  }

  get state() {
    if (this.theirs) return "conflict";
    if (this.fault) return "invalid";
    return this.value === this.known ? "clean" : "typed";
  }

  get filled() {
    return this.text !== "" && !this.fault;
  }

  get missing() {
    return this.owed && this.text === "";
  }

  // The text holds from here on; whether it is well is known at once.
  write(text) {
    this.text = this.#kept(text);
    this.input.value = this.shown;
    this.fault = read(this.text, this.asked, this.words).fault ?? "";
    this.td.classList.remove("fresh");
    if (this.theirs && this.value === this.theirs.value) this.settle(this.theirs.value);
    this.show();
  }

  // What the server has now. What was typed since it was sent stays, also where it is what stood there before.
  settle(value) {
    const same = this.value === value;
    this.known = value;
    this.theirs = null;
    if (same) this.text = value;
    if (same && document.activeElement !== this.input) this.input.value = this.shown;
    this.td.classList.remove("prefilled");
    this.show();
  }

  // Somebody else's value came; nothing of one's own stood here.
  take(value, who) {
    this.known = this.text = value;
    this.input.value = this.shown;
    this.fault = "";
    this.td.classList.remove("prefilled");
    this.td.classList.add("fresh");
    this.td.title = who;
    this.show();
  }

  show() {
    const state = this.state;
    const wrong = state === "invalid" || state === "conflict";
    if (this.flips) this.td.dataset.state = this.fault ? "" : this.text;
    this.td.classList.toggle("typed", state === "typed");
    this.td.classList.toggle("invalid", wrong);
    this.td.classList.toggle("empty-cell", this.missing && !wrong);
    if (state !== "clean") this.td.classList.remove("prefilled");
    this.td.querySelector(".tip")?.remove();
    this.input.removeAttribute("aria-describedby");
    if (wrong) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    if (wrong) this.#tell(state === "conflict" ? this.#clash() : [this.fault]);
  }

  #tell(parts) {
    const tip = element("span", { class: "tip", id: `${this.td.id}-tip` }, ...parts);
    this.td.append(tip);
    this.input.setAttribute("aria-describedby", tip.id);
  }

  get clash() {
    const { value, who, at } = this.theirs;
    const said = { who: who || this.words.somebody, theirs: this.says(value) || this.words.nothing, at, mine: this.shown || this.words.nothing };
    return fill(who ? this.words.conflict : this.words.conflict_file, said);
  }

  #clash() {
    const choose = (value, mine) =>
      button(fill(this.words.use, { value: this.says(value) || this.words.nothing }), () =>
        this.td.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { cell: this, mine } })));
    return [this.clash, element("span", { class: "row" }, choose(this.theirs.value, false), choose(this.text, true))];
  }
}
