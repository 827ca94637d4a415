"""A case in words: the clause with its text, the rule, the facts and the arithmetic, and what happens next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.models import Case, CaseKind, Level
from assessment.web.own_result_words import most_stars
from policy.compiler.say import quantity
from policy.language.checked import Checked, Rule, Text
from policy.models import PolicyVersion
from policy.selectors import checked
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.kernel.words import in_english

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "!=": "≠"}
#: As many events are told of a rule.
_MOST = 24


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule that holds: what was ``observed`` against what is asked, and the months or events that it counts."""

    says: str
    observed: str = ""
    against: str = ""
    months: tuple[tuple[str, str], ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A month, quarter or year behind a result case; ``cells`` stand under the columns that the case's table has."""

    period: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """What a list and a page show of a case."""

    case: Case
    policy: str
    clause_text: str
    gloss: str
    short: str
    rules: tuple[RuleShown, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    periods: tuple[PeriodRow, ...] = field(default=())
    #: Whose turn it is, where an app above takes the case further; empty: its owner's.
    turn: str = ""

    @property
    def whose(self) -> str:
        return self.case.employee.name if self.case.employee else self.case.department.name

    @property
    def warned(self) -> bool:
        return self.case.evidence.get("outcome") == "warning"

    @property
    def kind(self) -> str:
        return _("warning") if self.warned else str(CaseKind(self.case.kind).label)

    @property
    def period(self) -> str:
        """``2026-10``, ``2026-Q3``, ``2026``."""
        return period_name(self.case.month, self.case.level)

    @property
    def follows(self) -> str:
        return str(self.case.of_kind.follows)


#: Case → whose turn it is now, in words, of those that an app above takes further.
Turns = Callable[[Access, Sequence[int]], dict[int, str]]
_turns: list[Turns] = []


def register_turns(turns: Turns) -> None:
    """Called once by the app above."""
    _turns[:] = [turns]


def with_turns(access: Access, views: Iterable[CaseView]) -> list[CaseView]:
    """One query more, whatever there is."""
    rows = list(views)
    said = _turns[0](access, [view.case.pk for view in rows if view.case.open]) if _turns else {}
    return [replace(view, turn=said.get(view.case.pk, "")) for view in rows]


def views_of(cases: Iterable[Case]) -> list[CaseView]:
    """In their order. One query: the documents, once a version."""
    rows = list(cases)
    versions = PolicyVersion.objects.in_bulk({case.version_id for case in rows})
    documents = {pk: Document(checked(version, {}), version) for pk, version in versions.items()}
    return [documents[case.version_id].view(case) for case in rows]


def view_of(case: Case) -> CaseView:
    return Document(checked(case.version, {}), case.version).view(case)


def period_name(month: Month, level: str) -> str:
    if level == Level.YEAR:
        return f"{month.year}"
    return f"{month.year}-Q{(month.month + 2) // 3}" if level == Level.QUARTER else str(month)


class Document:
    """A version's document, as far as its cases are told from it."""

    def __init__(self, policy: Checked, version: PolicyVersion) -> None:
        self.policy, self.version = policy, version

    def view(self, case: Case) -> CaseView:
        clause, gloss = self._clause(case)
        evidence = case.evidence
        title = self.version.title
        if case.kind == CaseKind.DEMOTION:
            rules = tuple(self._rule(one) for one in evidence.get("rules", ()))
            short = pgettext("list", "; ").join(
                _("%(observed)s (%(against)s)") % {"observed": one.observed, "against": one.against} for one in rules
            )
            return CaseView(case, title, clause, gloss, short, rules, tuple(self._tiers(evidence)))
        if case.kind == CaseKind.LEVEL_CHECK:
            facts = tuple(self._check(evidence))
            short = _("%(months)s months since the promotion") % {"months": evidence["months"]}
            return CaseView(case, title, clause, gloss, short, facts=facts)
        return self._from_result(case, title, clause, gloss)

    def _from_result(self, case: Case, title: str, clause: str, gloss: str) -> CaseView:
        evidence = case.evidence
        facts = tuple(self._numbers(evidence, case.level))
        says = _said(evidence.get("rule", {}))
        if evidence.get("most"):
            says = _("whoever has most: %(rule)s") % {"rule": says}
        keys = [key for key in _NUMBERS if any(key in one for one in evidence.get("periods", ()))]
        periods = tuple(
            PeriodRow(
                period_name(Month.parse(one["month"]), evidence["of"]),
                tuple(self._number(key, one.get(key)) for key in keys),
            )
            for one in evidence.get("periods", ())
        )
        short = says if periods else pgettext("list", ", ").join(f"{name} {value}" for name, value in facts)
        columns = tuple(str(_names()[key]) for key in keys)
        return CaseView(case, title, clause, gloss, short, (RuleShown(says),), facts, columns, periods)

    def _clause(self, case: Case) -> tuple[str, str]:
        """The source's own text, and what it says in English where that is asked for."""
        texts = [self._texts.get((case.kind, number)) for number in case.clause.split("、")]
        found = [text for text in texts if text is not None]
        english = " ".join(text.en for text in found) if in_english() else ""
        return "\n".join(dict.fromkeys(text.zh for text in found)), english

    @cached_property
    def _texts(self) -> dict[tuple[str, str], Text]:
        found: dict[tuple[str, str], Text] = {}
        for case in self.policy.cases:
            found.setdefault((str(case.kind), case.clause), Text(case.text, case.en))
        ladder = self.policy.ladder
        for clause in ladder.demotions if ladder else ():
            found[CaseKind.DEMOTION.value, clause.number] = Text(clause.text, clause.en)
        for check in ladder.checks if ladder else ():
            found[str(check.case), check.clause] = Text(check.text, check.en)
        return found

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        ladder = self.policy.ladder
        return {str(rule.key): rule for clause in (ladder.demotions if ladder else ()) for rule in clause.rules}

    def _rule(self, one: dict[str, Any]) -> RuleShown:
        months = tuple((fact["month"], _plain(fact.get("value", ""))) for fact in one["facts"] if "month" in fact)
        events = tuple(self._event(fact) for fact in one["facts"] if "day" in fact)[:_MOST]
        against = f"{_SIGNS[one['op']]} {self._amount(one, 'threshold')}"
        return RuleShown(_said(one["says"]), self._amount(one, "observed"), against, months, events)

    def _amount(self, one: dict[str, Any], name: str) -> str:
        value = one[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        rule = self._rules.get(one["rule"])
        counted = rule.observed if rule else None
        return quantity(Decimal(str(value)), one["unit"] or "", counted, "en" if in_english() else "zh")

    def _event(self, fact: dict[str, Any]) -> str:
        kind = self.policy.catalogue.kinds.get(fact["kind"])
        name = (kind.names.en if in_english() else kind.names.zh) if kind else fact["kind"]
        return f"{fact['day']} {name}" + (f" {fact['subject']}" if fact.get("subject") else "")

    def _tiers(self, evidence: dict[str, Any]) -> Iterable[tuple[str, str]]:
        since = evidence["tier_since"]
        yield _("Tier"), _("%(tier)s since %(day)s") % {"tier": self._tier(evidence["tier"]), "day": since}
        if "target" in evidence:
            yield _("Proposed"), self._tier(evidence["target"])

    def _check(self, evidence: dict[str, Any]) -> Iterable[tuple[str, str]]:
        yield _("Tier"), self._tier(evidence["tier"])
        yield _("Promoted on"), evidence["promoted_on"]
        told = {"months": evidence["months"], "every": evidence["every"]}
        yield _("Whole months since"), _("%(months)s; a check is due every %(every)s months") % told

    def _tier(self, key: str) -> str:
        tier = self.policy.ladder.tier(key) if self.policy.ladder else None
        return _said({"zh": tier.names.zh, "en": tier.names.en}) if tier else key

    def _numbers(self, evidence: dict[str, Any], level: str) -> Iterable[tuple[str, str]]:
        """Of more than a month the stars are the months that had the most of them."""
        names = _names()
        if level != Level.MONTH:
            names["stars"] = _("months of %(n)s stars") % {"n": most_stars(self.policy)}
        for key in _NUMBERS:
            if key in evidence:
                shown = self._number(key, evidence[key])
                if key == "total" and "full_marks" in evidence:
                    shown = f"{shown} / {_plain(evidence['full_marks'])}"
                yield str(names[key]), shown

    def _number(self, key: str, value: Any) -> str:
        if value is None:
            return "–"
        if key == "grade":
            grades = dict(self.policy.scorecard.grades) if self.policy.scorecard else {}
            named = next((text for grade, text in grades.items() if grade == value), None)
            return _said({"zh": named.zh, "en": named.en}) if named else str(value)
        return _plain(value)


_NUMBERS = ("grade", "total", "rank", "stars")


def _names() -> dict[str, str]:
    return {
        "grade": pgettext("result", "grade"), "total": _("total"), "rank": _("rank"), "stars": pgettext("result", "stars"),
    }  # fmt: skip


def _said(text: dict[str, str]) -> str:
    return (text.get("en") if in_english() else "") or text.get("zh", "")


def _plain(value: Any) -> str:
    return f"{Decimal(str(value)).normalize():f}" if isinstance(value, int | float) else str(value)
