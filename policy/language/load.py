"""YAML text → a tree of strings with places.

Built from the parser's events, not by a loader: every scalar stays text (``no``, ``010``, ``1e3`` are what they
look like), and anchors, aliases, tags, directives, keys twice, depth and size are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from policy.language.faults import At, Collector, Fault, Faults

MAX_BYTES = 64 * 1024
MAX_NESTING = 12


@dataclass(frozen=True)
class Scalar:
    """Text of one scalar and where its first character stands."""

    text: str
    at: At


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple[Tree, ...]
    at: At


@dataclass(frozen=True)
class Mapping:
    """A mapping; keys are scalars and unique."""

    entries: tuple[tuple[Scalar, Tree], ...]
    at: At


Tree = Scalar | Sequence | Mapping


@lru_cache(maxsize=16)
def load(text: str) -> Tree:
    """The tree of one document, which nobody changes: publishing, naming and judging read the same text. Raises ``Faults``."""
    text = text.removeprefix("\ufeff")
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Faults([Fault(1, 1, "文件不能超过 64 KB", "a document has at most 64 KB")])
    collector = Collector()
    try:
        events = list(_safe_events(text, collector))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        raise Faults([Fault(line, column, "有不允许的字符", "a character is not allowed")]) from None
    except MarkedYAMLError as error:
        raise Faults([*collector.faults, _broken(error)]) from None
    except YAMLError:  # pragma: no cover - every error of the parser that we know of is one of the two above
        raise Faults([Fault(1, 1, "不是有效的 YAML", "this is not valid YAML")]) from None
    collector.raise_any()
    tree = _build(iter(events), collector) if events else None
    collector.raise_any()
    if not isinstance(tree, Mapping):
        raise Faults([Fault(1, 1, "制度文件应为键与值的映射", "a policy is a mapping of keys to values")])
    return tree


def _broken(error: MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    what = error.problem or "not valid"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Fault(line, column, f"不是有效的 YAML({what})", f"this is not valid YAML ({what})")


def _at(event: Any) -> At:
    return At(event.start_mark.line + 1, event.start_mark.column + 1)


_REFUSED = {
    "alias": ("不允许引用(*)", "aliases (*) are not allowed"),
    "anchor": ("不允许锚点(&)", "anchors (&) are not allowed"),
    "tag": ("不允许类型标签(!)", "tags (!) are not allowed"),
    "directive": ("不允许 YAML 指令(%)", "directives (%) are not allowed"),
    "deep": (f"嵌套不能超过 {MAX_NESTING} 层", f"nesting is at most {MAX_NESTING} deep"),
    "second": ("一个文件只能有一份制度", "a file holds one document"),
}


def _safe_events(text: str, collector: Collector) -> Iterator[Any]:
    """Events of the content, with whatever is refused noted; stops at nesting that is too deep."""
    depth = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        sort = type(event).__name__
        if sort == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                collector.add(_at(event), *_REFUSED["second"])
                return
            if event.version or event.tags:
                collector.add(_at(event), *_REFUSED["directive"])
        if sort == "AliasEvent":
            collector.add(_at(event), *_REFUSED["alias"])
            continue
        if getattr(event, "anchor", None):
            collector.add(_at(event), *_REFUSED["anchor"])
        if getattr(event, "tag", None):
            collector.add(_at(event), *_REFUSED["tag"])
        depth += sort.endswith("StartEvent") - sort.endswith("EndEvent")
        if depth > MAX_NESTING + 2:  # the stream and the document are two
            collector.add(_at(event), *_REFUSED["deep"])
            return
        if sort in ("ScalarEvent", "MappingStartEvent", "MappingEndEvent", "SequenceStartEvent", "SequenceEndEvent"):
            yield event


def _build(events: Iterator[Any], collector: Collector) -> Tree | None:
    """The next whole value; None at the end of the mapping or list that holds it."""
    event = next(events)
    sort = type(event).__name__
    if sort.endswith("EndEvent"):
        return None
    at = _at(event)
    if sort == "ScalarEvent":
        return Scalar(event.value, At(at.line, at.column + 1) if event.style in ("'", '"') else at)
    if sort == "SequenceStartEvent":
        items: list[Tree] = []
        while (item := _build(events, collector)) is not None:
            items.append(item)
        return Sequence(tuple(items), at)
    entries: dict[str, tuple[Scalar, Tree]] = {}
    while (key := _build(events, collector)) is not None:
        value = cast(Tree, _build(events, collector))  # after a key there is a value
        if not isinstance(key, Scalar):
            collector.add(key.at, "键必须是文字", "a key must be text")
        elif key.text in entries:
            first = entries[key.text][0].at.line
            collector.add(
                key.at, f"`{key.text}` 在第 {first} 行已经写过", f"`{key.text}` stands already in line {first}"
            )
        else:
            entries[key.text] = (key, value)
    return Mapping(tuple(entries.values()), at)
