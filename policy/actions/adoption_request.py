"""HR asks that a policy be put in force, or takes the request back. Neither changes anything in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from policy.actions.policy_adopt import faults_told, unknown_policy
from policy.language import bind
from policy.models import AdoptionRequest, DraftState, PolicyVersion, RequestState
from policy.selectors import policy_named, unbound
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.models import Department


@transaction.atomic
def request_adoption(
    *,
    access: Access,
    key: str,
    department: Department,
    starts_on: date,
    values: Mapping[str, str] | None = None,
    consultation: str = "",
    version: PolicyVersion | None = None,
) -> AdoptionRequest:
    """Arguments as of ``adopt``, which runs once the general manager approves: only there are conflicts found.

    Raises ``Refused`` (unknown key, values that cannot be read or are missing, a day that has passed), ``Forbidden``
    (a department outside one's scope; the operator adopts without a request).
    """
    access.require(Thing.POLICY, Verb.CREATE)
    maker = account_of(access)
    require_department(access, department)
    if starts_on < access.day:
        raise Refused(_("A policy is adopted from today on: %(day)s or later.") % {"day": access.day}, code="starts_on")
    given = dict(values or {})
    try:
        with faults_told():
            bind(unbound(version) if version else policy_named(key), given)
    except KeyError:
        raise unknown_policy(key) from None
    request = AdoptionRequest.objects.create(
        policy=key,
        version=version,
        department=department,
        starts_on=starts_on,
        values=given,
        consultation=consultation,
        requested_by_id=maker,
    )
    audit.record(
        access,
        "adoption_requested",
        object_type="adoption_request",
        object_key=request.pk,
        after={
            "policy": key,
            "version": version.number if version else None,
            "department": department.name,
            "from": starts_on.isoformat(),
            "values": given,
            "consultation": consultation or None,
        },
    )
    return request


@transaction.atomic
def withdraw_request(*, access: Access, request_id: int, now: datetime) -> AdoptionRequest:
    """Raises ``Refused`` where it has been decided already, ``Forbidden`` for anybody but its maker."""
    access.require(Thing.POLICY, Verb.CREATE)
    maker = account_of(access)
    if not AdoptionRequest.objects.filter(pk=request_id, requested_by=maker).exists():
        raise Forbidden(_("A request is withdrawn by whoever made it."))
    require_by_itself(request_id)
    request = settle(request_id, state=RequestState.WITHDRAWN, decided_at=now)
    audit.record(access, "adoption_request_withdrawn", object_type="adoption_request", object_key=request_id)
    return request


def require_department(access: Access, department: Department) -> None:
    """Raises ``Forbidden`` for a department outside the scope in which one may ask."""
    scope = access.scope(Thing.POLICY, Verb.CREATE)
    if not scope.company and department.pk not in scope.departments:
        raise Forbidden(_("%(department)s is outside your scope.") % {"department": department})


def require_by_itself(request_id: int) -> None:
    """Raises ``Refused`` for a request that goes with a draft which is not decided yet."""
    if AdoptionRequest.objects.filter(pk=request_id, draft__state=DraftState.SUBMITTED).exists():
        raise Refused(_("This request goes with a draft: it is settled on the draft's page."), code="with_draft")


def account_of(access: Access) -> int:
    """The account that asks or decides. Raises ``Forbidden`` on the server, where nobody is named."""
    if access.account_id is None:
        raise Forbidden(_("On the server a policy is adopted by the command, without a request."))
    return access.account_id


def settle(request_id: int, **settled: object) -> AdoptionRequest:
    """Claims the request while it waits: of two who settle it at once, one is refused."""
    if not AdoptionRequest.objects.filter(pk=request_id, state=RequestState.PENDING).update(**settled):
        raise Refused(_("This request has been settled already."), code="settled")
    return AdoptionRequest.objects.select_related("department", "version").get(pk=request_id)
