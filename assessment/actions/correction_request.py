"""HR asks that a fact of a sealed month be put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import LONGEST
from assessment.models import AssessmentMonth, EmployeeMonth, Event, Metric, MonthState
from assessment.models.corrections import Correction, CorrectionFile
from assessment.numbers import require_fits
from assessment.selectors.needs import measures_of
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.attachments import File, keep_all
from staff.kernel.periods import Month
from staff.kernel.refusals import told
from staff.models import Absence, AbsenceKind, Employee

#: What of an event may have been entered wrongly. Its person and kind stay: another event says those.
EVENT_FACTS = ("day", "status", "subject", "quantity", "decided_on")


@transaction.atomic
def request_value_correction(
    *,
    access: Access,
    employee: Employee,
    month: Month,
    metric: Metric,
    after: Decimal | None,
    reason: str,
    files: Iterable[File] = (),
) -> Correction:
    """``after``: the right number; None where nothing should have been reported. ``files`` show it. Nothing changes before
    another approves.

    Raises ``Refused`` (no reason, the same number, a month that is not sealed, outside the bounds, one that waits already, a
    file that is not taken), ``Forbidden`` (not HR of the person, oneself, a superior).
    """
    _require(access, employee, month, reason)
    if after is not None:
        require_fits(measures_of(month, {metric: after}, [employee.pk])[employee.pk, metric.pk], after)
    row = EmployeeMonth.objects.filter(employee=employee, month=month).first()
    before = getattr(row, f"s{metric.slot}") if row else None
    if before == after:
        raise Refused(_("That is what stands already."), code="after")
    return _keep(
        access, reason, files, employee=employee, month=month, metric=metric, before=as_number(before),
        after=as_number(after),
    )  # fmt: skip


@transaction.atomic
def request_event_correction(
    *, access: Access, event: Event, after: Mapping[str, Any], reason: str, files: Iterable[File] = ()
) -> Correction:
    """``after`` holds every one of ``EVENT_FACTS``. An event that never was is ``withdrawn``. A finding that came later is no
    correction: it is entered with the day it was found.

    Raises as ``request_value_correction``; ``Refused`` also where the event would leave its month, or the kind has no such
    status.
    """
    month = month_of(event.day, event.decided_on)
    _require(access, event.employee, month, reason)
    right, stood = as_facts(after), facts_of(event)
    if right == stood:
        raise Refused(_("That is what stands already."), code="after")
    if month_of(after["day"], after["decided_on"]) != month:
        raise Refused(
            _("The event would leave %(month)s, which is sealed. Withdraw it here, and report it in its own month.")
            % {"month": month},
            code="day",
        )
    known = {*event.kind.statuses, "withdrawn", event.status}
    if after["status"] not in known:
        raise Refused(_("%(kind)s has no such status.") % {"kind": event.kind.zh}, code="status")
    return _keep(access, reason, files, employee=event.employee, month=month, event=event, before=stood, after=right)


@transaction.atomic
def request_absence_correction(
    *,
    access: Access,
    employee: Employee,
    absence: Absence | None,
    days: tuple[date, date] | None,
    reason: str,
    kind: str = "",
    files: Iterable[File] = (),
) -> Correction:
    """``days``: the first and the last that are right, both included; None where the person was not away. Without an
    ``absence`` a new one of that ``kind``. Days outside sealed months move with it; a kind is put right where it was entered.

    Raises as ``request_value_correction``; ``Refused`` also where the days are out of order, the kind is unknown, or the days
    of no sealed month, or of several, would change: a correction puts one month right.
    """
    access.require_about(employee.pk, Thing.ABSENCE, Verb.UPDATE)
    stood = days_of(absence) if absence else None
    right = _days(*days) if days else None
    if days and days[1] < days[0]:
        raise Refused(_("The last day lies before the first."), code="last_day")
    if absence is None and kind not in AbsenceKind.values:
        raise Refused(_("There is no kind of absence `%(kind)s`.") % {"kind": kind}, code="kind")
    if stood == right:
        raise Refused(_("That is what stands already."), code="last_day")
    before = (absence.first_day, absence.last_day) if absence else None
    differing = _sealed_days(before) ^ _sealed_days(days)
    months = sorted({month for month, _first, _last in differing})
    if not months:
        raise Refused(_("No day of a sealed month changes: put it right where it is entered."), code="not_sealed")
    if len(months) > 1:
        raise Refused(
            _("Days of several sealed months would change (%(months)s). Ask for one month at a time.")
            % {"months": ", ".join(map(str, months))},
            code="last_day",
        )
    _require(access, employee, months[0], reason)
    return _keep(
        access, reason, files, employee=employee, month=months[0], absence=absence.pk if absence else None,
        absence_kind="" if absence else kind, before=stood, after=right,
    )  # fmt: skip


def _sealed_days(days: tuple[date, date] | None) -> set[tuple[Month, date, date]]:
    """Each sealed month with those of the days that lie in it."""
    if days is None:
        return set()
    first, last = days
    sealed = AssessmentMonth.objects.filter(state=MonthState.SEALED, month__range=(Month.of(first), Month.of(last)))
    return {
        (month, max(first, month.first_day), min(last, month.last_day))
        for month in sealed.values_list("month", flat=True)
    }


def days_of(absence: Absence) -> dict[str, str]:
    """What stands of an absence, as text."""
    return _days(absence.first_day, absence.last_day)


def _days(first: date, last: date) -> dict[str, str]:
    return {"first_day": first.isoformat(), "last_day": last.isoformat()}


def month_of(day: date, decided_on: date | None) -> Month:
    """The month that an event counts in, which its sealing fixes."""
    return Month.of(max(day, decided_on) if decided_on else day)


def facts_of(event: Event) -> dict[str, Any]:
    """What stands of an event, as text."""
    return as_facts({name: getattr(event, name) for name in EVENT_FACTS})


def as_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Days as ISO text, the quantity as a plain number, null where there is none."""
    return {
        "day": facts["day"].isoformat(),
        "status": facts["status"],
        "subject": facts["subject"],
        "quantity": as_number(facts["quantity"]),
        "decided_on": facts["decided_on"].isoformat() if facts["decided_on"] else None,
    }


def as_number(value: Decimal | None) -> str | None:
    """Without the zeros at its end."""
    return None if value is None else f"{value.normalize():f}"


def _require(access: Access, employee: Employee, month: Month, reason: str) -> None:
    access.require_about(employee.pk, Thing.VALUE, Verb.UPDATE)
    access.require(Thing.MONTH, Verb.UPDATE)
    require_in_scope(access, employee, Verb.UPDATE, Thing.MONTH)
    if not AssessmentMonth.objects.filter(month=month, state=MonthState.SEALED).exists():
        raise Refused(
            _("%(month)s is not sealed: what was reported is changed where it was entered.") % {"month": month},
            code="not_sealed",
        )
    if not reason.strip():
        raise Refused(_("Say why, and what shows it."), code="reason")
    if len(reason) > LONGEST:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code="reason")


def _keep(access: Access, reason: str, files: Iterable[File], **fact: Any) -> Correction:
    access.require_person()
    waits = _("A correction of this waits already; decide on that one first.")
    once = ("one_open_correction_a_value", "one_open_correction_an_event", "one_open_correction_of_days")
    with told(dict.fromkeys(once, waits)), transaction.atomic():
        correction = Correction.objects.create(reason=reason.strip(), requested_by_id=access.account_id or 0, **fact)
    kept = keep_all(access, files, about_employee_id=correction.employee_id)
    CorrectionFile.objects.bulk_create(CorrectionFile(correction=correction, attachment=one) for one in kept)
    audit.record(
        access,
        "correction_requested",
        object_type="correction",
        object_key=correction.pk,
        employee_id=correction.employee_id,
        before=correction.before,
        after=correction.after,
    )
    return correction
