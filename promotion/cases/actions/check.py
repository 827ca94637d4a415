"""HR checks the facts of a case and answers every item of protection, with evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from promotion.applications.owners import heads_of
from promotion.cases.actions.move import done_before, move, said, state_in
from promotion.cases.bounds import HR, person_of, require_as
from promotion.cases.models import CaseAct, Proceeding, ProceedingState, ProtectedBy, ProtectionAnswer, Track
from staff.kernel.access import Access, Refused, Verb
from staff.kernel.workdays import term_end

#: Working days within which the letter is served once the facts are checked (a reading).
SERVE = 5
S = ProceedingState


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one item: whether it applies, by which evidence; ``until`` when it ends, where that is known."""

    applies: bool
    evidence: str
    until: date | None = None


@transaction.atomic
def check_case(
    *, access: Access, proceeding: Proceeding, facts: str, answers: Mapping[str, Answer], key: str | None = None
) -> Proceeding:
    """``answers``: every item of ``ProtectedBy``. Silence clears nothing. A clause of dismissal is checked anew before
    its outcome, and whenever something changes, without moving on.

    Raises ``Forbidden``; ``Refused`` (an item without an answer or evidence; nobody but the checker would be left to decide;
    stands elsewhere meanwhile).
    """
    require_as(access, proceeding, HR, Verb.UPDATE)
    if done_before(proceeding, key):
        return proceeding
    facts = said(facts)
    for item in ProtectedBy:
        answer = answers.get(item)
        if answer is None or not answer.evidence.strip():
            raise Refused(
                _("“%(item)s” is not answered. Say yes or no and by which evidence: silence clears nobody.")
                % {"item": item.label},
                code=item,
            )
    protected = any(answer.applies for answer in answers.values())
    first = Q(state=S.PROPOSED)
    if proceeding.state == S.PROPOSED:
        _require_a_decider(access, proceeding)
        changes: dict[str, Any] = {"state": S.CHECKED, "due_on": term_end(access.day, SERVE)}
        where = first
    else:
        changes = {}
        where = Q(state_in(S.CHECKED, S.SERVED, S.STATED, S.ARRANGED, S.REASSESSED), track=Track.DISMISSAL)
    moved = move(
        access=access, proceeding=proceeding, where=where, act=CaseAct.CHECKED, role="hr", words=facts, key=key,
        checks=F("checks") + 1, protected=protected, checked_on=access.day, checked_by=access.account_id, **changes,
    )  # fmt: skip
    ProtectionAnswer.objects.bulk_create(
        ProtectionAnswer(
            proceeding=moved, attempt=moved.checks, item=item, applies=answers[item].applies,
            evidence=answers[item].evidence.strip(), until=answers[item].until, by_id=access.account_id or 0,
        )
        for item in ProtectedBy
    )  # fmt: skip
    return moved


def _require_a_decider(access: Access, proceeding: Proceeding) -> None:
    """Whoever checks the facts does not decide, so the only head of a department leaves the check to another of HR."""
    able = set(heads_of(person_of(proceeding), access.day)) if proceeding.track == Track.DEMOTION else set()
    if able and able <= access.accounts:
        raise Refused(
            _(
                "You are the only head who can decide on this case, and whoever checks the facts does not decide. Let another "
                "of HR check them; if there is none, have the role given to somebody first."
            ),
            code="decider",
        )
