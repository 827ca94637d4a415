// The table as a spreadsheet: moving, typing over, blocks, copy and paste, undo. What a cell then holds is its owner's affair.
import { format, parse } from "./intake-block.js";
import { Cell } from "./intake-cell.js";

export class Grid {
  // told: wrote(cells, {held}), pasted(block), left(block), said(key, count)
  constructor(table, words, told) {
    Object.assign(this, { table, told, done: [], undone: [], mode: "move", anchor: null, head: null, block: null });
    this.columns = [...table.querySelectorAll("thead [data-metric]")].map((th) => ({ metric: th.dataset.metric, th }));
    this.rows = [...table.tBodies[0].rows].map((tr, row) =>
      [...tr.querySelectorAll("td[data-metric]")].map((td, place) => new Cell(td, { row, place }, this.columns[place], words)));
    this.cells = this.rows.flat();
    this.byInput = new Map(this.cells.map((cell) => [cell.input, cell]));
    this.byId = new Map(this.cells.map((cell) => [cell.id, cell]));
    const last = this.rows.length - 2;
    for (const cell of this.cells) {
      cell.td.classList.toggle("tip-up", cell.row > 2 && cell.row >= last);
      cell.td.classList.toggle("tip-left", cell.place < 2);
    }
  }

  // Entering begins: until here the table was for reading.
  open() {
    for (const cell of this.cells) cell.input.readOnly = false;
    const listen = (type, act) => this.table.addEventListener(type, (event) => {
      const cell = this.byInput.get(event.target) ?? this.byInput.get(event.target.closest?.("td")?.querySelector("input"));
      if (cell) act(event, cell);
    });
    listen("focusin", (event, cell) => event.target === cell.input && this.#enter(cell));
    listen("focusout", (event, cell) => event.target === cell.input && this.#leave(cell));
    listen("input", () => { if (this.mode === "move") this.mode = "type"; });
    listen("keydown", (event, cell) => event.target === cell.input && this.#key(event, cell));
    listen("click", (event, cell) => event.target.closest(".flip") && this.flip(cell));
    listen("dblclick", (_event, cell) => this.#edit(cell));
    listen("mousedown", (event, cell) => this.#press(event, cell));
    listen("mouseover", (event, cell) => this.#drag(event, cell));
    listen("paste", (event, cell) => event.target === cell.input && this.#paste(event, cell));
    listen("copy", (event) => this.#copy(event));
    listen("cut", (event) => { if (this.#copy(event)) this.clear(); });
    const waiting = this.byInput.get(document.activeElement);
    if (waiting) this.#enter(waiting);
  }

  at(row, place) {
    return this.rows[row]?.[place] ?? null;
  }

  // A step of the user's: what was before can be had again.
  step(changes, options = {}) {
    const real = changes.filter(({ cell, text }) => cell.takes(text));
    if (!real.length) return false;
    const kept = real.map(({ cell, text }) => ({ cell, before: cell.text, after: text.trim() }));
    this.done.push(kept);
    this.undone.length = 0;
    for (const { cell, after } of kept) cell.write(after);
    this.told.wrote(kept.map(({ cell }) => cell), options);
    return true;
  }

  undo() {
    this.#again(this.done, this.undone, "before", "undone");
  }

  redo() {
    this.#again(this.undone, this.done, "after", "redone");
  }

  #again(from, to, which, key) {
    const step = from.pop();
    if (!step) return this.told.said("nothing_to_undo", 0);
    to.push(step);
    this.frame(null);
    for (const change of step) change.cell.write(change[which]);
    this.told.wrote(step.map(({ cell }) => cell), {});
    this.told.said(key, step.length);
    this.focus(step[0].cell);
  }

  // Yes becomes no, anything else yes; of a block, all become what the first one does.
  flip(cell) {
    const text = cell.text === "1" ? "0" : "1";
    const among = this.selected.includes(cell) ? this.selected.filter((one) => one.flips) : [cell];
    this.mode = "move";
    this.step(among.map((one) => ({ cell: one, text })));
    cell.input.select();
    this.told.flipped(cell);
  }

  focus(cell) {
    if (!cell) return;
    cell.input.focus({ preventScroll: true });
    cell.td.scrollIntoView({ block: "nearest", inline: "nearest" });
    cell.input.select();
  }

  #enter(cell) {
    this.mode = "move";
    cell.input.select();
    if (!this.extending) this.select(cell, cell);
    if (this.block && !this.block.cells.includes(cell)) this.told.left();
  }

  #leave(cell) {
    this.step([{ cell, text: cell.input.value }]);
    this.mode = "move";
  }

  #edit(cell) {
    this.mode = "edit";
    const end = cell.input.value.length;
    cell.input.setSelectionRange(end, end);
  }

  // ---- Blocks of cells

  select(anchor, head) {
    for (const cell of this.selected ?? []) {
      cell.td.classList.remove("sel");
      cell.td.removeAttribute("aria-selected");
    }
    Object.assign(this, { anchor, head });
    this.selected = this.within(anchor, head);
    for (const cell of this.selected) {
      cell.td.setAttribute("aria-selected", "true");
      cell.td.classList.toggle("sel", this.selected.length > 1);
    }
  }

  within(a, b) {
    const [top, bottom] = [a.row, b.row].sort((x, y) => x - y);
    const [first, last] = [a.place, b.place].sort((x, y) => x - y);
    return this.rows.slice(top, bottom + 1).flatMap((row) => row.slice(first, last + 1));
  }

  #extend(down, right) {
    const found = this.#next(this.head, down, right);
    if (found) this.select(this.anchor, found);
  }

  #press(event, cell) {
    if (event.button !== 0) return;
    if (event.shiftKey && this.anchor) {
      event.preventDefault();
      this.select(this.anchor, cell);
    } else if (event.target !== cell.input && !event.target.closest(".tip")) {
      event.preventDefault();
      this.focus(cell);
    }
  }

  #drag(event, cell) {
    if (event.buttons !== 1 || !this.anchor || cell === this.head || this.mode !== "move") return;
    getSelection().removeAllRanges();
    this.select(this.anchor, cell);
  }

  clear() {
    this.step(this.selected.map((cell) => ({ cell, text: "" })));
    this.focus(this.anchor);
  }

  // ---- Keys

  #key(event, cell) {
    const command = event.ctrlKey || event.metaKey;
    const act = command ? this.#commands(event, cell) : this.#keys(event, cell);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #commands(event, cell) {
    if (this.mode !== "move" && event.key !== "Home" && event.key !== "End") return null;
    const key = event.key.toLowerCase();
    if (key === "z") return () => (event.shiftKey ? this.redo() : this.undo());
    if (key === "y") return () => this.redo();
    if (key === "a") return () => this.select(this.cells[0], this.cells[this.cells.length - 1]);
    if (key === "home") return () => this.focus(this.cells[0]);
    if (key === "end") return () => this.focus(this.cells[this.cells.length - 1]);
    if (key === "enter") return () => this.told.left();
    return null;
  }

  #keys(event, cell) {
    const moving = this.mode === "move";
    if (event.key === " " && cell.flips) return () => this.flip(cell);
    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const way = arrows[event.key];
    if (way && this.mode === "edit" && way[1]) return null;
    if (way && event.shiftKey && moving) return () => this.#extend(...way);
    if (way) return () => this.#go(cell, way);
    switch (event.key) {
      case "Enter": return () => this.#down(cell, event.shiftKey ? -1 : 1);
      case "Tab": return this.#along(cell, event.shiftKey ? -1 : 1);
      case "F2": return () => this.#edit(cell);
      case "Escape": return () => this.#restore(cell);
      case "Delete": return moving ? () => this.clear() : null;
      case "Backspace": return moving && this.selected.length > 1 ? () => this.clear() : null;
      case "Home": return this.mode === "edit" ? null : () => this.focus(this.rows[cell.row][0]);
      case "End": return this.mode === "edit" ? null : () => this.focus(this.rows[cell.row].at(-1));
      default: return null;
    }
  }

  // To the next cell that way; right of the last one are the points that the row yields.
  #go(cell, way) {
    const found = this.#next(cell, ...way);
    if (found) this.focus(found);
    else if (way[1] > 0) cell.td.closest("tr").querySelector(".pts button:enabled")?.focus();
  }

  // The next cell that way; people whose month does not count have none.
  #next(cell, down, right) {
    let { row, place } = cell;
    do {
      row += down;
      place += right;
      if (row < 0 || place < 0 || row >= this.rows.length || place >= this.columns.length) return null;
    } while (!this.at(row, place));
    return this.at(row, place);
  }

  // Down the column, then on at the head of the next one. In a pasted block Enter accepts it.
  #down(cell, way) {
    if (this.block?.cells.includes(cell) && this.mode === "move") return this.told.left();
    if (this.table.closest(".by-person")) return this.#along(cell, way)?.();
    const found = this.#next(cell, way, 0);
    const column = this.rows.map((row) => row[cell.place + way]).filter(Boolean);
    const beyond = way > 0 ? column[0] : column.at(-1);
    if (found ?? beyond) this.focus(found ?? beyond);
    else this.step([{ cell, text: cell.input.value }]);
  }

  // Beyond the last cell the key is the browser's again.
  #along(cell, way) {
    const found = this.cells[this.cells.indexOf(cell) + way];
    return found ? () => this.focus(found) : null;
  }

  #restore(cell) {
    if (this.mode !== "move") {
      cell.input.value = cell.shown;
      this.mode = "move";
    } else if (this.block) this.undo();
    else if (cell.state !== "clean" && !cell.theirs) this.step([{ cell, text: cell.known }]);
    cell.input.select();
  }

  // ---- The clipboard

  #copy(event) {
    if (this.mode !== "move") return false;
    const [top, bottom] = [this.anchor.row, this.head.row].sort((a, b) => a - b);
    const [first, last] = [this.anchor.place, this.head.place].sort((a, b) => a - b);
    const places = [...Array(last - first + 1).keys()].map((at) => first + at);
    const rows = this.rows.slice(top, bottom + 1).map((row) => places.map((place) => row[place]?.shown ?? ""));
    event.preventDefault();
    event.clipboardData.setData("text/plain", format(rows));
    return true;
  }

  #paste(event, cell) {
    if (this.mode === "edit") return;
    const rows = parse(event.clipboardData.getData("text/plain"));
    event.preventDefault();
    if (rows.length === 1 && rows[0].length === 1) {
      this.step(this.selected.map((one) => ({ cell: one, text: rows[0][0] })));
      return;
    }
    const [top, first] = [Math.min(this.anchor.row, this.head.row), Math.min(this.anchor.place, this.head.place)];
    this.paste(rows, top, first);
  }

  // Empty cells of a block leave what stands there: a sheet with gaps takes nothing back.
  paste(rows, top, first) {
    if (this.block) this.told.left();
    const changes = [];
    const skipped = { empty: 0, beyond: 0, exempt: 0 };
    rows.forEach((row, down) => row.forEach((text, right) => {
      const cell = this.at(top + down, first + right);
      if (text === "") skipped.empty += 1;
      else if (cell) changes.push({ cell, text });
      else if (top + down < this.rows.length && first + right < this.columns.length) skipped.exempt += 1;
      else skipped.beyond += 1;
    }));
    const before = this.mode;
    this.mode = "move";
    const cells = changes.map(({ cell }) => cell);
    const last = Math.min(first + Math.max(...rows.map((row) => row.length)), this.columns.length) - 1;
    const area = { top, first, last, bottom: Math.max(...cells.map((cell) => cell.row)) };
    if (!this.step(changes, { held: true })) this.mode = before;
    else this.frame({ ...area, cells });
    this.told.pasted({ rows: rows.length, columns: area.last - first + 1, cells, skipped });
  }

  // A pasted block wears a frame until it is saved or undone.
  frame(block) {
    for (const cell of this.block?.cells ?? []) cell.td.classList.remove("pasted", "p-top", "p-bot", "p-left", "p-right");
    this.block = block;
    for (const cell of block?.cells ?? []) {
      const at = { "p-top": cell.row === block.top, "p-bot": cell.row === block.bottom,
        "p-left": cell.place === block.first, "p-right": cell.place === block.last };
      cell.td.classList.add("pasted", ...Object.keys(at).filter((side) => at[side]));
    }
  }
}
