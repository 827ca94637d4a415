// What a typed number is and whether its column takes it: the server's own rules, in the server's own words.
const NUMBER = /^[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?$/;
const DIGITS = 16;

export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

const narrowed = (text) =>
  text.replace(/[０-９．，－％]/g, (sign) => (sign === "－" ? "-" : String.fromCharCode(sign.charCodeAt(0) - 0xfee0)));

// As the server writes it: no sign, separators or zeros that say nothing.
const plain = (typed) => {
  const negative = typed.startsWith("-");
  let [whole, decimals = ""] = typed.replace(/^[-+]/, "").replace(/[,%]/g, "").split(".");
  whole = whole.replace(/^0+(?=\d)/, "");
  decimals = decimals.replace(/0+$/, "");
  const value = decimals ? `${whole}.${decimals}` : whole;
  return negative && value !== "0" ? `-${value}` : value;
};

// What people write for yes and no, which are kept as 1 and 0.
const YES = ["1", "是", "yes", "y"];
const NO = ["0", "否", "no", "n"];

// {value} where the cell takes the text ("" is an empty cell), else {fault} in words. asked: its name, unit and bounds.
export const read = (text, asked, words) => {
  const typed = text.replace(/\s+/g, "");
  const fault = (key, more) => ({ fault: fill(words[key], { ...asked, metric: asked.name, ...more }) });
  if (!typed) return { value: "" };
  if (asked.unit === "yes_no") {
    const word = typed.toLowerCase();
    if (YES.includes(word)) return { value: "1" };
    return NO.includes(word) ? { value: "0" } : fault("yes_no", { text: typed });
  }
  const narrow = narrowed(typed);
  if (narrow !== typed && NUMBER.test(narrow)) return fault("wide", { text: typed, narrow });
  if (!NUMBER.test(typed)) return fault("words", { text: typed });
  if (typed.endsWith("%") && asked.unit !== "%") return fault("percent");
  const value = plain(typed);
  const [whole, decimals = ""] = value.replace("-", "").split(".");
  if (whole.length > DIGITS) return fault("long", { text: typed });
  if (Number(value) < Number(asked.lowest)) return fault("low", { text: value });
  if (asked.highest !== "" && Number(value) > Number(asked.highest)) return fault("high", { text: value });
  if (decimals.length > asked.decimals) return fault(asked.decimals ? "decimals" : "whole", { text: value });
  return { value };
};
