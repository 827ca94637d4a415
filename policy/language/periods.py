"""What a case of a quarter, a year or a team may rest on: the results of its own level, and those of a person's months."""

from __future__ import annotations

from collections.abc import Iterator

from policy.language import typed as t
from policy.language.checked import Case
from policy.language.faults import At, Collector

#: Months of a period, by the word of ``every``.
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
_ZH = {"quarter": "季度", "year": "年"}
_OWN = ("total", "grade", "rank")


def check_period(case: Case, at: At, collector: Collector) -> None:
    """Note what a quarter, a year or a team cannot answer. Months of a person may speak of everything."""
    node = case.when or case.top
    if (case.every == "month" and case.subject == "person") or node is None or case.every not in LENGTHS:
        return
    if case.every == "month":
        collector.add(
            at, "团队没有月度结果,请写 every: quarter 或 year", "a team has no month: write every: quarter or year"
        )
        return
    for zh, en in dict.fromkeys(_faults(case, node)):
        collector.add(at, zh, en)


def _faults(case: Case, node: t.Typed) -> Iterator[tuple[str, str]]:
    if isinstance(node, t.MonthAggregate):
        yield from _aggregate(case, node)
        return
    team = case.subject == "team"
    if isinstance(node, t.Result) and node.column not in (_OWN[:2] if team else _OWN):
        yield _no_own(case, node.column)
    elif isinstance(node, t.Value | t.InputValue | t.EventAggregate | t.AbsentDays):
        yield (
            f"{_ZH[case.every]}的个案只能写本期的 total、grade、rank,或各月结果的合计",
            f"a {case.every}'s case rests on its own total, grade and rank, or on sums over months",
        )
    elif isinstance(node, t.Person | t.Completed) and team:
        yield "团队的个案不能用员工的信息", "a team's case cannot speak of a person"
    else:
        for part in node.parts:
            yield from _faults(case, part)


def _aggregate(case: Case, node: t.MonthAggregate) -> Iterator[tuple[str, str]]:
    if node.span.since:
        yield "季度和年的个案不能写自某日起", "`since` has no meaning beside quarters and years"
    if node.function != "streak":
        if case.subject == "team":
            yield "团队没有月度结果,只能写 streak(…)", "a team has no months: only streak(…) may stand here"
        return
    length = LENGTHS[case.every]
    if (node.span.months or length) % length:
        zh = _ZH[case.every]
        yield f"连续的期数应为整{zh},如 2 {case.every}s", f"a streak of {case.every}s, such as 2 {case.every}s"
    for leaf in node.of.walk():
        if isinstance(leaf, t.Value | t.InputValue) or (
            isinstance(leaf, t.Result) and leaf.column not in (_OWN[:2] if case.subject == "team" else _OWN)
        ):
            yield _no_own(case, leaf.column if isinstance(leaf, t.Result) else "")


def _no_own(case: Case, name: str) -> tuple[str, str]:
    whose = "team" if case.subject == "team" else case.every
    zh = "团队" if case.subject == "team" else _ZH[case.every]
    return (f"{zh}没有 {name or '该值'}", f"a {whose} has no {name or 'monthly values'} of its own")
