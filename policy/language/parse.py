"""Text of an expression → syntax tree, with the place of every part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token, Transformer, Tree, UnexpectedInput, v_args
from lark.exceptions import UnexpectedToken

from policy.language import nodes
from policy.language.faults import At, Fault, Faults
from policy.language.nodes import Node
from policy.language.words import FUNCTIONS_ZH, MAX_DEPTH, MAX_EXPRESSION, UNIT_WORDS

_SHOWN = {
    "NAME": ("名称", "a name"), "NUMBER": ("数字", "a number"), "DATE": ("日期", "a date"), "UNIT": ("单位", "a unit"),
    "NONE": ("none", "none"), "NOT": ("not", "not"), "SINCE": ("since", "since"), "MINUS": ("-", "minus"),
    "PLUS": ("+", "+"), "TIMES": ("*", "*"), "OVER": ("/", "/"), "GE": (">=", ">="), "LE": ("<=", "<="), "GT": (">", ">"),
    "LT": ("<", "<"), "EQ": ("=", "="), "NE": ("!=", "!="), "_IF": ("if", "if"), "_ELSE": ("else", "else"),
    "_OTHERWISE": ("otherwise", "otherwise"), "_OR": ("or", "or"), "_AND": ("and", "and"), "_IN": ("in", "in"),
    "_OPEN": ("(", "("), "_CLOSE": (")", ")"), "_COMMA": (",", ","), "_DOT": (".", "."), "_WHERE": ("where", "where"),
    "_BY": ("by", "by"), "$END": ("结尾", "the end"),
}  # fmt: skip


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="contextual", propagate_positions=True, start=["expr", "line"])


def parse(text: str, at: At = nodes.NOWHERE) -> Node:
    """One expression. Raises ``Faults`` with the one place that cannot be read."""
    return cast(Node, _parse(text, at, "expr"))


def parse_lines(lines: list[tuple[str, At]]) -> nodes.Lines:
    """Lines ``value if condition``; only the last ends in ``otherwise``. Raises ``Faults`` for all of them at once."""
    faults: list[Fault] = []
    read: list[tuple[Node, Node | None]] = []
    for index, (text, at) in enumerate(lines):
        try:
            pair = cast("tuple[Node, Node | None]", _parse(text, at, "line"))
        except Faults as found:
            faults += found.faults
            continue
        last = index == len(lines) - 1
        if (pair[1] is None) != last:
            zh = "最后一行要以 otherwise 结尾" if last else "otherwise 只能用在最后一行"
            en = "the last line must end in otherwise" if last else "only the last line may end in otherwise"
            faults.append(Fault(at.line, at.column, zh, en))
        read.append(pair)
    if faults:
        raise Faults(faults)
    return nodes.Lines(tuple(read), at=lines[0][1])


def _parse(text: str, at: At, start: str) -> Node | tuple[Node, Node | None]:
    if len(text) > MAX_EXPRESSION:
        raise _fault(
            at, f"表达式不能超过 {MAX_EXPRESSION} 个字符", f"an expression has at most {MAX_EXPRESSION} characters"
        )
    try:
        tree = _grammar().parse(text, start=start)
    except UnexpectedInput as unexpected:
        raise _unreadable(text, at, unexpected) from None
    if _too_deep(tree):
        raise _fault(at, "表达式嵌套过深", f"an expression is nested at most {MAX_DEPTH} deep")
    builder = _Builder(at, "\n" not in text)
    built: Node | tuple[Node, Node | None] = builder.transform(tree)
    if builder.faults:
        raise Faults(builder.faults)
    return built


def _too_deep(tree: Tree[Token]) -> bool:
    open_: list[tuple[Any, int]] = [(tree, 1)]
    while open_:
        node, depth = open_.pop()
        if depth > MAX_DEPTH:
            return True
        open_ += [(child, depth + 1) for child in getattr(node, "children", ())]
    return False


def _fault(at: At, zh: str, en: str) -> Faults:
    return Faults([Fault(at.line, at.column, zh, en)])


def _unreadable(text: str, at: At, unexpected: UnexpectedInput) -> Faults:
    place = unexpected.pos_in_stream
    if isinstance(unexpected, UnexpectedToken):
        expected, got = unexpected.accepts or unexpected.expected, str(unexpected.token)
        ended = unexpected.token.type == "$END"
    else:
        expected, got = getattr(unexpected, "allowed", None) or set(), text[place or 0 : (place or 0) + 1]
        ended = not got
    shown = sorted({_SHOWN[name] for name in expected if name in _SHOWN}, key=lambda pair: pair[1])
    zh_list, en_list = "、".join(zh for zh, _ in shown), ", ".join(en for _, en in shown)
    offset = len(text.rstrip()) if ended else (place or 0)
    here = At(at.line, at.column + offset) if "\n" not in text else at
    zh, en = (
        (f"这里不能读出 `{got}`", f"cannot read `{got}` here")
        if not ended
        else ("表达式没有写完", "the expression ends too soon")
    )
    return _fault(here, f"{zh};应为 {zh_list}" if zh_list else zh, f"{en}; expected {en_list}" if en_list else en)


@v_args(meta=True)
class _Builder(Transformer[Token, Any]):
    """Lark's tree → nodes whose places are those of the document."""

    def __init__(self, base: At, one_line: bool) -> None:
        super().__init__()
        self.base, self.one_line = base, one_line
        self.faults: list[Fault] = []

    def _at(self, meta: Any) -> At:
        return At(self.base.line, self.base.column + meta.start_pos) if self.one_line else self.base

    def number(self, meta: Any, parts: list[Token]) -> Node:
        if len(parts[0].replace(".", "")) > 15:
            at = self._at(meta)
            self.faults.append(Fault(at.line, at.column, "数字最多 15 位", "a number has at most 15 digits"))
        unit = UNIT_WORDS[parts[1]] if len(parts) > 1 else None
        return nodes.Number(Decimal(parts[0]), unit, at=self._at(meta))

    def day(self, meta: Any, parts: list[Token]) -> Node:
        try:
            return nodes.Day(date.fromisoformat(parts[0]), at=self._at(meta))
        except ValueError:
            at = self._at(meta)
            self.faults.append(Fault(at.line, at.column, f"没有 {parts[0]} 这一天", f"there is no day {parts[0]}"))
            return nodes.Day(date.min, at=at)

    def nothing(self, meta: Any, _parts: list[Token]) -> Node:
        return nodes.Nothing(at=self._at(meta))

    def ref(self, meta: Any, parts: list[Token]) -> Node:
        owner, name = (str(parts[0]), str(parts[1])) if len(parts) > 1 else (None, str(parts[0]))
        return nodes.Name(name, owner, at=self._at(meta))

    def call(self, meta: Any, parts: list[Any]) -> Node:
        function = FUNCTIONS_ZH.get(str(parts[0]), str(parts[0]))
        return nodes.Call(function, tuple(part for part in parts[1:] if part is not None), at=self._at(meta))

    def where(self, meta: Any, parts: list[Any]) -> Node:
        return nodes.Events(parts[0], None, parts[1], at=self._at(meta))

    def by(self, meta: Any, parts: list[Any]) -> Node:
        return nodes.Events(parts[0], str(parts[1]), parts[2] if len(parts) > 2 else None, at=self._at(meta))

    def since(self, meta: Any, parts: list[Token]) -> Node:
        return nodes.Since(str(parts[1]), at=self._at(meta))

    def minus(self, meta: Any, parts: list[Any]) -> Node:
        return nodes.Minus(parts[1], at=self._at(meta))

    def negate(self, meta: Any, parts: list[Any]) -> Node:
        return nodes.Not(parts[1], at=self._at(meta))

    def binary(self, meta: Any, parts: list[Any]) -> Node:
        return nodes.Binary(_OPERATORS[parts[1].type], parts[0], parts[2], at=self._at(meta))

    def either(self, meta: Any, parts: list[Node]) -> Node:
        return nodes.Binary("or", parts[0], parts[1], at=self._at(meta))

    def both(self, meta: Any, parts: list[Node]) -> Node:
        return nodes.Binary("and", parts[0], parts[1], at=self._at(meta))

    def among(self, meta: Any, parts: list[Node]) -> Node:
        return nodes.Among(parts[0], tuple(parts[1:]), at=self._at(meta))

    def inline(self, meta: Any, parts: list[Node]) -> Node:
        return nodes.Lines(((parts[0], parts[1]), (parts[2], None)), inline=True, at=self._at(meta))

    def line(self, _meta: Any, parts: list[Node]) -> tuple[Node, Node | None]:
        return parts[0], parts[1]

    def otherwise(self, _meta: Any, parts: list[Node]) -> tuple[Node, Node | None]:
        return parts[0], None


_OPERATORS = {
    "GE": ">=", "LE": "<=", "GT": ">", "LT": "<", "EQ": "=", "NE": "!=", "PLUS": "+", "MINUS": "-", "TIMES": "*", "OVER": "/",
}  # fmt: skip
