"""What the general manager must have before an application can be approved, and what is still in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from policy.compiler import Finding, Outcome, Verdict
from policy.language.checked import Clause
from promotion.applications.attesting import Answer, complete, unanswered
from promotion.applications.models import DECISION, Application, ApplicationKind
from promotion.applications.standings import (
    Difference,
    differences,
    frozen_findings,
    has_by_process,
    standing_of_record,
    unknown_of,
    yielded,
)
from promotion.models import Standing
from promotion.sweep.selectors import explanation_of
from staff.kernel.access import Refused


@dataclass(frozen=True, slots=True)
class Grounds:
    """``now`` is the standing of record of today; ``waits`` names measured rules that are known in neither; ``unsettled`` are
    rules on the process's own results that are not met; ``unanswered`` clauses that nobody found met.
    """

    now: Standing | None
    differences: tuple[Difference, ...]
    waits: tuple[Finding, ...]
    not_yet: tuple[Finding, ...]
    unsettled: tuple[Finding, ...]
    unanswered: tuple[Clause, ...]


def grounds_of(application: Application) -> Grounds:
    """Of a skip-level promotion the merit and the panel are the grounds, so nothing measured stands in its way."""
    now = standing_of_record(application.employee_id)
    if application.kind == ApplicationKind.SKIP:
        return Grounds(now, (), (), (), (), ())
    conditions, _triggers = frozen_findings(application)
    waits: tuple[Finding, ...] = unknown_of(conditions)
    not_yet: tuple[Finding, ...] = ()
    if waits and now is not None and now.run_id != application.standing_run_id:
        waits, not_yet = _today(application, now)
    left = unanswered(application, application.attestations.all(), list(application.events.all()))
    found = yielded(application) if has_by_process(application) else ()
    unsettled = tuple(f for f in found if f.verdict is not Verdict.MET)
    return Grounds(now, differences(application, now), waits, not_yet, unsettled, tuple(left))


def _today(application: Application, now: Standing) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Handed in while data was missing, it rests on what is known now: what still waits, and what is not met."""
    found = explanation_of(now).conditions
    if now.tier != application.from_tier or now.outcome in (Outcome.ELIGIBLE, Outcome.TOP):
        return (), ()
    return unknown_of(found), tuple(f for f in found if f.attest is None and f.verdict is Verdict.UNMET)


def refuse_ungrounded(application: Application, grounds: Grounds, words: str, answers: Mapping[str, Answer]) -> None:
    """Raises ``Refused`` for the first thing in the way of an approval: data that is waited for, a difference to today that no
    word is said about, a result of the process, a clause.
    """
    if grounds.waits:
        months = sorted({str(month) for finding in grounds.waits for month in finding.missing})
        raise Refused(
            _(
                "It waits for data (%(clauses)s; %(months)s). It can be decided once they are reported and the month is sealed."
            )
            % {"clauses": _numbers(grounds.waits), "months": ", ".join(months) or "–"},
            code="waits",
        )
    if grounds.not_yet:
        raise Refused(
            _("With the data that was waited for this is not met: %(clauses)s. It can be declined with that clause.")
            % {"clauses": _numbers(grounds.not_yet)},
            code="not_yet",
        )
    if grounds.differences and not words.strip():
        raise Refused(
            _(
                "Today's standing differs from the frozen one (%(clauses)s). Say in words why it is approved nevertheless."
            )
            % {"clauses": _numbers([difference.finding for difference in grounds.differences])},
            code="words",
        )
    if grounds.unsettled:
        raise Refused(
            _("What the process has yielded does not meet %(clauses)s.") % {"clauses": _numbers(grounds.unsettled)},
            code="yielded",
        )
    here = complete(application, DECISION, answers)
    left = [clause.number for clause in grounds.unanswered if not (clause.number in here and here[clause.number].met)]
    if left:
        raise Refused(
            _("Not found met: %(clauses)s. It cannot be approved.") % {"clauses": _(", ").join(left)}, code="attested"
        )


def _numbers(found: list[Finding] | tuple[Finding, ...]) -> str:
    return _(", ").join(dict.fromkeys(finding.clause.number for finding in found))
