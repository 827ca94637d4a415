"""HR settles a conflict of interest or a challenge."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.panels.guards import locked, worded
from promotion.panels.models import Recusal
from promotion.panels.selectors import UNDER_WAY, account_of
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell


@transaction.atomic
def settle_recusal(
    *, access: Access, round_id: int, recusal_id: int, upheld: bool, answer: str, now: datetime
) -> Recusal:
    """Upheld: the judge is to be replaced, and scores nobody meanwhile. The answer is read by whoever raised it.

    Raises ``Refused`` (the round is over; no answer; settled already, naming who was first), ``Forbidden`` (also for a
    judge about their own).
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    round = locked(access, round_id, *UNDER_WAY)
    found = Recusal.objects.filter(judge__round=round, pk=recusal_id).select_related("judge", "candidate__application")
    recusal = found.first()
    if recusal is None:
        raise Refused(_("There is no such challenge in this round. Load the page again."), code="recusal")
    if access.account_id is not None and recusal.judge.account_id == access.account_id:
        raise Forbidden(_("It is about you; a colleague settles it."))
    if recusal.upheld is not None:
        raise Refused(_("%(who)s has settled it already.") % {"who": recusal.settled_by or "-"}, code="state")
    recusal.upheld, recusal.answer, recusal.settled_at = upheld, worded(answer, "answer"), now
    recusal.settled_by_id = access.account_id
    recusal.save(update_fields=["upheld", "answer", "settled_at", "settled_by"])
    audit.record(
        access, "recusal_settled", object_type="round", object_key=round.pk,
        employee_id=recusal.candidate.application.employee_id,
        after={"judge": recusal.judge.account.username, "upheld": upheld},
    )  # fmt: skip
    account = (
        account_of(recusal.candidate.application.employee_id) if recusal.by_candidate else recusal.judge.account_id
    )
    if account is not None:
        tell([Message(f"recusal:{recusal.pk}:{now.isoformat()}", account, "recusal_settled", {"round": round.pk})])
    return recusal
