"""Whoever it lies with answers a doubt: what was put right, or why it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import worded
from assessment.models import Doubt, DoubtState
from assessment.selectors.doubts import step_of
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Account


@transaction.atomic
def answer_doubt(*, access: Access, doubt: Doubt, text: str, now: datetime) -> Doubt:
    """The supervisor's answer, which the person may still pass on; or HR's, which is the last. It changes no fact: that is
    done where facts are entered.

    Raises ``Refused`` (no words; settled or passed on meanwhile, naming who was first), ``Forbidden`` (one's own, a
    superior's, out of scope, not one's turn, or the last answer by whoever gave the first).
    """
    step = require_turn(access, doubt)
    words: dict[str, Any] = {"answer": worded(text), "answered_by_id": access.account_id, "answered_at": now}
    if step == DoubtState.RAISED:
        words |= {f"supervisor_{name}": value for name, value in words.items()}
    before = doubt.state
    claimed = Doubt.objects.filter(pk=doubt.pk, state=before).update(state=DoubtState.ANSWERED, **words)
    doubt.refresh_from_db()
    if not claimed:
        refuse_settled(doubt)
        raise Refused(_("It has been passed on to HR meanwhile. Load the page again."), code="state")
    audit.record(
        access,
        "doubt_answered",
        object_type="doubt",
        object_key=doubt.pk,
        employee_id=doubt.employee_id,
        before={"state": before},
        after={"state": doubt.state, "step": step},
    )
    _tell_the_person(doubt, step)
    return doubt


def require_turn(access: Access, doubt: Doubt) -> DoubtState:
    """The step at which the account answers. Raises ``Refused`` (settled), ``Forbidden``, as ``answer_doubt`` does."""
    _require(access, doubt)
    refuse_settled(doubt)
    step = step_of(access, doubt)
    if step is None:
        raise Forbidden(_("It lies with HR now; HR of the person's department answers."))
    if step == DoubtState.WITH_HR and access.account_id is not None:
        _refuse_the_first_again(access.account_id, doubt)
    return step


def refuse_settled(doubt: Doubt) -> None:
    """Raises ``Refused``, saying who was first, where nobody owes an answer any more."""
    if doubt.state == DoubtState.WITHDRAWN:
        raise Refused(_("It was withdrawn by the person who raised it."), code="state")
    if doubt.state == DoubtState.ANSWERED:
        raise Refused(
            _("%(who)s answered first, at %(when)s. Load the page again to read it.")
            % {"who": doubt.answered_by, "when": timezone.localtime(doubt.answered_at).strftime("%Y-%m-%d %H:%M")},
            code="state",
        )


def _require(access: Access, doubt: Doubt) -> None:
    verb = Verb.UPDATE if access.may(Thing.DOUBT, Verb.UPDATE) else Verb.DECIDE
    access.require_about(doubt.employee_id, Thing.DOUBT, verb)
    require_in_scope(access, doubt.employee, Verb.READ, Thing.DOUBT)


def _refuse_the_first_again(account_id: int, doubt: Doubt) -> None:
    """Whoever answered first does not answer in the end (roles, rule 2)."""
    if doubt.supervisor_answered_by_id == account_id:
        raise Forbidden(_("The first answer was yours; the last one is given by somebody else of HR."))


def _tell_the_person(doubt: Doubt, step: DoubtState) -> None:
    account = Account.objects.filter(employee=doubt.employee_id, is_active=True).values_list("pk", flat=True).first()
    if account is not None:
        tell([Message(f"doubt:{doubt.pk}:answered:{step}", account, "doubt_answered", {"doubt": doubt.pk})])
