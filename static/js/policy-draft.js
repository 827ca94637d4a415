// The text of a draft: a fault leads to its place, the numbers follow what is typed.
"use strict";
{
  const area = document.querySelector(".editor textarea");
  const numbers = document.querySelector(".editor .numbers");

  const count = () => {
    const lines = area.value.split("\n").length;
    area.rows = lines + 1;
    while (numbers.children.length > lines) numbers.lastChild.remove();
    while (numbers.children.length < lines) {
      const item = document.createElement("li");
      item.id = `L${numbers.children.length + 1}`;
      item.textContent = String(numbers.children.length + 1);
      numbers.append(item);
    }
  };

  const goTo = (line, column) => {
    const lines = area.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    // columns count in characters, positions in the area in code units
    const at = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
    area.focus({ preventScroll: true });
    area.setSelectionRange(at, at);
    document.getElementById(`L${line}`)?.scrollIntoView({ block: "center" });
  };

  area.addEventListener("input", count);
  for (const link of document.querySelectorAll("[data-line]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(Number(link.dataset.line), Number(link.dataset.column));
    });
  const asked = /^#L(\d+)$/.exec(location.hash);
  if (asked) goTo(Number(asked[1]), 1);
  else {
    const first = document.querySelector(".fault-list [data-line]");
    if (first) document.getElementById(`L${first.dataset.line}`)?.scrollIntoView({ block: "center" });
  }
}
