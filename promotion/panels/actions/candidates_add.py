"""HR adds candidates to a round that is arranged and takes no scores yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import note
from promotion.applications.models import Act
from promotion.panels.actions.round_arrange import claimed, refuse_barred, tell_candidates
from promotion.panels.guards import locked, require_other_line
from promotion.panels.models import Candidate, Judge, Round, RoundState, Stance
from promotion.panels.selectors import barred, place_of, sitting
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell


@transaction.atomic
def add_candidates(*, access: Access, round_id: int, applications: Sequence[int], now: datetime) -> Round:
    """``applications`` by id; they come behind those who are there, in the order given. They stand where the round's own
    candidates do: step, version with its values, tier. Every judge is asked anew about conflicts of interest, since a word
    given before was about fewer people; what was declared about single candidates stays.

    Raises ``Refused`` (scores are taken, or it is over; no candidate; somebody who is in another round; unlike candidates; a
    judge who may not judge them), ``Forbidden``.
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    round = locked(access, round_id, RoundState.ARRANGED)
    if round.closes_at <= now:
        raise Refused(_("Its closing time is past. Cancel it and arrange it anew."), code="closes_at")
    rows = claimed(access, applications)
    if place_of(rows[0]) != place_of(round):
        raise Refused(
            _(
                "A round is for one step, one version of a policy and one tier. Choose candidates that share the round's."
            ),
            code="applications",
        )
    require_other_line(access, [row.employee for row in rows])
    judges = list(sitting(round))
    refuse_barred([seat.account for seat in judges], barred(rows, access.day))
    last = round.candidates.aggregate(last=Max("ordinal"))["last"] or 0
    for row in rows:
        last += 1
        Candidate.objects.update_or_create(round=round, application=row, defaults={"ordinal": last, "left_at": None})
        note(access, row, Act.ARRANGED, step=round.step, data={"round": round.pk})
    Judge.objects.filter(pk__in=[seat.pk for seat in judges]).exclude(stance=Stance.ASKED).update(
        stance=Stance.ASKED, words="", declared_at=None
    )
    audit.record(
        access, "candidates_added", object_type="round", object_key=round.pk,
        after={"candidates": [row.employee.employee_no for row in rows]},
    )  # fmt: skip
    tell(
        Message(f"round:{round.pk}:widened:{last}:{seat.pk}", seat.account_id, "round_widened", {"round": round.pk})
        for seat in judges
    )
    tell_candidates(round, rows, f":{last}")
    return round
