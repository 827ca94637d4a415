"""A person takes a doubt back while nobody has answered it in the end."""

from __future__ import annotations

from django.db import transaction

from assessment.actions.doubt_answer import refuse_settled
from assessment.actions.doubt_raise import require_own
from assessment.models import OPEN_DOUBTS, Doubt, DoubtState
from assessment.selectors.doubts import accounts_that_answer
from staff.kernel import audit
from staff.kernel.access import Access
from staff.kernel.outbox import Message, tell


@transaction.atomic
def withdraw_doubt(*, access: Access, doubt: Doubt) -> Doubt:
    """Raises ``Refused`` (settled, naming who was first), ``Forbidden`` (not one's own)."""
    require_own(access, doubt)
    refuse_settled(doubt)
    lay_with = list(accounts_that_answer(doubt, access.day))
    before = doubt.state
    claimed = Doubt.objects.filter(pk=doubt.pk, state__in=OPEN_DOUBTS).update(state=DoubtState.WITHDRAWN)
    doubt.refresh_from_db()
    if not claimed:
        refuse_settled(doubt)
    audit.record(
        access,
        "doubt_withdrawn",
        object_type="doubt",
        object_key=doubt.pk,
        employee_id=doubt.employee_id,
        before={"state": before},
        after={"state": doubt.state},
    )
    tell(Message(f"doubt:{doubt.pk}:withdrawn:{one}", one, "doubt_withdrawn", {"doubt": doubt.pk}) for one in lay_with)
    return doubt
