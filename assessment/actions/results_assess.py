"""Assess a month: its totals, grades, ranks, stars and the cases they raise, for every policy with a scorecard."""

from __future__ import annotations

from django.db import DataError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from assessment.actions.cases_raise import raise_cases
from assessment.actions.results_keep import alone, governed_by, keep, mark_failed, mark_later, policies_of, stale
from assessment.models import Assessed, AssessmentMonth, Level, MonthState
from assessment.selectors.result_faults import failing_part
from assessment.selectors.results import assessed_now, first_month, statement_of
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.gate import Known, known_snapshot
from staff.kernel.periods import Month, months_between


def assess_month(*, access: Access, month: Month) -> int:
    """Brings the month's results up to date, earlier ones that they rest on first; the number of rows written.

    Only what differs is written. Results of a sealed month are of record once they stand: they stay as they were told.
    A policy that the database cannot compute keeps no other from going on: what fails of it is kept with its period, where
    ``selectors/result_faults.py`` puts it into words, and it is tried again next time.
    Raises ``Forbidden``; ``Refused`` for a month that has not ended (the shell may ask for any).
    """
    access.require(Thing.RUN, Verb.CREATE)
    if access.channel != "command" and month >= Month.of(access.day):
        raise Refused(_("%(month)s has not ended yet.") % {"month": month}, code="not_ended")
    with alone(), known_snapshot() as known:
        written = sum(bring_months(access, policy, month, month, known) for policy in policies_of(Level.MONTH, month))
        if written:
            audit.record(access, "month_assessed", object_type="month", object_key=str(month), after={"rows": written})
    return written


def bring_months(access: Access, policy: str, first: Month, last: Month, known: Known) -> int:
    """A policy's months up to ``last``, in order: from ``first`` on, and those before of which something is known, for a
    streak that starts anew rests on all of them; not beyond one that fails. For whoever is ``alone``; the number of rows
    written.
    """
    known_from = first_month(policy) or first
    start, written = min(known_from, first), 0
    of_record, current = _brought(policy, start, last, known)
    for month in months_between(start, last):
        if month not in of_record and (written or month not in current):
            done = _assess(access, policy, month, known)
            if done is None:
                break
            written += done
    return written


def _brought(policy: str, first: Month, last: Month, known: Known) -> tuple[set[Month], set[Month]]:
    """Months whose results are of record, and those that are up to date unless an earlier one changes. One query."""
    sealed = AssessmentMonth.objects.filter(month=OuterRef("month"), state=MonthState.SEALED)
    states = Assessed.objects.filter(policy=policy, level=Level.MONTH, month__gte=first, month__lte=last)
    rows = states.values_list("month", "of_record", "watermark", Exists(sealed))
    return (
        {month for month, of_record, *_ in rows if of_record},
        {month for month, _, watermark, waits in rows if watermark == known.watermark and not waits},
    )


def _assess(access: Access, policy: str, month: Month, known: Known) -> int | None:
    """One month of a policy, if something that it rests on has changed since it was assessed. Of record it raises cases. None
    where it cannot be computed: nothing of it is written then but that it fails.
    """
    state, _made = Assessed.objects.get_or_create(policy=policy, level=Level.MONTH, month=month)
    if state.of_record:
        return 0
    try:
        with transaction.atomic():
            return _bring(access, state, month, known)
    except DataError:
        mark_failed(state, failing_part(governed_by(policy, month), month))
        return None


def _bring(access: Access, state: Assessed, month: Month, known: Known) -> int:
    policy = state.policy
    sealed = AssessmentMonth.objects.filter(month=month, state=MonthState.SEALED).exists()
    written = _write(policy, month) if stale(state, known) else 0
    if written:
        mark_later(policy, month)
    if written or sealed or state.watermark != known.watermark:
        Assessed.objects.filter(pk=state.pk).update(
            watermark=known.watermark, of_record=sealed, assessed_at=known.at, failure=""
        )
    if sealed:
        raise_cases(access=access, policy=policy, level=Level.MONTH, month=month)
    return written


def _write(policy: str, month: Month) -> int:
    fresh = [
        (governed, assessed_now(governed, month), statement_of(governed.checked).scorecard.full_marks)
        for governed in governed_by(policy, month)
    ]
    return keep(Level.MONTH, policy, month, fresh)
