"""A candidate's file as judges read it: what was frozen, what people attested, the candidate's own words. No pay, and no
facts beyond those that the clauses of the promotion name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from policy.compiler.say import quantity
from policy.language.checked import Clause, ProcessStep, Step, Text
from policy.web.process import PROCESS
from policy.web.tiers import TierView, say
from promotion.applications.models import Application, Attestation
from promotion.applications.process import transition_of
from promotion.web.tiers import views_of
from staff.kernel.words import in_english
from staff.models import Role

_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}


@dataclass(frozen=True, slots=True)
class Line:
    """A clause as it stood when the application was handed in. ``said`` is the reason of whoever attested it, ``by`` who."""

    number: str
    text: str
    gloss: str
    verdict: str
    observed: str = ""
    against: str = ""
    judged: bool = False
    said: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """``measured`` were computed, ``attested`` people answer for; ``attached`` are the files beside it."""

    application: Application
    tiers: tuple[TierView | None, TierView | None]
    measured: list[Line]
    attested: list[Line]
    attached: list[Any]

    @property
    def met(self) -> int:
        return Counter(line.verdict for line in self.measured)["met"]


def file_of(
    application: Application,
    views: Mapping[tuple[str, str], TierView] | None = None,
    attached: list[Any] | None = None,
) -> CandidateFile:
    """Three queries: the attestations, the tiers of the ladder, the files beside it; fewer where those are read already."""
    answers = {
        row.clause: row
        for row in Attestation.objects.filter(application=application, attempt=application.attempt).select_related(
            "by__employee"
        )
    }
    found = lines_of(application.frozen or {}, transition_of(application), answers)
    return CandidateFile(
        application,
        tiers_of(application, views_of([application.version.key]) if views is None else views),
        [line for line in found if not line.judged],
        [line for line in found if line.judged],
        list(application.files.filter(removed_at=None).select_related("attachment")) if attached is None else attached,
    )


def lines_of(
    frozen: Mapping[str, Any], transition: Step, answers: Mapping[str, Attestation] | None = None
) -> list[Line]:
    """The conditions of what was frozen, in the order of the document, without those that rest on what the process itself has
    yet to yield; ``answers`` are those of people, by clause.
    """
    clauses = {clause.number: clause for clause in transition.clauses}
    yielded = {
        (clause.number, str(rule.key)) for clause in transition.clauses for rule in clause.rules if rule.by_process
    }
    return [
        _line(condition, clauses.get(str(condition.get("clause"))), answers or {})
        for condition in frozen.get("conditions", [])
        if (condition.get("clause"), condition.get("rule")) not in yielded
    ]


def tiers_of(
    application: Application, views: Mapping[tuple[str, str], TierView]
) -> tuple[TierView | None, TierView | None]:
    """From and to, of the views of several ladders."""
    key = application.version.key
    return views.get((key, application.from_tier)), views.get((key, application.to_tier))


def _line(condition: Mapping[str, Any], clause: Clause | None, answers: Mapping[str, Attestation]) -> Line:
    number, text = str(condition.get("clause", "")), str(condition.get("text", ""))
    gloss = clause.en if clause is not None and in_english() else ""
    if condition.get("rule") is None:
        answer = answers.get(number)
        if answer is None:
            return Line(number, text, gloss, "unknown", judged=True)
        verdict = "met" if answer.met else "unmet"
        by = f"{answer.by} · {Role(answer.role).label}" if answer.role in Role.values else str(answer.by)
        return Line(number, text, gloss, verdict, judged=True, said=answer.reason, by=by)
    op, unit, threshold = str(condition.get("op") or ""), str(condition.get("unit") or ""), condition.get("threshold")
    return Line(
        number,
        text,
        gloss,
        str(condition.get("verdict")),
        observed=_shown(condition.get("observed"), ""),
        against="" if threshold is None else f"{_SIGNS.get(op, op)} {_shown(threshold, unit)}",
    )


def _shown(value: object, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return quantity(Decimal(str(value)), unit, None, "en" if in_english() else "zh")
    return str(value)


def step_name(name: str) -> str:
    """A step of the process in words."""
    return str(PROCESS.get(name, name))


def line_name(line: Mapping[str, str]) -> str:
    """A line of a sheet in the reader's language."""
    return say(Text(line["zh"], line.get("en", "")))


def bar_sign(step: ProcessStep) -> str:
    """How the bar is held, as it is printed before it."""
    return _SIGNS.get(step.bar_op, step.bar_op)
