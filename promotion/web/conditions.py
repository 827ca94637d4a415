"""Findings as they are shown: number, source, sentence, figures, quota, readings, and what they rest on.

Words and boxes only. What was observed, what is asked and the verdict are the compiler's; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from policy.compiler import Finding, Verdict, label
from policy.compiler.say import quantity, rounded, rule_sentence
from policy.compiler.trace import gap_of, readings_of
from policy.language import typed as t
from policy.language.checked import NO_TEXT, Checked, Clause, Rule
from policy.language.faults import Language
from policy.language.nodes import plain_number
from promotion.web.facts import Facts
from promotion.web.tiers import say
from staff.kernel.periods import Month
from staff.kernel.words import in_english
from staff.models import Role

#: A count from two up to this many is drawn as boxes.
QUOTA = 12
_SIGNS = {">=": "", ">": "> ", "<=": "≤ ", "<": "< ", "=": "= ", "!=": "≠ "}


@dataclass(frozen=True, slots=True)
class Owed:
    """Months of ``what`` that nobody reported, and who owes them: whoever supervised then; an empty ``owner``: nobody did."""

    owner: str
    months: tuple[Month, ...]
    what: str


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """A reading: its value in words and the reason."""

    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One rule of a clause, or one clause that a person judges.

    ``label`` says in a word what is looked at; ``away`` how far it is as a share of what is asked, None where no number says.
    """

    number: str
    label: str
    text: str
    gloss: str
    sentence: str
    standing: str
    verdict: str
    observed: str
    against: str
    rule: str | None
    attested_by: str | None
    by_process: bool
    away: Decimal | None = None
    quota: tuple[str, ...] = ()
    readings: tuple[ReadingNote, ...] = ()
    owed: tuple[Owed, ...] = ()
    facts: Facts | None = None

    @property
    def measured(self) -> bool:
        """Decided by facts: not judged by a person and not a result of the process."""
        return self.attested_by is None and not self.by_process


@dataclass(frozen=True, slots=True)
class Conditions:
    """The clauses of a step, apart by what is to be done about them."""

    unmet: tuple[Condition, ...]
    unknown: tuple[Condition, ...]
    met: tuple[Condition, ...]
    judged: tuple[Condition, ...]

    @property
    def open(self) -> tuple[Condition, ...]:
        return self.unmet + self.unknown

    @property
    def one_judge(self) -> str:
        """The role that judges all that people judge; empty where there are several, or results of the process."""
        roles = {condition.attested_by for condition in self.judged}
        return roles.pop() or "" if len(roles) == 1 else ""

    @property
    def total(self) -> int:
        return len(self.unmet) + len(self.unknown) + len(self.met)


def conditions_of(findings: Iterable[Finding]) -> tuple[Condition, ...]:
    return tuple(_condition(finding) for finding in findings)


def asked_of(clauses: Iterable[Clause], checked: Checked) -> tuple[Condition, ...]:
    """What clauses ask, before anybody has been judged by them."""
    return tuple(
        _condition(Finding(clause, str(rule.key) if rule else None, None, None, None, None, Verdict.UNKNOWN,
                           sentence=rule_sentence(rule, checked) if rule else NO_TEXT,
                           readings=readings_of(rule, checked) if rule else ()))
        for clause in clauses
        for rule in (*clause.rules, *([None] if clause.attest else []))
    )  # fmt: skip


def grouped(conditions: Iterable[Condition]) -> Conditions:
    """Measured ones by verdict, of the unmet the nearest first; what a person or the process decides apart, for it holds
    nobody back from applying.
    """
    every = tuple(conditions)
    measured = [c for c in every if c.measured]
    by = {word: tuple(c for c in measured if c.verdict == word) for word in ("unmet", "unknown", "met")}
    nearest = sorted(by["unmet"], key=lambda c: (c.away is None, c.away or 0))
    return Conditions(tuple(nearest), by["unknown"], by["met"], tuple(c for c in every if not c.measured))


def with_evidence(
    condition: Condition,
    facts: Mapping[tuple[str, str], Facts],
    owners: Mapping[date, str],
    missing: tuple[Month, ...],
) -> Condition:
    """The condition with what it rests on and who owes what is missing."""
    if condition.rule is None:
        return condition
    months: dict[str, list[Month]] = {}
    for month in missing:
        months.setdefault(owners.get(month.last_day, ""), []).append(month)
    owed = tuple(Owed(owner, tuple(owes), condition.label) for owner, owes in months.items())
    return replace(condition, facts=facts.get((condition.number, condition.rule)), owed=owed)


def rule_of(finding: Finding) -> Rule | None:
    return next((rule for rule in finding.clause.rules if str(rule.key) == finding.rule), None)


def _condition(finding: Finding) -> Condition:
    clause, rule = finding.clause, rule_of(finding)
    english = _language() == "en"
    return Condition(
        number=clause.number,
        label=say(label(rule)) if rule else "",
        text=clause.text,
        gloss=clause.en if english else "",
        sentence=say(finding.sentence),
        standing=say(finding.standing),
        verdict=str(finding.verdict),
        observed=_observed(finding, rule),
        against=_against(finding, rule),
        rule=finding.rule,
        attested_by=_role(finding.attest) if finding.attest else None,
        by_process=rule is not None and rule.by_process,
        away=share_away(finding),
        quota=_quota(finding, rule),
        readings=tuple(ReadingNote(say(used.value), say(used.why)) for used in finding.readings),
    )


def share_away(finding: Finding) -> Decimal | None:
    """How far what was observed is from what is asked, as a share of it; None where no number says."""
    asked, gap = finding.threshold, gap_of(finding)
    return gap / asked if gap is not None and isinstance(asked, Decimal) and asked > 0 else None


def _observed(finding: Finding, rule: Rule | None) -> str:
    seen = finding.observed
    if seen is None or rule is None or rule.by_process:
        return ""
    if isinstance(seen, bool):
        return _("yes") if seen else _("no")
    if isinstance(seen, date):
        return seen.isoformat()
    return plain_number(rounded(seen, finding.threshold))


def _against(finding: Finding, rule: Rule | None) -> str:
    """``/ 4 篇``, ``/ ≤ 1 件``: what is asked, with the counting word; empty where the sentence alone says it."""
    asked = finding.threshold
    if rule is None or rule.by_process or not isinstance(asked, Decimal) or not isinstance(finding.observed, Decimal):
        return ""
    if rule.threshold is None:
        return "/ " + quantity(asked, "month", None, _language())
    words = quantity(asked, finding.unit or "", rule.observed, _language())
    if finding.op in ("=", "<=") and asked == 0:
        return words.removeprefix("0").strip()
    return f"/ {_SIGNS[finding.op or '>=']}{words}"


def _quota(finding: Finding, rule: Rule | None) -> tuple[str, ...]:
    """A box for each unit asked for: ``on`` reached, ``may`` could still be in a month that is missing, else open."""
    asked, seen = finding.threshold, finding.observed
    counted = rule is not None and rule.threshold is not None and finding.unit in ("count", "number")
    if not counted or finding.op != ">=" or not isinstance(asked, Decimal) or not isinstance(seen, Decimal):
        return ()
    if rule is None or not _counts(rule) or asked != asked.to_integral_value() or not 2 <= asked <= QUOTA:
        return ()
    reached = min(int(seen), int(asked))
    rest = "may" if finding.verdict is Verdict.UNKNOWN else "open"
    return ("on",) * reached + (rest,) * (int(asked) - reached)


def _counts(rule: Rule) -> bool:
    node = rule.observed
    return isinstance(node, t.EventAggregate) or (isinstance(node, t.MonthAggregate) and node.function != "mean")


def _role(key: str) -> str:
    if key == "panel":
        return _("the panel")
    return str(Role(key).label) if key in Role.values else key


def _language() -> Language:
    return "en" if in_english() else "zh"
