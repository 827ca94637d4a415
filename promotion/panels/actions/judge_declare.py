"""A judge says whether there is a conflict of interest with any candidate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.panels.guards import own_seat, refuse_state, worded
from promotion.panels.models import Judge, Recusal, Round, RoundState, ScoreSheet, Stance
from promotion.panels.selectors import UNDER_WAY
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell


@transaction.atomic
def declare(
    *,
    access: Access,
    round_id: int,
    conflict: bool,
    now: datetime,
    words: str = "",
    candidates: Sequence[int] = (),
    seen: Collection[int] = (),
) -> Judge:
    """For the whole round: none, or one with those ``candidates`` (ids; none named means all), in words. HR settles it. It may
    still be declared while the round is open: what the judge has drafted for them goes, and scores are taken no more.
    ``seen`` are the candidates whom the judge was shown (ids); empty where that is not known.

    Raises ``Refused`` (the round is over; a conflict was declared already; candidates were added since; no words; whoever is
    no candidate of it),
    ``Forbidden`` (no judge of it).
    """
    access.require(Thing.SCORE, Verb.CREATE)
    seat = own_seat(access, round_id)
    round = Round.objects.select_for_update().get(pk=round_id)
    refuse_state(round, *UNDER_WAY)
    seat.refresh_from_db()
    if seat.replaced_at is not None or seat.stance == Stance.CONFLICT:
        raise Refused(_("You have declared a conflict already; HR settles it."), code="stance")
    if not conflict and seat.stance == Stance.CLEAR:
        return seat
    if seen and round.candidates.filter(left_at=None).exclude(pk__in=seen).exists():
        raise Refused(_("Candidates have been added meanwhile. Look at all of them, then declare."), code="added")
    seat.stance = Stance.CONFLICT if conflict else Stance.CLEAR
    seat.words = worded(words) if conflict else ""
    seat.declared_at = now
    seat.save(update_fields=["stance", "words", "declared_at"])
    if conflict:
        _recuse(round, seat, candidates)
    audit.record(
        access, "conflict_declared", object_type="round", object_key=round.pk,
        after={"judge": seat.account.username, "stance": seat.stance},
    )  # fmt: skip
    return seat


def _recuse(round: Round, seat: Judge, named: Sequence[int]) -> None:
    among = round.candidates.filter(left_at=None)
    among = among.filter(pk__in=named) if named else among
    found = list(among)
    if len(found) < len(set(named)):
        raise Refused(_("Not all of those named are candidates of this round. Load the page again."), code="candidates")
    ScoreSheet.objects.filter(judge=seat, candidate__in=found, submitted_at__isnull=True).delete()
    for candidate in found:
        Recusal.objects.update_or_create(
            judge=seat, candidate=candidate,
            defaults={
                "by_candidate": False, "words": seat.words, "upheld": None, "answer": "", "settled_by": None,
                "settled_at": None,
            },
        )  # fmt: skip
    tell_arranger(round, f"round:{round.pk}:conflict:{seat.pk}")


def tell_arranger(round: Round, key: str) -> None:
    """Whoever arranged it is told that there is something to settle."""
    if round.arranged_by_id is not None and round.state in (RoundState.ARRANGED, RoundState.OPEN):
        tell([Message(key, round.arranged_by_id, "recusal_raised", {"round": round.pk})])
