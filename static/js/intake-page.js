// Small parts of a page, built without markup in strings.
export const element = (tag, attributes, ...children) => {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  found.append(...children);
  return found;
};

export const button = (words, act, look = "btn") => {
  const found = element("button", { type: "button", class: look }, words);
  found.addEventListener("click", act);
  return found;
};

export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "ico");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
};

// Notices by name: the same again replaces the one before.
export class Notices {
  constructor(place) {
    this.place = place;
    this.shown = new Map();
  }

  say(name, look, parts, ...acts) {
    const text = element("p", {}, ...parts);
    const notice = element("div", { class: `notice ${look}` }, icon(look === "unmet" ? "alert" : "info"), text);
    if (acts.length) notice.append(element("span", { class: "act row" }, ...acts));
    this.shown.get(name)?.remove();
    this.shown.set(name, notice);
    this.place.append(notice);
  }

  drop(name) {
    this.shown.get(name)?.remove();
    this.shown.delete(name);
  }
}
