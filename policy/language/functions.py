"""Calls of the functions of the language, settled: arguments, windows, units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from policy.catalogue import Column, EventKind, Key
from policy.language import nodes as n
from policy.language import typed as t
from policy.language.bounds import decided
from policy.language.shape import nearest
from policy.language.words import CONDITIONAL, FUNCTIONS, MAX_WINDOW, MONTHLY

if TYPE_CHECKING:
    from policy.language.resolve import Resolver, Scope

EXAMPLES = {
    "sum": "sum(excellent_cases, 6 months)", "mean": "mean(satisfaction_rate, 12 months)",
    "lowest": "lowest(satisfaction_rate, 3 months)", "highest": "highest(satisfaction_rate, 3 months)",
    "months": "months(keywords_online = 0, 12 months)", "each": "each(keywords_online = 0, 12 months)",
    "streak": "streak(keywords_online = 0) >= 3 months", "count": "count(complaint, 12 months)",
    "distinct": "distinct(keyword_online.subject, 6 months)", "absent_days": "absent_days(12 months)",
    "completed": "completed(hired_on)", "first": "first(post_since, hired_on)", "max": "max(0, 10 - 5 * errors)",
    "min": "min(1, ratio)", "floor": "floor(hours)", "round": "round(rate, 2)", "raised": "raised(bonus)",
}  # fmt: skip


def call(resolver: Resolver, node: n.Call) -> t.Typed | None:
    """The typed node of a call, or None with faults noted."""
    function = node.function
    if function not in FUNCTIONS:
        near = nearest(function, FUNCTIONS)
        resolver.fault(node, f"没有 `{function}` 这个函数",
                       f"there is no function `{function}`", near)  # fmt: skip
        return None
    if not node.args:
        return usage(resolver, node)
    if resolver.scope == "filter" and function in _OF_A_PERSON:
        resolver.fault(
            node, f"{function}(…) 不能写在事件的筛选条件里", f"{function}(…) may not stand in a filter of events"
        )
        return None
    if function in MONTHLY:
        return _monthly(resolver, node)
    if function in ("count", "distinct"):
        return _events(resolver, node)
    return _SIMPLE[function](resolver, node)


def whole_months(node: t.Typed) -> int | None:
    """The months of a constant window, 1 to 60, or None."""
    if not isinstance(node, t.Const) or node.unit != "month" or not isinstance(node.value, Decimal):
        return None
    months = node.value
    return int(months) if months == int(months) and 1 <= months <= MAX_WINDOW else None


def usage(resolver: Resolver, node: n.Call) -> t.Typed | None:
    """Note how the function is written; always None."""
    example = EXAMPLES[node.function]
    resolver.fault(node, f"{node.function}(…) 的写法如 {example}", f"{node.function}(…) is written like {example}")
    return None


@contextmanager
def _within(resolver: Resolver, scope: Scope, kind: EventKind | None = None) -> Iterator[None]:
    before = resolver.scope, resolver.kind
    resolver.scope, resolver.kind = scope, kind
    try:
        yield
    finally:
        resolver.scope, resolver.kind = before


def _span(resolver: Resolver, node: n.Call) -> t.Span | None:
    """The windows of a call, intersected: the fewest months, every start."""
    months: list[int] = []
    since: list[t.Typed] = []
    for arg in node.args[1:] if node.function != "absent_days" else node.args:
        if isinstance(arg, n.Since):
            start = _start(resolver, arg)
            if start is None:
                return None
            since.append(start)
            continue
        value = resolver.resolve(arg)
        if value is None:
            return None
        found = whole_months(value)
        if found is None:
            resolver.fault(arg, f"期间应为 1 到 {MAX_WINDOW} 个整月,如 6 months",
                           f"a window is 1 to {MAX_WINDOW} whole months, such as 6 months")  # fmt: skip
            return None
        months.append(found)
    return t.Span(min(months) if months else None, tuple(dict.fromkeys(since)))


def _start(resolver: Resolver, arg: n.Since) -> t.Typed | None:
    found = resolver.name(n.Name(arg.name, at=arg.at))
    if found is not None and (found.unit != "date" or isinstance(found, t.Const | t.EvaluationDay)):
        resolver.fault(arg, f"`{arg.name}` 不是员工的日期", f"`{arg.name}` is no date of the person")
        return None
    return found


def _monthly(resolver: Resolver, node: n.Call) -> t.Typed | None:
    conditional = node.function in CONDITIONAL
    if resolver.scope in ("month", "pay"):
        resolver.fault(node, f"{node.function}(…) 汇总几个月,只能写在 cases 的 when、top 或级别的规则里",
                       f"{node.function}(…) looks at several months: it stands in when or top of a case, or in a rule of "
                       "the ladder")  # fmt: skip
        return None
    if isinstance(node.args[0], n.Since | n.Events):
        return usage(resolver, node)
    with _within(resolver, "monthly"):
        of = resolver.resolve(node.args[0])
    span = _span(resolver, node)
    if of is None or span is None:
        return None
    if conditional and of.unit == "yes_no":
        of = t.Compare("bool", "=", of, t.Const("yes_no", True))
    if conditional and of.unit != "bool":
        name, inner = node.function, n.show(node.args[0])
        tail = "" if name == "streak" else ", …"
        resolver.fault(node, f"{name}(…) 要的是条件,如 {name}({inner} = 0{tail})",
                       f"{name}(…) takes a condition such as {name}({inner} = 0{tail})")  # fmt: skip
        return None
    if not conditional and of.unit in ("bool", "text", "date", "none", "yes_no"):
        return usage(resolver, node)
    if (span.months is None) != (node.function == "streak"):
        return usage(resolver, node)
    if not _rests_on_months(resolver, node, of):
        return None
    unit = {"each": "bool", "months": "month", "streak": "month"}.get(node.function, of.unit)
    return t.MonthAggregate(unit, node.function, of, span)


def _rests_on_months(resolver: Resolver, node: n.Call, of: t.Typed) -> bool:
    leaves = list(of.walk())
    if not any(isinstance(leaf, t.Value | t.InputValue | t.Result) for leaf in leaves) or any(
        isinstance(leaf, t.AGGREGATES) for leaf in leaves
    ):
        usage(resolver, node)
        return False
    for leaf in leaves:
        if isinstance(leaf, t.Compare) and (always := decided(leaf)) is not None:
            zh, en = ("总是成立", "always true") if always else ("总不成立", "never true")
            resolver.fault(node.args[0], f"按目录中的取值范围,该条件{zh}",
                           f"within the bounds of the catalogue the condition is {en}")  # fmt: skip
            return False
    return True


def _events(resolver: Resolver, node: n.Call) -> t.Typed | None:
    first = node.args[0]
    what = first.what if isinstance(first, n.Events) else first
    distinct = node.function == "distinct"
    if not isinstance(what, n.Name) or distinct != (what.owner is not None):
        return usage(resolver, node)
    kind = _kind(resolver, what, what.owner or what.name)
    span = _span(resolver, node)
    if kind is None or span is None:
        return None
    field = kind.field(what.name) if distinct else None
    if distinct and field is None:
        _no_field(resolver, what, kind, what.name)
        return None
    where: t.Typed | None = None
    if isinstance(first, n.Events) and first.where is not None:
        with _within(resolver, "filter", kind):
            where = resolver.condition(first.where)
        if where is None:
            return None
    by = _by(resolver, first)
    if span.months is None and not span.since:
        if resolver.scope in ("ladder", "applies", "reading"):
            resolver.fault(
                node,
                f"事件要写明期间,如 {EXAMPLES[node.function]}",
                f"events need a window, as in {EXAMPLES[node.function]}",
            )
            return None
        span = t.Span(1)
    free = where is not None and any(
        isinstance(leaf, t.EventField) and leaf.field.name == "status" for leaf in where.walk()
    )
    return t.EventAggregate("count", kind, field, where, by, span, free)


def _by(resolver: Resolver, first: n.Node) -> Column | None:
    if not isinstance(first, n.Events) or first.by is None:
        return None
    if first.by not in ("decided_on", "认定日期"):
        resolver.fault(
            first, f"不能按 `{first.by}` 计期间;可用 decided_on", f"cannot date events by `{first.by}`; use decided_on"
        )
        return None
    return Column("decided_on")


def _kind(resolver: Resolver, node: n.Name, name: str) -> EventKind | None:
    kinds = resolver.words.catalogue
    found = kinds.kind(name)
    if found is None:
        near = nearest(name, {*kinds.kinds, *(k.names.zh for k in kinds.kinds.values())})
        resolver.fault(node, f"没有 `{name}` 这类事件",
                       f"`{name}` is no kind of event", near)  # fmt: skip
    return found


def _no_field(resolver: Resolver, node: n.Node, kind: EventKind, name: str) -> None:
    known = ", ".join(f.name for f in kind.fields)
    resolver.fault(node, f"{kind.names.zh} 没有 `{name}` 一栏({known})", f"{kind.key} has no field `{name}` ({known})")


def _absent(resolver: Resolver, node: n.Call) -> t.Typed | None:
    span = _span(resolver, node)
    if span is not None and (span.months is None or span.since):
        return usage(resolver, node)
    return t.AbsentDays("day", span) if span is not None else None


def _completed(resolver: Resolver, node: n.Call) -> t.Typed | None:
    of = resolver.resolve(node.args[0])
    if of is not None and (of.unit != "date" or len(node.args) != 1):
        return usage(resolver, node)
    return of and t.Completed("month", of)


def _same(resolver: Resolver, node: n.Call) -> tuple[t.Typed, ...] | None:
    """All arguments, of one unit."""
    parts = [resolver.resolve(arg) for arg in node.args]
    settled = [part for part in parts if part is not None]
    if len(settled) != len(parts):
        return None
    if len(settled) < 2 or any(part.unit == "none" for part in settled):
        usage(resolver, node)
        return None
    choice = resolver.same_unit(node, [(part, None) for part in settled])
    return tuple(value for value, _ in choice.lines) if isinstance(choice, t.Choice) else None


def _first(resolver: Resolver, node: n.Call) -> t.Typed | None:
    parts = _same(resolver, node)
    return parts and t.First(parts[0].unit, parts)  # type: ignore[return-value]


def _extreme(resolver: Resolver, node: n.Call) -> t.Typed | None:
    parts = _same(resolver, node)
    if not parts:
        return None
    if any(part.unit in ("bool", "text", "date", "none", "yes_no") for part in parts):
        return usage(resolver, node)
    return t.Extreme(parts[0].unit, node.function, parts)


def _rounded(resolver: Resolver, node: n.Call) -> t.Typed | None:
    of = resolver.number(node.args[0])
    digits = 0
    if len(node.args) > 1:
        arg = node.args[1]
        fine = isinstance(arg, n.Number) and arg.unit is None and arg.value in range(7)
        if node.function == "floor" or len(node.args) > 2 or not fine:
            return usage(resolver, node)
        digits = int(cast(n.Number, arg).value)
    return of and t.Rounded(of.unit, node.function, of, digits)


def _raised(resolver: Resolver, node: n.Call) -> t.Typed | None:
    arg = node.args[0]
    if not isinstance(arg, n.Name) or arg.owner or len(node.args) > 1:
        return usage(resolver, node)
    if resolver.scope not in ("pay", "case"):
        resolver.fault(node, "raised(…) 只能写在 cases 和 pay 里", "raised(…) stands in cases and in pay alone")
        return None
    if arg.name not in resolver.words.cases:
        near = nearest(arg.name, resolver.words.cases)
        zh, en = (
            ("按月对个人的", "of a person's month") if resolver.scope == "pay" else ("写在前面的", "that stands above")
        )
        resolver.fault(arg, f"没有{zh}个案 `{arg.name}`", f"`{arg.name}` is no case {en}", near)
        return None
    return t.Raised("bool", Key(arg.name), resolver.words.catalogue.case(arg.name))


#: What speaks of a person, not of an event.
_OF_A_PERSON = MONTHLY | {"count", "distinct", "absent_days", "completed", "raised"}
_SIMPLE: dict[str, Callable[[Resolver, n.Call], t.Typed | None]] = {
    "absent_days": _absent, "completed": _completed, "first": _first, "max": _extreme, "min": _extreme,
    "floor": _rounded, "round": _rounded, "raised": _raised,
}  # fmt: skip
