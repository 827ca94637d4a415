// Cells go to the server as they are left, what others entered comes back, and a lost connection costs nothing.
const SOON = 120;
const POLL = 10_000;
const WAITS = [2_000, 4_000, 8_000, 15_000, 30_000];
const MOST = 500;

export class Sync {
  // told: answered(cell, answer), changed(list of cells, since), points(by employee no.), state() after each change of what is
  // pending, refused(message).
  constructor(section, told) {
    Object.assign(this, { cellsAt: section.dataset.cells, changesAt: section.dataset.changes, told });
    this.writes = "writes" in section.dataset;
    this.pending = new Map();
    this.sending = new Map();
    this.failures = 0;
    this.offline = this.signedOut = false;
    this.savedAt = null;
    addEventListener("online", () => this.#again());
    addEventListener("offline", () => this.#lost());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#again();
    });
    setInterval(() => this.poll(), POLL);
    this.poll();
  }

  get unsaved() {
    return new Set([...this.pending.keys(), ...this.sending.keys()]).size;
  }

  // A cell's value waits to be sent; a later one of the same cell replaces it.
  put(cell, value) {
    this.pending.set(cell, value);
    this.told.state();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.failures ? this.#wait() : SOON);
  }

  forget(cell) {
    if (this.pending.delete(cell)) this.told.state();
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.sending.size || !this.pending.size || !this.writes) return;
    for (const [cell, value] of [...this.pending].slice(0, MOST)) {
      this.sending.set(cell, value);
      this.pending.delete(cell);
    }
    this.told.state();
    const sent = new Map(this.sending);
    const cells = [...sent].map(([cell, value]) => ({
      employee_no: cell.no, metric: cell.metric, value: value || null, seen: cell.known || null,
    }));
    const reason = document.getElementById("reason")?.value ?? "";
    const reply = await this.#ask(this.cellsAt, { method: "POST", body: JSON.stringify({ cells, reason }) });
    this.sending.clear();
    if (!reply) return this.#back(sent);
    this.savedAt = new Date();
    const byName = new Map([...sent.keys()].map((cell) => [`${cell.no}\n${cell.metric}`, cell]));
    this.told.points(reply.points);
    for (const answer of reply.answers) this.told.answered(byName.get(`${answer.employee_no}\n${answer.metric}`), answer);
    this.told.state();
    if (this.pending.size) this.flush();
  }

  async poll() {
    if (document.visibilityState !== "visible" || this.signedOut || this.polling) return;
    this.polling = true;
    const headers = this.tag ? { "If-None-Match": this.tag } : {};
    const since = performance.now();
    const reply = await this.#ask(this.changesAt, { headers });
    this.polling = false;
    if (reply?.cells) this.told.changed(reply.cells, since);
    if (reply?.points) this.told.points(reply.points);
    if (reply && this.pending.size && !this.sending.size) this.flush();
  }

  // What could not be sent waits on, unless something newer was typed meanwhile.
  #back(sent) {
    for (const [cell, value] of sent) if (!this.pending.has(cell)) this.pending.set(cell, value);
    this.told.state();
    if (this.signedOut) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.#wait());
  }

  #wait() {
    return WAITS[Math.min(this.failures, WAITS.length) - 1] ?? SOON;
  }

  #again() {
    this.failures = 0;
    this.signedOut = false;
    this.flush();
    this.poll();
  }

  #lost() {
    this.offline = true;
    this.failures = Math.max(1, this.failures);
    this.told.state();
  }

  // The answer, or null where none came: offline, signed out, refused as a whole.
  async #ask(address, options, once = true) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.#token, ...options.headers };
    let reply;
    try {
      reply = await fetch(address, { ...options, headers, credentials: "same-origin", redirect: "manual", cache: "no-store" });
    } catch {
      this.failures += 1;
      this.#lost();
      return null;
    }
    if (reply.status >= 500) {
      this.failures += 1;
      this.#lost();
      return null;
    }
    this.offline = false;
    this.failures = 0;
    if (reply.status === 304) return {};
    const json = reply.headers.get("Content-Type")?.includes("json");
    if (reply.status === 403 && !json && once && (await this.#renew())) return this.#ask(address, options, false);
    if (reply.status === 401 || !json) {
      this.signedOut = true;
      this.told.state();
      return null;
    }
    const answer = await reply.json();
    if (!reply.ok) {
      this.failures += 1;
      this.told.refused(answer.message);
      return null;
    }
    this.tag = reply.headers.get("ETag") ?? this.tag;
    this.told.state();
    return answer;
  }

  get #token() {
    return document.querySelector("#token input").value;
  }

  // Signed in again in another window: this page's token belongs to the sign-in before.
  async #renew() {
    const page = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    const field = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#token input");
    if (field) document.querySelector("#token input").value = field.value;
    return Boolean(field);
  }
}
