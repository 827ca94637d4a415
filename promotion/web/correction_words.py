"""What follows from a correction, in words: whose, of which month, what it was and what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.models import Case, Correction, CorrectionEffect, EffectKind, EventStatus
from assessment.models.case_kinds import CaseKind
from policy.compiler.outcome import Outcome
from promotion.web.outcomes import OUTCOMES
from staff.kernel.access import Access, Thing
from staff.models import Department, Employee

#: What of a result is said, in order.
_RESULT = ("total", "grade", "rank", "stars")


@dataclass(frozen=True, slots=True)
class EffectRow:
    """``whose``: a person or a team; ``what`` differs from ``before`` to ``after``, each empty where there was or is none."""

    whose: str
    month: str
    kind: str
    what: str
    before: str
    after: str


def effect_rows(access: Access, effects: Iterable[CorrectionEffect]) -> tuple[list[EffectRow], int]:
    """Those of people in the reader's scope, and of how many others something differs. Amounts are for whoever reads the
    person's pay. Three queries, whatever there is.
    """
    listed = list(effects)
    ids = {one.employee_id for one in listed if one.employee_id}
    seen = {person.pk: person for person in Employee.objects.visible_to(access).filter(pk__in=ids)}
    paid = set(Employee.objects.visible_to(access, thing=Thing.PAY).filter(pk__in=ids).values_list("pk", flat=True))
    teams = dict(Department.objects.filter(pk__in={one.department_id for one in listed}).values_list("pk", "name"))
    rows: list[EffectRow] = []
    others: set[int] = set()
    for one in listed:
        if one.employee_id and one.employee_id not in (paid if one.kind == EffectKind.PAY else seen):
            others.add(one.employee_id)
            continue
        whose = str(seen[one.employee_id]) if one.employee_id in seen else teams.get(one.department_id or 0, "")
        rows += [EffectRow(whose, str(one.month), str(one.get_kind_display()), *words) for words in _words(one)]
    return rows, len(others - seen.keys())


def fact_words(correction: Correction) -> list[tuple[str, str, str]]:
    """(what, what stood, what is right) of the fact itself; of an event each thing that differs."""
    if correction.metric is not None:
        name = correction.metric.zh if _chinese() else correction.metric.en
        return [(name, _shown(correction.before), _shown(correction.after))]
    if correction.of_absence:
        return [(_("days away"), _span(correction.before), _span(correction.after))]
    names = {
        "day": _("date"), "status": _("status"), "subject": _("subject"), "quantity": _("quantity"),
        "decided_on": _("decided on"),
    }  # fmt: skip
    before, after = correction.before or {}, correction.after or {}
    return [
        (label, _event_value(key, before.get(key)), _event_value(key, after.get(key)))
        for key, label in names.items()
        if before.get(key) != after.get(key)
    ]


def _words(one: CorrectionEffect) -> list[tuple[str, str, str]]:
    if one.kind == EffectKind.RESULT:
        names = {"total": _("total"), "grade": _("grade"), "rank": _("rank"), "stars": _("stars")}
        before, after = one.before or {}, one.after or {}
        found = [
            (names[key], _shown(before.get(key)), _shown(after.get(key)))
            for key in _RESULT
            if before.get(key) != after.get(key)
        ]
        return found or [(_("items and what follows"), "", "")]
    if one.kind == EffectKind.STANDING:
        return [_standing(one)]
    if one.kind == EffectKind.CASE:
        kind = str(CaseKind((one.after or one.before or {})["kind"]).label)
        return [(kind, _state(one.before), _state(one.after))]
    if one.kind == EffectKind.APPLICATION:
        return [(_("the decision answers the difference"), f"A-{int(one.key):05}", f"A-{int(one.key):05}")]
    return [(one.key, _shown(one.before), _shown(one.after))]


def _standing(one: CorrectionEffect) -> tuple[str, str, str]:
    if one.key == "outcome":
        return _("outcome"), _outcome(one.before), _outcome(one.after)
    said = one.after or one.before or {}
    rule = said["rule"]["zh" if _chinese() else "en"]
    return f"{said['clause']} {rule}", _verdict(one.before), _verdict(one.after)


def _outcome(value: Any) -> str:
    return "" if value is None else str(next(OUTCOMES[o].label for o in Outcome if str(o) == value))


def _verdict(said: Any) -> str:
    if said is None:
        return ""
    words = {"met": _("met"), "unmet": _("unmet"), "unknown": _("not known")}
    observed = "" if said["observed"] == "None" else said["observed"]
    return f"{words.get(said['verdict'], said['verdict'])} {observed}".strip()


def _state(said: Any) -> str:
    return "" if said is None else str(Case(state=said["state"]).get_state_display())


def _event_value(key: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if key == "status":
        return str(EventStatus(value).label)
    return date.fromisoformat(value).isoformat() if key in ("day", "decided_on") else str(value)


def _span(days: Any) -> str:
    if not days:
        return ""
    first, last = date.fromisoformat(days["first_day"]), date.fromisoformat(days["last_day"])
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except ArithmeticError:
        return str(value)


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
