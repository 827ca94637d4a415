"""A person is not content with the supervisor's answer: the doubt goes on to HR, once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import require_own, tell_whoever_answers
from assessment.models import Doubt, DoubtState
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.refusals import told


@transaction.atomic
def pass_on_doubt(*, access: Access, doubt: Doubt) -> Doubt:
    """Raises ``Refused`` (nobody has answered, HR has, or the same is doubted anew), ``Forbidden`` (not one's own)."""
    require_own(access, doubt)
    if not doubt.may_go_on:
        raise Refused(_refusal(doubt), code="state")
    anew = _("You have doubted the same anew; HR can be asked about that one.")
    with told({"one_open_doubt_a_value": anew, "one_open_doubt_an_event": anew}):
        claimed = Doubt.objects.filter(
            pk=doubt.pk, state=DoubtState.ANSWERED, answered_by=doubt.supervisor_answered_by_id
        ).update(state=DoubtState.WITH_HR, answer="", answered_by=None, answered_at=None)
    doubt.refresh_from_db()
    if not claimed:
        raise Refused(_refusal(doubt), code="state")
    audit.record(
        access,
        "doubt_passed_on",
        object_type="doubt",
        object_key=doubt.pk,
        employee_id=doubt.employee_id,
        before={"state": DoubtState.ANSWERED},
        after={"state": doubt.state},
    )
    tell_whoever_answers(doubt, access)
    return doubt


def _refusal(doubt: Doubt) -> str:
    if doubt.state == DoubtState.WITH_HR:
        return _("It is with HR already.")
    if doubt.state == DoubtState.ANSWERED:
        return _("HR has answered, and that answer is the last.")
    return _("It goes to HR once the supervisor has answered.")
