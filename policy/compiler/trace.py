"""Compact evidence + typed nodes → what a sweep says of a person, rule by rule. The only reader of compact evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from policy.compiler.outcome import Evidence, Explanation, Finding, Outcome, ReadingUse, Verdict, Wire
from policy.compiler.say import quantity, rounded, rule_sentence, sentence
from policy.compiler.scalar import places
from policy.compiler.sweep import SweepStatement
from policy.language import typed as t
from policy.language.checked import Checked, Clause, Rule, Text
from staff.kernel.periods import Month

EPOCH = date(1970, 1, 1)
Observed = Decimal | date | bool | None


def trace(statement: SweepStatement, row: Evidence, as_of: Month) -> Wire:
    """``tier, outcome, target, conditions, triggers`` as the interface has them; the same row gives the same bytes."""
    return _Reader(statement, row, as_of, words=False).explanation().wire()


def explain(statement: SweepStatement, row: Evidence, as_of: Month) -> Explanation:
    """The same with sentences, readings, gaps and what each finding means, for screens."""
    return _Reader(statement, row, as_of, words=True).explanation()


def findings(statement: SweepStatement, row: Evidence, as_of: Month) -> Explanation:
    """The same without words, for tables and files of many people."""
    return _Reader(statement, row, as_of, words=False).explanation()


class _Reader:
    """Reads the evidence of one row, rule after rule in the order in which the statement wrote it."""

    def __init__(self, statement: SweepStatement, row: Evidence, as_of: Month, words: bool) -> None:
        self.statement, self.row, self.as_of, self.words = statement, row, as_of, words
        self.order = {(c.number, r.key): at for at, (c, r) in enumerate(statement.rules_of(row.tier))}

    def explanation(self) -> Explanation:
        step = self.statement.ladder.step_from(self.row.tier)
        conditions = tuple(self._findings(step.clauses)) if step else ()
        triggers = tuple(self._findings(self.statement.ladder.demotions))
        return Explanation(self.row.tier, Outcome(self.row.outcome), self.row.target, conditions, triggers)

    def _findings(self, clauses: tuple[Clause, ...]) -> Iterator[Finding]:
        for clause in clauses:
            if clause.attest is not None:
                yield Finding(clause, None, None, None, None, None, Verdict.UNKNOWN)
            for rule in clause.rules:
                yield self._finding(clause, rule, self.order[clause.number, rule.key])

    def _finding(self, clause: Clause, rule: Rule, at: int) -> Finding:
        verdict = Verdict((self.row.bits >> (2 * at)) & 3)
        raw = self.row.observed[at]
        mask = self.row.missing[at] if self.row.missing is not None else 0
        missing = tuple(self.as_of + -k for k in range(mask.bit_length() - 1, -1, -1) if mask >> k & 1)
        observed, threshold = self._values(rule, raw)
        finding = Finding(clause, str(rule.key), observed, rule.op, threshold, rule.unit, verdict, missing)
        return self._worded(finding, rule) if self.words else finding

    def _values(self, rule: Rule, raw: int | None) -> tuple[Observed, Observed]:
        node, threshold = rule.observed, rule.threshold
        if isinstance(node, t.MonthAggregate) and node.function == "each" and raw is not None:
            return Decimal(raw >> 8), Decimal(raw & 255)
        fixed = self.as_of.last_day if isinstance(threshold, t.EvaluationDay) else None
        if isinstance(threshold, t.Const) and isinstance(threshold.value, Decimal | date | bool):
            fixed = threshold.value  # type: ignore[assignment]
        return decoded(node, raw), fixed

    def _worded(self, finding: Finding, rule: Rule) -> Finding:
        checked = self.statement.checked
        gap = gap_of(finding)
        return Finding(
            finding.clause, finding.rule, finding.observed, finding.op, finding.threshold, finding.unit, finding.verdict,
            finding.missing, gap, rule_sentence(rule, checked), standing_of(finding, rule, gap), readings_of(rule, checked),
        )  # fmt: skip


def decoded(node: t.Typed, raw: int | None) -> Observed:
    """An observed value from its integer in the unit's smallest place."""
    if raw is None:
        return None
    if node.unit == "date":
        return EPOCH + timedelta(days=raw)
    if node.unit == "yes_no":
        return bool(raw)
    return Decimal(raw).scaleb(-places(node))


def gap_of(finding: Finding) -> Decimal | None:
    """How far a number is from its threshold; None where it is met or no number says how far."""
    seen, fixed = finding.observed, finding.threshold
    if finding.verdict is Verdict.MET or not isinstance(seen, Decimal) or not isinstance(fixed, Decimal):
        return None
    away = abs(fixed - seen) if finding.op == "=" else fixed - seen if finding.op in (">=", ">") else seen - fixed
    if finding.op in (">", "<") and away == 0 and finding.unit in ("count", "month", "day"):
        return Decimal(1)
    return away if away > 0 else None


def readings_of(rule: Rule, checked: Checked) -> tuple[ReadingUse, ...]:
    """The readings and parameters that a rule rests on, in words."""
    used = [checked.readings[name] for name in rule.readings]
    found = [ReadingUse(str(r.name), sentence(r.typed, checked), r.clause, r.why) for r in used]
    for name in rule.parameters:
        parameter = checked.parameters[name]
        if parameter.typed is not None:
            found.append(ReadingUse(str(name), sentence(parameter.typed, checked), parameter.clause, parameter.why))
    return tuple(found)


def standing_of(finding: Finding, rule: Rule, gap: Decimal | None) -> Text:
    """What was observed and what follows: 已有 3 篇，还差 1 篇 · 3 so far, 1 to go · 等待 2026-05 的数据."""
    months = [str(month) for month in finding.missing] if finding.verdict is Verdict.UNKNOWN else []
    zh, en = _seen(finding, rule)
    if gap is not None and finding.verdict is Verdict.UNMET:
        much = [
            quantity(rounded(gap, Decimal(0)), finding.unit or "", rule.observed, "zh"),
            quantity(rounded(gap, Decimal(0)), finding.unit or "", rule.observed, "en"),
        ]
        seen, fixed = finding.observed, finding.threshold
        over = isinstance(seen, Decimal) and isinstance(fixed, Decimal) and seen >= fixed and finding.op != ">"
        zh, en = [*zh, f"{'超出' if over else '还差'} {much[0]}"], [*en, f"{much[1]} {'too many' if over else 'to go'}"]
    if months:
        zh, en = [*zh, f"等待 {'、'.join(months)} 的数据"], [*en, f"waiting for {', '.join(months)}"]
    return Text("，".join(zh), ", ".join(en))


def _seen(finding: Finding, rule: Rule) -> tuple[list[str], list[str]]:
    seen = finding.observed
    if rule.by_process and seen is None:
        return ["流程尚未产生结果"], ["not decided yet"]
    if isinstance(seen, date):
        return [seen.isoformat()], [seen.isoformat()]
    if isinstance(seen, bool):
        return ["是" if seen else "否"], ["yes" if seen else "no"]
    if seen is None:
        return (["尚无日期"], ["no date yet"]) if finding.unit == "date" else (["尚无数据"], ["no data yet"])
    if rule.threshold is None:
        return [f"{finding.threshold} 个月中 {seen} 个月符合"], [f"{seen} of {finding.threshold} months"]
    seen = rounded(seen, finding.threshold)
    zh, en = (quantity(seen, finding.unit or "", rule.observed, language) for language in ("zh", "en"))
    return [f"已有 {zh}"], [f"{en} so far"]
