"""HR takes a candidate out of a round before it takes scores; the application stands at its step as before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import note
from promotion.applications.models import Act
from promotion.panels.guards import locked, worded
from promotion.panels.models import Candidate, RoundState
from promotion.panels.selectors import LIVE, account_of
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell


@transaction.atomic
def take_out_candidate(*, access: Access, round_id: int, candidate_id: int, reason: str, now: datetime) -> Candidate:
    """The reason is the person's to read; they can be put into another round, or into this one again. The order of the
    others stays.

    Raises ``Refused`` (scores are taken, or it is over; no reason; who stands before it no more; the only one left, for
    whom the round is cancelled), ``Forbidden``.
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    round = locked(access, round_id, RoundState.ARRANGED)
    live = round.candidates.filter(LIVE).select_related("application__employee")
    found = live.filter(pk=candidate_id).first()
    if found is None:
        raise Refused(_("They stand before this panel no more. Load the page again."), code="candidate")
    if not live.exclude(pk=candidate_id).exists():
        raise Refused(_("Nobody else stands before this panel. Cancel the round instead."), code="last")
    why = worded(reason, "reason")
    found.left_at = now
    found.save(update_fields=["left_at"])
    note(access, found.application, Act.UNSEATED, step=round.step, words=why, data={"round": round.pk})
    audit.record(
        access, "candidate_taken_out", object_type="round", object_key=round.pk,
        employee_id=found.application.employee_id, reason=why[:300],
    )  # fmt: skip
    account = account_of(found.application.employee_id)
    if account is not None:
        payload = {"application": found.application_id}
        tell([Message(f"round:{round.pk}:out:{found.pk}:{now.isoformat()}", account, "application_unseated", payload)])
    return found
