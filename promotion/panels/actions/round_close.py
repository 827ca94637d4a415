"""HR closes a round: totals, places, and what follows for each candidate."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policy.language.checked import ProcessStep
from promotion.applications.actions.step_finish import decline, finish_step
from promotion.applications.models import Act, Attestation
from promotion.applications.process import transition_to
from promotion.panels.actions.round_open import refuse_hindered
from promotion.panels.guards import locked, worded
from promotion.panels.models import Candidate, Outcome, Round, RoundState, ScoreSheet
from promotion.panels.scoring import Placed, placed, total_of
from promotion.panels.selectors import is_complete, live_candidates, process_of
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Account, Role
from staff.selectors.grants import accounts_of_role

PANEL = "panel"


@transaction.atomic
def close_round(*, access: Access, round_id: int, minutes: str, now: datetime) -> Round:
    """Before its closing time or after, but only with every judge's sheet for everybody: never with fewer than the panel.
    Whoever passed goes on, whoever did not is declined by the step's clause; those equal at a competition's last vacancy
    wait for the general manager. ``minutes`` hold the questions and any dissent. From now on the scores can be read.

    Raises ``Refused`` (not open; sheets are missing; a conflict is not settled; no minutes), ``Forbidden``.
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    found = locked(access, round_id, RoundState.OPEN)
    refuse_hindered(found)
    if not is_complete(found):
        raise Refused(_incomplete(found, now), code="incomplete")
    found.minutes = worded(minutes, "minutes")
    step = process_of(found)
    candidates = list(live_candidates(found))
    places = placed(
        _totals(found, candidates), bar=found.bar, above=step.bar_op == ">", vacancies=found.vacancies
    )  # fmt: skip
    for candidate in candidates:
        place = places[candidate.pk]
        candidate.total, candidate.rank, candidate.outcome = place.total, place.rank, place.outcome
    Candidate.objects.bulk_update(candidates, ["total", "rank", "outcome"])
    found.state, found.closed_at, found.closed_by_id = RoundState.CLOSED, now, access.account_id
    found.save(update_fields=["state", "closed_at", "closed_by", "minutes"])
    for candidate in candidates:
        settle_candidate(access, found, candidate, step)
    _record(access, found, places)
    _tell(access, found, candidates)
    return found


def settle_candidate(access: Access, round: Round, candidate: Candidate, step: ProcessStep, words: str = "") -> None:
    """What an outcome does to the application; nothing while it is tied. ``words`` are the decision's, of a tie."""
    if candidate.outcome == Outcome.TIED:
        return
    key = f"round:{round.pk}:{candidate.pk}"
    passed = candidate.outcome in (Outcome.PASSED, Outcome.WON)
    _attest(access, round, candidate, passed=passed)
    if passed:
        facts = {"review_total": str(candidate.total)}
        won = {"competition_won": True} if candidate.outcome == Outcome.WON else {}
        finish_step(
            access=access, application=candidate.application, step=round.step, act=Act.PASSED, words=words,
            data={"round": round.pk, **facts}, facts={**facts, **won}, key=key,
        )  # fmt: skip
        return
    said = words or _reason(round, candidate, step)
    decline(
        access=access, application=candidate.application, step=round.step, words=said, clause=step.clause,
        data={"round": round.pk, "review_total": str(candidate.total)}, key=key,
    )  # fmt: skip


def _reason(round: Round, candidate: Candidate, step: ProcessStep) -> str:
    if candidate.outcome == Outcome.NOT_WON:
        return _("The panel gave %(total)s; the %(n)s vacancies went to those with a higher total.") % {
            "total": candidate.total,
            "n": round.vacancies,
        }
    return _("The panel gave %(total)s; it takes %(op)s %(bar)s.") % {
        "total": candidate.total,
        "op": "≥" if step.bar_op == ">=" else step.bar_op,
        "bar": round.bar,
    }


def _attest(access: Access, round: Round, candidate: Candidate, *, passed: bool) -> None:
    """A clause that the policy leaves to the panel is met by whoever passed, and by nobody else."""
    transition = transition_to(round.version, round.values, round.to_tier)
    clauses = [clause.number for clause in transition.clauses if clause.attest == PANEL]
    if not clauses or access.account_id is None:
        return
    application = candidate.application
    known = set(
        Attestation.objects.filter(application=application, attempt=application.attempt).values_list(
            "clause", flat=True
        )
    )
    reason = _("Total of the panel: %(total)s.") % {"total": candidate.total}
    Attestation.objects.bulk_create(
        Attestation(
            application=application, clause=number, attempt=application.attempt, role=PANEL, met=passed,
            reason=reason, by_id=access.account_id,
        )
        for number in clauses
        if number not in known
    )  # fmt: skip


def _incomplete(round: Round, now: datetime) -> str:
    if now < round.closes_at:
        return _("Not every sheet is in yet. A round is closed when all of them are.")
    return _(
        "Its time is over and not every sheet is in. Replace whoever was absent, with a later closing time, or cancel the "
        "round and repeat it; it is never closed with fewer than the panel."
    )


def _totals(round: Round, candidates: list[Candidate]) -> dict[int, Decimal]:
    given: dict[int, list[Decimal]] = {candidate.pk: [] for candidate in candidates}
    rows = ScoreSheet.objects.filter(
        candidate__in=candidates, judge__replaced_at=None, submitted_at__isnull=False
    ).order_by("judge")
    for candidate_id, total in rows.values_list("candidate_id", "total"):
        given[candidate_id].append(total or Decimal(0))
    return {pk: total_of(totals, round.aggregate) for pk, totals in given.items()}


def _record(access: Access, round: Round, places: dict[int, Placed]) -> None:
    """The closing, and now that it may be known, every sheet that was handed in, of those who were replaced too."""
    sheets = ScoreSheet.objects.filter(judge__round=round, submitted_at__isnull=False).select_related(
        "judge__account", "candidate__application"
    )
    audit.record_all(
        access,
        "sheet_handed_in",
        [
            audit.Entry(
                sheet.pk, sheet.candidate.application.employee_id,
                after={
                    "round": round.pk, "judge": sheet.judge.account.username,
                    "at": timezone.localtime(sheet.submitted_at).isoformat(timespec="seconds"),
                },
            )
            for sheet in sheets.order_by("submitted_at", "pk")
        ],
        object_type="score",
    )  # fmt: skip
    outcomes = [place.outcome.value for place in places.values()]
    audit.record(
        access, "round_closed", object_type="round", object_key=round.pk, before={"state": RoundState.OPEN},
        after={"state": RoundState.CLOSED, "outcomes": {name: outcomes.count(name) for name in sorted(set(outcomes))}},
    )  # fmt: skip


def _tell(access: Access, round: Round, candidates: list[Candidate]) -> None:
    """Each candidate and judge; and the general manager where somebody is tied."""
    people = [candidate.application.employee_id for candidate in candidates]
    accounts = set(Account.objects.filter(employee__in=people, is_active=True).values_list("pk", flat=True))
    accounts |= set(round.judges.filter(replaced_at=None).values_list("account_id", flat=True))
    tell(Message(f"round:{round.pk}:closed:{pk}", pk, "round_closed", {"round": round.pk}) for pk in sorted(accounts))
    tied = next((one for one in candidates if one.outcome == Outcome.TIED), None)
    if tied is not None:
        managers = accounts_of_role(Role.GM, tied.application.employee, access.day)
        tell(Message(f"round:{round.pk}:tied:{pk}", pk, "tie_to_decide", {"round": round.pk}) for pk in managers)
