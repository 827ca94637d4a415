// What is typed and not saved yet stays in this browser, under the account and the month, until it is saved or signed out.
export class Drafts {
  constructor(account, month) {
    this.key = `intake:${account}:${month}`;
    try {
      this.held = JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      this.held = {};
    }
  }

  // Another tab of the same account may hold cells of its own: only the cell at hand is written.
  #change(write) {
    try {
      const stored = JSON.parse(localStorage.getItem(this.key)) ?? {};
      write(stored);
      this.held = stored;
      if (Object.keys(stored).length) localStorage.setItem(this.key, JSON.stringify(stored));
      else localStorage.removeItem(this.key);
    } catch {
      write(this.held); // no storage here: it lasts as long as the page
    }
  }

  keep(id, draft) {
    this.#change((held) => { held[id] = draft; });
  }

  drop(id) {
    if (id in this.held) this.#change((held) => { delete held[id]; });
  }

  entries() {
    return Object.entries(this.held);
  }
}
