// Rows of the form for events: another one when the last is used, and rows copied from a table by pasting.
import { parse } from "./intake-block.js";

const FIELDS = ["person", "kind", "day", "subject", "quantity", "note"];
const rows = document.getElementById("rows");
const more = document.getElementById("more-rows");

const field = (row, name) => row.querySelector(`[name=${name}]`);

// What subject and quantity mean depends on the kind.
const label = (row) => {
  const chosen = field(row, "kind").selectedOptions[0];
  for (const name of ["subject", "quantity"]) field(row, name).placeholder = chosen?.dataset[name] ?? "";
};

const add = () => {
  const row = rows.rows[0].cloneNode(true);
  for (const fault of row.querySelectorAll(".error")) fault.remove();
  for (const one of row.querySelectorAll("input, select")) {
    one.value = "";
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-describedby");
  }
  rows.append(row);
  label(row);
  return row;
};

const choose = (select, text) => {
  const option = [...select.options].find((one) => [one.value, one.dataset.zh, one.dataset.en].includes(text) && text);
  if (option) select.value = option.value;
  return Boolean(option) || !text;
};

const paste = (event) => {
  const cells = parse(event.clipboardData.getData("text/plain"));
  if (cells.length === 1 && cells[0].length === 1) return;
  event.preventDefault();
  let at = [...rows.rows].indexOf(event.target.closest("tr"));
  const first = FIELDS.indexOf(event.target.name);
  for (const texts of cells) {
    const row = rows.rows[at] ?? add();
    texts.slice(0, FIELDS.length - first).forEach((text, step) => {
      const name = FIELDS[first + step];
      if (name !== "kind") field(row, name).value = text;
      else if (!choose(field(row, name), text)) {
        const unknown = new Option(text, text, true, true);
        field(row, name).add(unknown);
      }
    });
    label(row);
    at += 1;
  }
  if (at === rows.rows.length) add();
};

if (rows) {
  more.hidden = false;
  more.addEventListener("click", () => field(add(), "person").focus());
  rows.addEventListener("paste", paste);
  // While one types, not when one leaves: the button must not move away under the pointer.
  rows.addEventListener("input", (event) => {
    const row = event.target.closest("tr");
    if (event.target.name === "kind") label(row);
    if (row === rows.rows[rows.rows.length - 1]) add();
  });
  for (const row of rows.rows) label(row);
}
