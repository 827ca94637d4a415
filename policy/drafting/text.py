"""Values inside a document's text: where they stand, and the text with another in their place. All else stays as it is.

Only ``readings`` and ``parameters`` are looked for. A document that is no YAML has none to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from policy.language import Faults
from policy.language.faults import Fault
from policy.language.load import Mapping as Tree
from policy.language.load import Scalar, load

#: What HR changes in a form, as paths below the name of a reading or a parameter.
FIELDS = ("value", "zh", "en")
_PATHS = {"value": ("value",), "zh": ("why", "zh"), "en": ("why", "en")}
SECTIONS = ("readings", "parameters")
#: Outside these a text is quoted; what a plain scalar may not hold depends on where it stands, so little is let through.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. %()<>=≥≤×÷+/")


@dataclass(frozen=True, slots=True)
class Place:
    """A scalar or a whole entry: indexes into the text, and its lines (from 1)."""

    start: int
    end: int
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A reading or a parameter as the text has it. ``fields`` holds the texts of ``FIELDS`` that are there as scalars;
    a value of several lines is changed in the text alone.
    """

    section: str
    name: str
    clause: str
    unit: str
    fields: Mapping[str, str]
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict)
    by_lines: bool = False

    def holds(self, fault: Fault) -> bool:
        return self.place.first_line <= fault.line <= self.place.last_line

    def field_of(self, fault: Fault) -> str:
        """At which of the fields a fault stands: the one whose lines hold it, else the value."""
        for name in ("zh", "en"):
            place = self.places.get(name)
            if place and place.first_line <= fault.line <= place.last_line and fault.column > 1:
                return name
        return "value"


def entries(text: str) -> list[Entry]:
    """Readings, then parameters, in the order of the text; empty where it is no YAML that a policy may be."""
    try:
        load(text)
    except Faults:
        return []
    root = _tree(text)
    found: list[Entry] = []
    for section in SECTIONS:
        part = root.get(section)
        if part is not None and part.children is not None:
            found += [_entry(section, name, node) for name, node in part.children.items() if node.children is not None]
    return found


def with_value(text: str, section: str, name: str, which: str, value: str) -> str:
    """The text in which one field of one entry says ``value``; an empty one takes the field away where it may be missing.

    Raises ``KeyError`` for an entry that the text does not have.
    """
    text = text.removeprefix("\ufeff")  # marks count without it
    entry = _tree(text)[section].children[name]  # type: ignore[index]
    path = _PATHS[which]
    node = entry
    for at, step in enumerate(path):
        inner = (node.children or {}).get(step)
        if inner is None:
            return _inserted(text, node, path[at:], value) if value else text
        node = inner
    if not value:
        return text[: node.entry_start] + text[_end_of_entry(text, node) :]
    old = text[node.start : node.end]
    return text[: node.start] + quoted(value) + ("\n" if old.endswith("\n") else "") + text[node.end :]


def quoted(value: str) -> str:
    """A value as a scalar that may stand anywhere: plain where that is safe, else between quotation marks."""
    one_line = " ".join(value.split())
    plain = one_line and set(one_line) <= _PLAIN and one_line[0].isalnum() and not one_line.endswith(":")
    if plain:
        return one_line
    return '"' + one_line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def shown(text: str, line: int, around: int = 1) -> list[tuple[int, str]]:
    """The line with those around it, numbered."""
    every = text.split("\n")
    first, last = max(1, line - around), min(len(every), line + around)
    return [(number, every[number - 1]) for number in range(first, last + 1)]


@dataclass(slots=True)
class _Node:
    """A node of the text with its indexes; ``entry_start`` is where the key of it stands."""

    start: int
    end: int
    first_line: int
    last_line: int
    value: str = ""
    flow: bool = False
    column: int = 0
    children: dict[str, _Node] | None = None
    sequence: bool = False
    entry_start: int = 0
    entry_line: int = 0


def _tree(text: str) -> dict[str, _Node]:
    """The root's entries. The parser's marks count in characters of the text without its byte-order mark."""
    events = iter(YAML(typ="safe", pure=True).parse(text.removeprefix("\ufeff")))
    try:
        for event in events:
            if type(event).__name__ == "MappingStartEvent":
                return _node(event, events).children or {}
    except YAMLError:
        return {}
    return {}


def _node(event: Any, events: Iterator[Any]) -> _Node:
    start, end = event.start_mark, event.end_mark
    sort = type(event).__name__
    if sort == "ScalarEvent":
        last = end.line if end.column or end.line == start.line else end.line - 1
        return _Node(start.index, end.index, start.line + 1, last + 1, event.value, column=start.column)
    flow = bool(event.flow_style)
    node = _Node(start.index, end.index, start.line + 1, end.line + 1, flow=flow, column=start.column)
    if sort == "SequenceStartEvent":
        node.sequence = True
        _until_end(node, events, "SequenceEndEvent")
        return node
    node.children = {}
    for key in events:
        if type(key).__name__ == "MappingEndEvent":
            node.end = key.end_mark.index if flow else node.end
            break
        child = _node(next(events), events)
        child.entry_start, child.entry_line = key.start_mark.index, key.start_mark.line + 1
        node.children[key.value] = child
        node.end, node.last_line = child.end, child.last_line
    return node


def _until_end(node: _Node, events: Iterator[Any], end: str) -> None:
    for event in events:
        if type(event).__name__ == end:
            node.end, node.last_line = max(node.end, event.end_mark.index), node.last_line
            return
        inner = _node(event, events)
        node.end, node.last_line = inner.end, inner.last_line


def _entry(section: str, name: str, node: _Node) -> Entry:
    children = node.children or {}
    texts: dict[str, str] = {}
    places: dict[str, Place] = {}
    for which, path in _PATHS.items():
        found: _Node | None = node
        for step in path:
            found = (found.children or {}).get(step) if found else None
        if found is not None and found.children is None and not found.sequence:
            texts[which] = found.value.strip()
            places[which] = Place(found.start, found.end, found.first_line, found.last_line)
    value = children.get("value")
    return Entry(
        section=section,
        name=name,
        clause=children["clause"].value if "clause" in children else "",
        unit=children["unit"].value if "unit" in children else "",
        fields=texts,
        place=Place(node.entry_start, node.end, node.entry_line, node.last_line),
        places=places,
        by_lines=value is not None and value.sequence,
    )


def _inserted(text: str, node: _Node, path: tuple[str, ...], value: str) -> str:
    """A new first entry of a mapping; ``why`` is written with both its languages."""
    said = quoted(value)
    new = f"{path[0]}: {said}" if len(path) == 1 else f"{path[0]}: {{{path[1]}: {said}}}"
    if node.flow:
        at = node.start + 1
        return f"{text[:at]}{new}, {text[at:]}"
    return f"{text[: node.start]}{new}\n{' ' * node.column}{text[node.start :]}"


def _end_of_entry(text: str, node: _Node) -> int:
    """Behind an entry that goes: its comma in a flow mapping, the rest of its line and the next one's margin in a block."""
    end = node.end
    rest = text[end:]
    blank = len(rest) - len(rest.lstrip(" "))
    if rest[blank : blank + 1] == ",":
        return end + blank + 1 + (1 if rest[blank + 1 : blank + 2] == " " else 0)
    newline = text.find("\n", end)
    if newline < 0 or text[end:newline].strip():
        return end
    line_start = text.rfind("\n", 0, node.entry_start) + 1
    margin = node.entry_start - line_start
    following = text[newline + 1 : newline + 1 + margin]
    return newline + 1 + margin if following.strip() == "" and len(following) == margin else newline + 1


def title_and_key(text: str) -> tuple[str, Scalar | None]:
    """The key that a document gives itself, empty where it gives none, and where it stands. Raises ``Faults``."""
    tree = load(text)
    found = (
        next((value for key, value in tree.entries if key.text == "policy"), None) if isinstance(tree, Tree) else None
    )
    return (found.text.strip(), found) if isinstance(found, Scalar) else ("", None)
