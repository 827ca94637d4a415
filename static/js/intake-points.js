// What a row's saved values yield: the total in its column, and its items in a card that opens from there.
export class PointsColumn {
  constructor(table) {
    this.cells = new Map([...table.tBodies[0].rows].map((tr) => [tr.dataset.no, tr.querySelector("td.pts")]));
    for (const td of this.cells.values()) {
      td?.querySelector("[popover]")?.addEventListener("toggle", (event) => event.newState === "open" && this.#place(td));
      td?.querySelector("button")?.addEventListener("keydown", (event) => this.#key(event, td));
    }
  }

  // Employee no. → points, as the server computes them; whoever is not named keeps theirs.
  take(points) {
    for (const [no, one] of Object.entries(points ?? {})) {
      const td = this.cells.get(no);
      const total = td?.querySelector("[data-total]");
      if (!total) continue;
      if (total.textContent !== one.told) td.classList.add("changed");
      total.textContent = one.told;
      td.querySelector("[data-grade]").textContent = one.grade;
      td.querySelectorAll("dd > span").forEach((place, at) => { place.textContent = one.items[at] || "—"; });
    }
  }

  // Under its button, or over it where there is no room.
  #place(td) {
    const card = td.querySelector("[popover]");
    const at = td.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const below = at.bottom + 4 + height < innerHeight;
    card.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
    card.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - height)}px`;
  }

  #key(event, td) {
    const row = td.closest("tr");
    const to = {
      ArrowLeft: () => [...row.querySelectorAll("td[data-metric] input")].at(-1),
      ArrowUp: () => row.previousElementSibling?.querySelector(".pts button"),
      ArrowDown: () => row.nextElementSibling?.querySelector(".pts button"),
    }[event.key]?.();
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
}
