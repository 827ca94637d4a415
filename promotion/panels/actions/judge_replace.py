"""HR replaces a judge before closing; the reason is kept, and the sheets of whoever goes do not count."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.panels.actions.round_arrange import chosen_judges, refuse_barred, seat_judges
from promotion.panels.guards import locked, worded
from promotion.panels.models import Judge
from promotion.panels.selectors import UNDER_WAY, barred, live_candidates
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell


@transaction.atomic
def replace_judge(
    *,
    access: Access,
    round_id: int,
    judge_id: int,
    account_id: int,
    reason: str,
    now: datetime,
    closes_at: datetime | None = None,
) -> Judge:
    """The new judge declares and scores everybody anew. ``closes_at`` is a later closing time; it is needed where the old one
    is past.

    Raises ``Refused`` (closed; replaced already; no reason; somebody who sits there or may not judge; a closing time that
    is past or earlier than before), ``Forbidden``.
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    round = locked(access, round_id, *UNDER_WAY)
    old = Judge.objects.select_for_update().filter(round=round, pk=judge_id, replaced_at=None).first()
    if old is None:
        raise Refused(_("That judge was replaced already. Load the page again."), code="judge")
    new = chosen_judges(access, [account_id])
    if Judge.objects.filter(round=round, account=account_id).exists():
        raise Refused(_("%(name)s sits or sat in this round already.") % {"name": new[0]}, code="account")
    refuse_barred(new, barred([candidate.application for candidate in live_candidates(round)], access.day))
    closes = closes_at or round.closes_at
    if closes <= now or closes < round.closes_at:
        raise Refused(
            _("Give a closing time that is still to come, so that the new judge can score everybody."), code="closes_at"
        )
    if closes != round.closes_at:
        round.closes_at = closes
        round.save(update_fields=["closes_at"])
    why = worded(reason, "reason")
    old.replaced_at, old.reason = now, why
    old.save(update_fields=["replaced_at", "reason"])
    [seat] = seat_judges(access, round, new)
    old.replaced_by = seat
    old.save(update_fields=["replaced_by"])
    audit.record(
        access, "judge_replaced", object_type="round", object_key=round.pk,
        before={"judge": old.account.username}, after={"judge": new[0].username}, reason=why[:300],
    )  # fmt: skip
    tell([Message(f"round:{round.pk}:replaced:{old.pk}", old.account_id, "judge_replaced", {"round": round.pk})])
    return seat
