"""The letter that tells a person of a case: clause, facts, arithmetic, and what may be done until when. In the
policy's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from assessment.models import CaseKind
from assessment.web.case_words import CaseView, view_of
from policy.selectors import checked
from promotion.cases.bounds import person_of
from promotion.cases.models import Proceeding, Track
from promotion.cases.owners import deciders_of, heads
from staff.models import Account


@dataclass(frozen=True, slots=True)
class Letter:
    """``text``: paragraphs with an empty line between; ``facts``: the same for a program."""

    text: str
    facts: dict[str, Any]


def letter_of(proceeding: Proceeding, day: date, due: date) -> Letter:
    """As it would be served on ``day``, to be answered until ``due``."""
    case = proceeding.case
    with translation.override("zh-hans"):
        view = view_of(case)
        demotes = proceeding.track == Track.DEMOTION
        parts = [_("%(name)s:") % {"name": person_of(proceeding).name}, _grounds(view)]
        parts += _of_demotion(proceeding, view, day, due) if demotes else _of_clause(due)
    facts = {
        "clause": case.clause, "clause_text": view.clause_text, "policy": case.policy, "version": case.version.number,
        "version_digest": case.version.digest, "month": str(case.month), "evidence": case.evidence,
        "served_on": day.isoformat(), "statement_due": due.isoformat(),
    }  # fmt: skip
    return Letter("\n\n".join(parts), facts)


def _grounds(view: CaseView) -> str:
    told = {
        "policy": view.policy, "version": view.case.version.number, "clause": view.case.clause,
        "text": view.clause_text.replace("\n", " "), "facts": _facts(view),
    }  # fmt: skip
    return _("By “%(policy)s”, version %(version)s, clause %(clause)s (“%(text)s”) the records say: %(facts)s") % told


def _facts(view: CaseView) -> str:
    said = []
    for rule in view.rules:
        sums = f"{rule.observed}（{rule.against}）" if rule.observed else ""
        months = "、".join(f"{month} {value}" for month, value in rule.months)
        said.append("，".join(part for part in (rule.says, sums, months, "、".join(rule.events)) if part))
    if view.case.kind != CaseKind.DEMOTION:
        said += [f"{name} {value}" for name, value in view.facts]
    said += [f"{row.period} {' '.join(row.cells)}" for row in view.periods]
    return "；".join(said) + "。"


def _of_demotion(proceeding: Proceeding, view: CaseView, day: date, due: date) -> list[str]:
    ladder, evidence = checked(view.case.version, {}).ladder, view.case.evidence
    named = {key: tier.names.zh for key in ("tier", "target") if ladder and (tier := ladder.tier(evidence[key]))}
    tiers = {"from": named.get("tier", evidence["tier"]), "to": named.get("target", evidence["target"])}
    names = {"head": _names(heads(proceeding, day)), "gm": _names(deciders_of(proceeding, day)), "due": due.isoformat()}
    return [
        _("It is proposed to move you from %(from)s to %(to)s. This is not a decision.") % tiers,
        _("If it is decided, tier and pay each have their own day of effect, neither before the appeal's term is over; nothing "
          "takes effect while an appeal is open."),
        _("Until %(due)s (5 working days) you can make a statement, and add or correct facts. %(head)s decides, and has "
          "to take up what you say. You can appeal against the decision within 10 working days to %(gm)s.") % names,
    ]  # fmt: skip


def _of_clause(due: date) -> list[str]:
    return [
        _("Nothing is decided by this, and nobody is dismissed or resigns by it. HR looks at the facts with you first, then at "
          "training or another post."),
        _("Until %(due)s (5 working days) you can make a statement, and add or correct facts.") % {"due": due.isoformat()},
    ]  # fmt: skip


def _names(accounts: list[int]) -> str:
    found = [str(account) for account in Account.objects.filter(pk__in=accounts).select_related("employee")]
    return "、".join(found) or _("whoever HR names")
