"""Which key may stand where: one table, and the walk that holds a document to it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from policy.catalogue import Key
from policy.language.faults import At, Collector
from policy.language.load import MAX_BYTES, Mapping, Scalar, Sequence, Tree

# sort of value: text, key, names {zh, en}, expr (a scalar or a list of lines), texts (a list of scalars),
# rules (key → expr), sheet (a word, or key → mark), <shape> (one mapping), [<shape>] (a list of them),
# {<shape>} (key → mapping). "!" = required.
SHAPES: dict[str, dict[str, str]] = {
    "policy": {
        "policy": "key!", "title": "names!", "in_force": "text", "approved_by": "key!", "lost": "[lost]",
        "texts": "[passage]", "readings": "{reading}", "parameters": "{parameter}", "applies": "applies",
        "inputs": "{input}", "intake": "intake", "ladder": "ladder", "scorecard": "scorecard", "cases": "[case]",
        "pay": "{pay}", "review": "review", "process": "{process}",
    },
    "lost": {"clause": "text!", "zh": "text!", "en": "text!"},
    "passage": {"clause": "text!", "title": "names!", "text": "text!", "en": "text"},
    "reading": {"value": "expr!", "clause": "text!", "why": "names!"},
    "parameter": {"unit": "text!", "clause": "text!", "value": "text", "why": "names"},
    "applies": {"clause": "text!", "text": "text!", "en": "text", "rule": "expr!"},
    "input": {"unit": "text!", "zh": "text!", "en": "text!", "lo": "text", "hi": "text"},
    "intake": {"from": "text!", "to": "text!", "clause": "text!"},
    "ladder": {"tiers": "[tier]!", "every_step": "[clause]", "promotions": "[step]!",
               "demotions": "[clause]", "checks": "[check]"},
    "tier": {"key": "key!", "zh": "text!", "en": "text!"},
    "step": {"from": "key!", "to": "key!", "process": "texts", "require": "[clause]!"},
    "clause": {"clause": "text!", "text": "text!", "en": "text", "attest": "key", "rules": "rules"},
    "check": {"case": "key!", "clause": "text!", "text": "text!", "en": "text", "every": "text!", "after": "key!"},
    "scorecard": {"total": "key", "items": "{item}", "grade": "expr", "grades": "{word}",
                  "stars": "expr", "clause": "text", "text": "text",
                  "en": "text", "note": "names"},
    "word": {"zh": "text!", "en": "text!"},
    "item": {"of": "text!", "score": "expr!", "clause": "text!", "text": "text!", "zh": "text", "en": "text", "gloss": "text"},
    "case": {"case": "key!", "clause": "text!", "text": "text", "en": "text", "when": "expr", "top": "expr", "restart": "text",
             "every": "key", "for": "key"},
    "pay": {"amount": "expr!", "clause": "text!", "text": "text!", "en": "text", "needs": "key", "on": "key"},
    "review": {"items": "{criterion}!"},
    "process": {"clause": "text!", "text": "text", "en": "text", "owner": "key", "days": "text", "asks": "texts",
                "panel": "text", "sheet": "sheet", "bar": "text", "aggregate": "key"},
    "mark": {"of": "text!", "text": "text", "clause": "text", "zh": "text", "en": "text"},
    "criterion": {"of": "text!", "text": "text!", "clause": "text", "zh": "text", "en": "text"},
}  # fmt: skip


#: What is kept beside the document, or stands in a heading.
LONGEST = {"clause": 60}


@dataclass
class Section:
    """A mapping of one shape; what is missing or broken reads as empty, for its fault has been noted."""

    at: At
    scalars: dict[str, Scalar] = field(default_factory=dict)
    expressions: dict[str, list[Scalar] | Scalar] = field(default_factory=dict)
    texts: dict[str, list[Scalar]] = field(default_factory=dict)
    one: dict[str, Section] = field(default_factory=dict)
    many: dict[str, list[Section]] = field(default_factory=dict)
    keyed: dict[str, dict[Key, Section]] = field(default_factory=dict)
    rules: dict[Key, tuple[At, list[Scalar] | Scalar]] = field(default_factory=dict)
    key_at: At | None = None
    """Where the key stands that the section is kept under, if it is."""

    def text(self, name: str) -> str:
        """A text, empty where there is none."""
        found = self.scalars.get(name)
        return found.text.strip() if found else ""

    def place(self, name: str) -> At:
        """Where a text stands; the section itself where there is none."""
        found = self.scalars.get(name)
        return found.at if found else self.at


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return found[0] if found else None


def key_of(scalar: Scalar, collector: Collector) -> Key | None:
    """A checked key, or None with a fault."""
    try:
        return Key(scalar.text)
    except ValueError:
        shown = scalar.text[:40].replace("\n", " ")
        collector.add(scalar.at, f"`{shown}` 不是键(小写字母开头,只含小写字母、数字、_ 和 -)",
                      f"`{shown}` is not a key (a lower-case letter, then lower-case letters, digits, _ or -)")  # fmt: skip
        return None


def shaped(tree: Tree, shape: str, collector: Collector) -> Section:
    """The section that a mapping makes; everything that does not fit the table is a fault."""
    section = Section(tree.at)
    if not isinstance(tree, Mapping):
        collector.add(tree.at, "这里应为键与值的映射", "a mapping is expected here")
        return section
    table = SHAPES[shape]
    seen = set()
    for key, value in tree.entries:
        sort = table.get(key.text)
        if sort is None:
            near = nearest(key.text, table)
            collector.add(key.at, f"这里没有 `{key.text}` 这个键",
                          f"`{key.text}` may not stand here", near)  # fmt: skip
            continue
        seen.add(key.text)
        _Filler(section, collector).fill(key.text, sort.rstrip("!"), value)
    for name, sort in table.items():
        if sort.endswith("!") and name not in seen:
            collector.add(tree.at, f"缺少 `{name}`", f"`{name}` is missing")
    return section


class _Filler:
    """Puts one value into a section by its sort."""

    def __init__(self, section: Section, collector: Collector) -> None:
        self.section, self.collector = section, collector

    def fill(self, name: str, sort: str, value: Tree) -> None:
        if sort in ("text", "key"):
            self._scalar(name, sort, value)
        elif sort == "names":
            self.section.one[name] = self._names(value)
        elif sort == "expr":
            found = self._expression(value)
            if found is not None:
                self.section.expressions[name] = found
        elif sort == "texts":
            self.section.texts[name] = self._texts(value)
        elif sort == "rules":
            self._rules(value)
        elif sort == "sheet" and isinstance(value, Scalar):
            self._scalar(name, "text", value)
        elif sort == "sheet":
            self.fill(name, "{mark}", value)
        elif sort.startswith("["):
            self._list(name, sort[1:-1], value)
        elif sort.startswith("{"):
            places = {key.text: key.at for key, _ in value.entries} if isinstance(value, Mapping) else {}
            self.section.keyed[name] = {
                key: shaped(inner, sort[1:-1], self.collector) for key, inner in self._keyed(value)
            }
            for key, inner in self.section.keyed[name].items():
                inner.key_at = places[key]
        else:
            self.section.one[name] = shaped(value, sort, self.collector)

    def _scalar(self, name: str, sort: str, value: Tree) -> None:
        if not isinstance(value, Scalar):
            self.collector.add(value.at, f"`{name}` 应为文字", f"`{name}` must be text")
        elif not value.text.strip():
            self.collector.add(value.at, f"`{name}` 不能为空", f"`{name}` may not be empty")
        elif len(value.text) > (longest := LONGEST.get(name, MAX_BYTES)):
            self.collector.add(
                value.at, f"`{name}` 最多 {longest} 个字符", f"`{name}` has at most {longest} characters"
            )
        elif sort == "text" or key_of(value, self.collector) is not None:
            self.section.scalars[name] = value

    def _names(self, value: Tree) -> Section:
        section = Section(value.at)
        if not isinstance(value, Mapping):
            self.collector.add(value.at, "应为 {zh: …, en: …}", "{zh: …, en: …} is expected")
            return section
        inner = _Filler(section, self.collector)
        for key, text in value.entries:
            if key.text in ("zh", "en"):
                inner._scalar(key.text, "text", text)
            else:
                self.collector.add(key.at, f"这里没有 `{key.text}` 这个键", f"`{key.text}` may not stand here")
        for name in ("zh", "en"):
            if name not in [key.text for key, _ in value.entries]:
                self.collector.add(value.at, f"缺少 `{name}`", f"`{name}` is missing")
        return section

    def _expression(self, value: Tree) -> list[Scalar] | Scalar | None:
        if isinstance(value, Mapping):
            self.collector.add(
                value.at, "应为表达式(含逗号时请加引号)", "an expression is expected (quote it if it holds a comma)"
            )
            return None
        return value if isinstance(value, Scalar) else self._texts(value)

    def _texts(self, value: Tree) -> list[Scalar]:
        if not isinstance(value, Sequence):
            self.collector.add(value.at, "应为列表", "a list is expected")
            return []
        good = [item for item in value.items if isinstance(item, Scalar) and item.text.strip()]
        if len(good) != len(value.items) or not good:
            self.collector.add(value.at, "列表的每一项应为文字", "every entry of the list must be text")
        return good

    def _list(self, name: str, shape: str, value: Tree) -> None:
        if not isinstance(value, Sequence):
            self.collector.add(value.at, f"`{name}` 应为列表", f"`{name}` must be a list")
            return
        self.section.many[name] = [shaped(item, shape, self.collector) for item in value.items]

    def _keyed(self, value: Tree) -> list[tuple[Key, Tree]]:
        if not isinstance(value, Mapping):
            self.collector.add(value.at, "这里应为键与值的映射", "a mapping is expected here")
            return []
        pairs = [(key_of(key, self.collector), inner) for key, inner in value.entries]
        return [(key, inner) for key, inner in pairs if key is not None]

    def _rules(self, value: Tree) -> None:
        places = {key.text: key.at for key, _ in value.entries} if isinstance(value, Mapping) else {}
        if isinstance(value, Mapping) and not value.entries:
            self.collector.add(value.at, "`rules` 不能为空", "`rules` may not be empty")
        for key, inner in self._keyed(value):
            found = self._expression(inner)
            if found is not None:
                self.section.rules[key] = (places[key], found)
