"""HR opens a round to scores, once the panel is whole and nothing is left to settle."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from promotion.panels.actions.round_arrange import check_panel, refuse_barred
from promotion.panels.guards import locked
from promotion.panels.models import Recusal, Round, RoundState
from promotion.panels.selectors import barred, hindrances, live_candidates, sitting
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell


@transaction.atomic
def open_round(*, access: Access, round_id: int, now: datetime) -> Round:
    """Scores are taken from its opening time on.

    Raises ``Refused`` (not arranged any more; closing time is past; the panel is not whole; somebody has not declared; a
    conflict or challenge is not settled, or was upheld and the judge not replaced; nobody stands before it any more),
    ``Forbidden``.
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    found = locked(access, round_id, RoundState.ARRANGED)
    if found.closes_at <= now:
        raise Refused(_("Its closing time is past. Cancel it and arrange it anew."), code="closes_at")
    judges = [seat.account for seat in sitting(found)]
    check_panel(judges, found.panel, found.aggregate)
    rows = [candidate.application for candidate in live_candidates(found)]
    if not rows:
        raise Refused(_("None of its candidates stands before it any more. Cancel it."), code="state")
    refuse_barred(judges, barred(rows, access.day))
    refuse_hindered(found)
    found.state = RoundState.OPEN
    found.save(update_fields=["state"])
    audit.record(
        access, "round_opened", object_type="round", object_key=found.pk,
        before={"state": RoundState.ARRANGED}, after={"state": RoundState.OPEN},
    )  # fmt: skip
    tell(
        Message(f"round:{found.pk}:opened:{account.pk}", account.pk, "round_opened", {"round": found.pk})
        for account in judges
    )
    return found


def refuse_hindered(round: Round) -> None:
    """Raises ``Refused``, naming who has not declared, what is to be settled, and who is to be replaced."""
    names = [str(seat.account) for seat in hindrances(round) if seat.stance == "asked"]
    if names:
        raise Refused(
            _("Not declared yet whether there is a conflict of interest: %(names)s.") % {"names": _listed(names)},
            code="undeclared",
        )
    recusals = Recusal.objects.filter(judge__round=round, judge__replaced_at=None, candidate__left_at=None)
    if recusals.filter(upheld=None).exists():
        raise Refused(_("A conflict of interest or a challenge is not settled yet. Settle it first."), code="unsettled")
    upheld = [str(seat.account) for seat in hindrances(round)]
    if upheld:
        raise Refused(_("Recused, and to be replaced first: %(names)s.") % {"names": _listed(upheld)}, code="recused")


def _listed(names: list[str]) -> str:
    return pgettext("list", ", ").join(names)
