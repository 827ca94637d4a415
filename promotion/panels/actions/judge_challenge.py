"""A candidate asks that a judge does not judge them (challenge 回避)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.panels.actions.judge_declare import tell_arranger
from promotion.panels.guards import refuse_state, worded
from promotion.panels.models import Candidate, Judge, Recusal, Round, RoundState
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb


@transaction.atomic
def challenge_judge(*, access: Access, round_id: int, judge_id: int, words: str) -> Recusal:
    """Before scoring opens, once a judge; HR settles it, with an answer.

    Raises ``Refused`` (scoring has opened; no words; challenged already; no such judge), ``Forbidden`` (no candidate of it).
    """
    access.require(Thing.APPLICATION, Verb.CREATE)
    own = Candidate.objects.filter(round=round_id, application__employee=access.employee_id, left_at=None)
    candidate = own.select_related("application").first() if access.employee_id else None
    if candidate is None:
        raise Forbidden(_("A judge is challenged by a candidate of the round."))
    round = Round.objects.select_for_update().get(pk=round_id)
    refuse_state(round, RoundState.ARRANGED)
    judge = Judge.objects.filter(round=round, pk=judge_id, replaced_at=None).first()
    if judge is None:
        raise Refused(_("That judge sits in this round no more. Load the page again."), code="judge")
    found, made = Recusal.objects.get_or_create(
        judge=judge, candidate=candidate, defaults={"by_candidate": True, "words": worded(words)}
    )
    if not made:
        raise Refused(_("You have challenged this judge already, or they have recused themselves."), code="twice")
    audit.record(
        access, "judge_challenged", object_type="round", object_key=round.pk,
        employee_id=candidate.application.employee_id, after={"judge": judge.account.username},
    )  # fmt: skip
    tell_arranger(round, f"round:{round.pk}:challenge:{found.pk}")
    return found
