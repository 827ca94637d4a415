"""The general manager approves what HR asked for, which puts it in force; or declines it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from policy.actions.adoption_request import account_of, require_by_itself, settle
from policy.actions.policy_adopt import adopt
from policy.models import AdoptionRequest, RequestState
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb


@transaction.atomic
def decide_adoption(*, access: Access, request_id: int, approve: bool, reason: str, now: datetime) -> AdoptionRequest:
    """Approving adopts in the same transaction: where ``adopt`` refuses, the request waits on.

    Raises ``Refused`` (settled already, declined without a reason, and whatever ``adopt`` raises), ``Forbidden`` (one's
    own request).
    """
    access.require(Thing.POLICY, Verb.DECIDE)
    checker = account_of(access)
    if AdoptionRequest.objects.filter(pk=request_id, requested_by__in=access.accounts).exists():
        raise Forbidden(_("Maker is not checker: another general manager decides on your request."))
    require_by_itself(request_id)
    reason = reason.strip()
    if not (approve or reason):
        raise Refused(_("Say why, so that HR can put it right."), code="reason")
    state = RequestState.APPROVED if approve else RequestState.DECLINED
    request = settle(request_id, state=state, decided_by_id=checker, decided_at=now, reason=reason)
    audit.record(
        access,
        f"adoption_request_{state.value}",
        object_type="adoption_request",
        object_key=request_id,
        after={"policy": request.policy, "department": request.department.name},
        reason=reason,
    )
    if approve:
        adopt(
            access=access,
            key=request.policy,
            department=request.department,
            starts_on=request.starts_on,
            values=request.values,
            consultation=request.consultation,
            request=request,
            version=request.version,
        )
    return request
