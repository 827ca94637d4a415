"""A correction carried out inside one transaction: the fact, the results and standings that rest on it, and what differs.

A preview is the same, rolled back at its end: there is no second way to find out what would follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from django.db import connection
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessment.actions.periods_assess import assess_period
from assessment.actions.results_assess import assess_month
from assessment.models import Assessed, AssessmentMonth, Case, EmployeeMonth, Event, MonthState
from assessment.models.corrections import Correction, CorrectionEffect, EffectKind
from assessment.selectors.period_results import LEVELS
from promotion.applications.models import UNSETTLED, Application
from promotion.models import Standing
from promotion.sweep.actions.sweep_request import request_corrected
from promotion.sweep.actions.sweep_run import finish_run
from promotion.sweep.selectors import explanation_of
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month, Term
from staff.kernel.refusals import told
from staff.models import Absence, DepartmentPeriod, Touch

#: What a result says that may differ; the rest of its row says whose it is and by which version.
SAYS = ("counts", "items", "total", "rank", "grade", "stars", "cases", "missing")
_AS_JSON = "jsonb_build_object({})"
_OF = {one: _AS_JSON.format(", ".join(f"'{name}', {one}.{name}" for name in SAYS)) for one in ("b", "a")}

_REMEMBER = """
CREATE TEMP TABLE corrected_before ON COMMIT DROP AS
SELECT id, level, month, policy, employee_id, department_id, {says} FROM assessment_result WHERE month >= %s
""".format(says=", ".join(SAYS))
_DIFFER = f"""
INSERT INTO assessment_correctioneffect
    (correction_id, kind, employee_id, department_id, policy, level, month, key, before, after)
SELECT %(correction)s, 'result', coalesce(a.employee_id, b.employee_id), coalesce(a.department_id, b.department_id),
    coalesce(a.policy, b.policy), coalesce(a.level, b.level), coalesce(a.month, b.month), '',
    CASE WHEN b.id IS NOT NULL THEN {_OF["b"]} END, CASE WHEN a.id IS NOT NULL THEN {_OF["a"]} END
FROM corrected_before b FULL JOIN (SELECT * FROM assessment_result WHERE month >= %(month)s) a ON a.id = b.id
WHERE ({", ".join(f"a.{name}" for name in SAYS)}) IS DISTINCT FROM ({", ".join(f"b.{name}" for name in SAYS)})
ORDER BY 7, 3
RETURNING employee_id, month
"""

#: Lines of pay of people as of a month: {employee: {component: amount or None}}. The app above registers it.
PayLines = Callable[[Month, Iterable[int]], dict[int, dict[str, Decimal | None]]]
_pay: list[PayLines] = []


def register_pay_lines(provider: PayLines) -> None:
    """Called once by the app that pays."""
    _pay[:] = [provider]


def carry_out(access: Access, correction: Correction) -> None:
    """Writes the fact and everything of record that rests on it, and keeps what differs as effects of the correction.

    ``correction`` has been claimed (approved, not carried out) in this transaction.
    """
    months = _sealed_from(correction.month)
    near = _ranked_beside(correction)
    paid = _paid(months, near)
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [correction.month.number])
    cases = _cases()
    after = Touch.objects.aggregate(most=Max("pk"))["most"] or 0
    _write_fact(correction)
    changed = _assess_anew(correction, months)
    _touch(changed)
    _sweep_anew(correction, months, after)
    _tell_cases(correction, cases)
    _tell_applications(correction)
    _tell_pay(correction, paid, _paid(months, near))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE corrected_before")
    Correction.objects.filter(pk=correction.pk).update(applied_at=Now())


def _ranked_beside(correction: Correction) -> list[int]:
    """The person, and everybody of the department in which they are ranked: a rank of theirs may be paid."""
    placed = DepartmentPeriod.objects.filter(period__contains=correction.month.last_day)
    own = placed.filter(employee_id=correction.employee_id).values("department")
    return sorted({correction.employee_id, *placed.filter(department__in=own).values_list("employee_id", flat=True)})


def _sealed_from(month: Month) -> list[Month]:
    sealed = AssessmentMonth.objects.filter(month__gte=month, state=MonthState.SEALED)
    return list(sealed.order_by("month").values_list("month", flat=True))


def _write_fact(correction: Correction) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('promotion.correction', %s, true)", [str(correction.pk)])
    if correction.metric is not None:
        value = None if correction.after is None else Decimal(correction.after)
        EmployeeMonth.objects.update_or_create(
            employee_id=correction.employee_id,
            month=correction.month,
            defaults={f"s{correction.metric.slot}": value},
        )
    elif correction.of_absence:
        _write_days(correction)
    else:
        right = correction.after or {}
        Event.objects.filter(pk__in=[correction.event_id]).update(
            day=date.fromisoformat(right["day"]),
            status=right["status"],
            subject=right["subject"],
            quantity=None if right["quantity"] is None else Decimal(right["quantity"]),
            decided_on=date.fromisoformat(right["decided_on"]) if right["decided_on"] else None,
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('promotion.correction', '', true)")


def refuse_changed() -> NoReturn:
    """Raises ``Refused``: the fact is not what it was when the correction was asked for."""
    raise Refused(_("It stands otherwise than when this was asked for. Decline it, and ask anew."), code="before")


def _write_days(correction: Correction) -> None:
    """Only as they were asked for: days of an open month may be saved beside it, by others, until this is written."""
    right = {name: date.fromisoformat(day) for name, day in (correction.after or {}).items()}
    stands = Absence.objects.filter(pk=correction.absence or 0, **(correction.before or {}))
    with told(
        {"absence_key": _("Another absence of the person begins on that day. Decline this, and put that one right.")}
    ):
        if correction.absence is None:
            Absence.objects.create(employee_id=correction.employee_id, kind=correction.absence_kind, **right)
        elif not (stands.update(**right) if right else stands.delete()[0]):
            refuse_changed()


def _assess_anew(correction: Correction, months: list[Month]) -> dict[int, Month]:
    """Results of record from the month on, in order; employee → the first month whose result differs."""
    system = Access.system(months[-1].last_day, "correction", channel="command")
    later = Assessed.objects.filter(month__gte=correction.month, of_record=True)
    lengths = {str(level): length for length, level in LEVELS.items()}
    terms = [(lengths[level], month) for level, month in later.values_list("level", "month") if level in lengths]
    later.update(of_record=False, watermark=None)
    for month in months:
        assess_month(access=system, month=month)
    for length, month in sorted(set(terms)):
        assess_period(access=system, term=Term.holding(month, length))
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER, {"correction": correction.pk, "month": correction.month.number})
        found: dict[int, Month] = {}
        for employee, number in cursor.fetchall():
            if employee is not None:
                found[employee] = min(found.get(employee, Month(number)), Month(number))
    return found


def _touch(changed: dict[int, Month]) -> None:
    """A ladder may rest on results: whoever's differ are judged anew, too."""
    Touch.objects.bulk_create(
        Touch(employee_id=employee, first_month=month, source="correction") for employee, month in changed.items()
    )


def _sweep_anew(correction: Correction, months: list[Month], after: int) -> None:
    system = Access.system(months[-1].last_day, "correction", channel="command")
    for month in months:
        for run in request_corrected(access=system, month=month, touched_after=after):
            finish_run(run)
            new = Standing.objects.filter(run=run).select_related("run__version")
            before = {
                one.employee_id: one
                for one in Standing.objects.filter(superseded_by=run).select_related("run__version")
            }
            for standing in new:
                _tell_standing(correction, before.pop(standing.employee_id, None), standing)
            for gone in before.values():
                _tell_standing(correction, gone, None)


def _tell_standing(correction: Correction, before: Standing | None, after: Standing | None) -> None:
    """The outcome where it differs, and every rule whose verdict or observed value does."""
    of = after or before
    if of is None:
        return
    said = [_says(one) if one is not None else {} for one in (before, after)]
    CorrectionEffect.objects.bulk_create(
        CorrectionEffect(
            correction=correction, kind=EffectKind.STANDING, employee_id=of.employee_id, policy=of.run.version.key,
            month=of.month, key=key, before=said[0].get(key), after=said[1].get(key),
        )
        for key in dict.fromkeys([*said[0], *said[1]])
        if said[0].get(key) != said[1].get(key)
    )  # fmt: skip


def _says(standing: Standing) -> dict[str, Any]:
    """``outcome`` and each rule of conditions and triggers by its key, as text."""
    explanation = explanation_of(standing)
    found: dict[str, Any] = {"outcome": str(explanation.outcome)}
    for finding in (*explanation.conditions, *explanation.triggers):
        if finding.rule is not None:
            found[finding.rule] = {
                "verdict": str(finding.verdict),
                "observed": str(finding.observed),
                "clause": finding.clause.number,
                "rule": {"zh": finding.sentence.zh, "en": finding.sentence.en},
            }
    return found


def _cases() -> dict[int, str]:
    return dict(Case.objects.values_list("pk", "state"))


def _tell_cases(correction: Correction, before: dict[int, str]) -> None:
    """Those that were raised or withdrawn by what was judged anew."""
    differing = [case for case in Case.objects.filter(month__gte=correction.month) if before.get(case.pk) != case.state]
    CorrectionEffect.objects.bulk_create(
        CorrectionEffect(
            correction=correction, kind=EffectKind.CASE, employee_id=case.employee_id,
            department_id=case.department_id, policy=case.policy, level=case.level, month=case.month, key=str(case.pk),
            before={"kind": case.kind, "state": before[case.pk]} if case.pk in before else None,
            after={"kind": case.kind, "state": case.state},
        )
        for case in differing
    )  # fmt: skip


def _tell_applications(correction: Correction) -> None:
    """Those under way whose frozen standing is one of those that differ: the decision must answer the difference."""
    months = CorrectionEffect.objects.filter(correction=correction, kind=EffectKind.STANDING)
    pairs = set(months.values_list("employee_id", "month"))
    touched = Application.objects.filter(state__in=UNSETTLED, employee_id__in={employee for employee, _ in pairs})
    CorrectionEffect.objects.bulk_create(
        CorrectionEffect(
            correction=correction, kind=EffectKind.APPLICATION, employee_id=one.employee_id,
            month=one.standing_month, key=str(one.pk), before={"state": one.state, "step": one.step},
            after={"state": one.state, "step": one.step},
        )
        for one in touched
        if (one.employee_id, one.standing_month) in pairs
    )  # fmt: skip


def _paid(months: list[Month], employees: list[int]) -> dict[Month, dict[int, dict[str, Decimal | None]]]:
    return {month: _pay[0](month, employees) for month in months} if _pay else {}


def _tell_pay(
    correction: Correction,
    before: dict[Month, dict[int, dict[str, Decimal | None]]],
    after: dict[Month, dict[int, dict[str, Decimal | None]]],
) -> None:
    CorrectionEffect.objects.bulk_create(
        CorrectionEffect(
            correction=correction, kind=EffectKind.PAY, employee_id=employee, month=month, key=component,
            before=_amount(before[month].get(employee, {}).get(component)), after=_amount(lines.get(component)),
        )
        for month, people in after.items()
        for employee, lines in people.items()
        for component in sorted({*lines, *before[month].get(employee, {})})
        if before[month].get(employee, {}).get(component) != lines.get(component)
    )  # fmt: skip


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
