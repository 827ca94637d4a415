// On a phone one person at a time: the same cells of the same table, one row of it shown.
import { fill } from "./intake-numbers.js";

export class ByPerson {
  constructor(section, grid, words) {
    Object.assign(this, { section, grid, words, at: 0, asked: "one" });
    this.phone = matchMedia("(max-width: 719px)");
    this.rows = [...grid.table.tBodies[0].rows];
    this.turn = section.querySelector(".turn");
    this.next = section.querySelector(".next-gap");
    for (const one of section.querySelectorAll("[data-view]"))
      one.addEventListener("click", () => { this.asked = one.dataset.view; this.draw(); });
    for (const one of section.querySelectorAll("[data-turn]"))
      one.addEventListener("click", () => this.show((this.at + Number(one.dataset.turn) + this.rows.length) % this.rows.length));
    this.next.addEventListener("click", () => {
      this.show(Number(this.next.dataset.row));
      grid.focus(grid.rows[this.at].find((cell) => cell.missing) ?? grid.rows[this.at][0]);
    });
    this.phone.addEventListener("change", () => this.draw());
    grid.table.addEventListener("focusout", () => this.draw());
    this.show(Math.max(0, grid.rows.findIndex((row) => row.some((cell) => cell.missing))));
  }

  show(row) {
    this.at = row;
    this.draw();
  }

  draw() {
    const one = this.phone.matches && this.asked === "one" && this.rows.length > 0;
    const pick = this.section.querySelector(".pick");
    pick.hidden = !this.phone.matches;
    for (const choice of pick.children) choice.setAttribute("aria-pressed", String(choice.dataset.view === this.asked));
    this.section.classList.toggle("by-person", one);
    this.turn.hidden = !one;
    this.rows.forEach((tr, row) => tr.classList.toggle("at", row === this.at));
    if (!one) {
      this.next.hidden = true;
      return;
    }
    const head = this.rows[this.at].querySelector("th");
    this.turn.querySelector("h2").replaceChildren(...[...head.childNodes].map((node) => node.cloneNode(true)));
    this.turn.querySelector("span.small").textContent = fill(this.words.position, { at: this.at + 1, all: this.rows.length });
    const order = this.rows.map((_tr, step) => (this.at + step + 1) % this.rows.length);
    const lacking = order.find((row) => row !== this.at && this.grid.rows[row].some((cell) => cell.missing));
    this.next.hidden = lacking === undefined;
    if (lacking === undefined) return;
    this.next.dataset.row = lacking;
    this.next.textContent = fill(this.words.next_gap, { name: this.rows[lacking].dataset.name });
  }
}
