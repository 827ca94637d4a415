"""Assess a quarter or a year: the means of people and teams, their grades and ranks, and the cases they raise."""

from __future__ import annotations

from django.db import DataError, transaction
from django.utils.translation import gettext as _

from assessment.actions.cases_raise import raise_cases
from assessment.actions.results_assess import bring_months
from assessment.actions.results_keep import alone, governed_by, keep, mark_failed, mark_later, policies_of, stale
from assessment.models import Assessed, Level
from assessment.selectors.period_results import LEVELS, period_assessed_now
from assessment.selectors.result_faults import PERIOD, failures
from assessment.selectors.results import first_in_force, first_month
from policy.compiler.period import Subject
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.gate import Known, known_snapshot
from staff.kernel.periods import Month, Term, terms_between

_SUBJECTS: tuple[Subject, ...] = ("person", "team")


def assess_period(*, access: Access, term: Term) -> int:
    """Brings the results of a quarter or a year up to date: months first, then quarters, then years, people before teams,
    for each rests on the one before; the number of rows written. Of a policy that fails the others go on, as in
    ``assess_month``.

    Only what differs is written. Once all its months are of record, so is a quarter or a year: it stays as it was told.
    Raises ``Forbidden``; ``Refused`` for one that has not ended (the shell may ask for any).
    """
    access.require(Thing.RUN, Verb.CREATE)
    if access.channel != "command" and term.last >= Month.of(access.day):
        raise Refused(_("%(period)s has not ended yet.") % {"period": term}, code="not_ended")
    with alone(), known_snapshot() as known:
        policies = policies_of(LEVELS[term.length], term.last)
        written = sum(_bring(access, policy, term, known) for policy in policies)
        if written:
            audit.record(access, "period_assessed", object_type="period", object_key=str(term), after={"rows": written})
    return written


def assess_ended(*, access: Access) -> int:
    """The last quarter and the last year that ended before the day, after those before them; the number of rows written.

    One that ended before anything was known is left alone: nobody could have a total.
    """
    written = 0
    for length in (3, 12):
        term = Term.holding(Month.of(access.day) - length, length)
        policies = policies_of(LEVELS[length], term.last)
        starts = [start for policy in policies if (start := first_month(policy)) is not None]
        if starts and min(starts) <= term.last:
            written += assess_period(access=access, term=term)
    return written


def _bring(access: Access, policy: str, term: Term, known: Known) -> int:
    """A policy's quarter or year, after all that it and its streaks rest on."""
    start = min(first_month(policy) or term.first, term.first)
    first = Term.holding(start, term.length).first
    begun = first_in_force(policy)
    written = bring_months(access, policy, max(first, begun) if begun else first, term.last, known)
    if failures(term.last, [policy], level=Level.MONTH):
        return written
    for length in (3, 12):
        if length <= term.length:
            told = Assessed.objects.filter(policy=policy, level=LEVELS[length], of_record=True)
            of_record = set(told.values_list("month", flat=True))
            terms = terms_between(first, Term.holding(term.last, length))
            written += sum(_assess(access, policy, each, known) for each in terms if each.last not in of_record)
    return written


def _assess(access: Access, policy: str, term: Term, known: Known) -> int:
    """One quarter or year of a policy, if something that it rests on has changed since it was assessed."""
    level = LEVELS[term.length]
    state, _made = Assessed.objects.get_or_create(policy=policy, level=level, month=term.last)
    try:
        with transaction.atomic():
            return _brought(access, state, term, known)
    except DataError:
        mark_failed(state, PERIOD)
        return 0


def _brought(access: Access, state: Assessed, term: Term, known: Known) -> int:
    policy, level = state.policy, LEVELS[term.length]
    written = _write(policy, term) if stale(state, known) else 0
    if written:
        mark_later(policy, term.last)
    sealed = _sealed(policy, term)
    if written or sealed or state.watermark != known.watermark:
        Assessed.objects.filter(pk=state.pk).update(
            watermark=known.watermark, of_record=sealed, assessed_at=known.at, failure=""
        )
    if sealed:
        raise_cases(access=access, policy=policy, level=level, month=term.last)
    return written


def _write(policy: str, term: Term) -> int:
    """People, then the teams whose means they make. Without items there is no total, and nothing to say of a team."""
    level, written = LEVELS[term.length], 0
    governed = governed_by(policy, term.last)
    for subject in _SUBJECTS:
        fresh = [
            (each, period_assessed_now(each, term, subject), None)
            for each in governed
            if subject == "person" or (each.checked.scorecard and each.checked.scorecard.items)
        ]
        written += keep(level, policy, term.last, fresh, teams=subject == "team")
    return written


def _sealed(policy: str, term: Term) -> bool:
    """Whether the last month, and every other that the policy was assessed in, is of record."""
    months = Assessed.objects.filter(policy=policy, level=Level.MONTH, month__gte=term.first, month__lte=term.last)
    states = dict(months.values_list("month", "of_record"))
    return states.get(term.last, False) and all(states.values())
