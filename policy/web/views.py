"""The portal's pages of policies: what is in force, one's own first, each whole beside how it is computed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from policy.language import Faults
from policy.models import Adoption
from policy.selectors import adoptions_visible_to, unbound, versions_visible_to
from policy.web.page import policy_page
from staff.kernel.access import Access, Thing, Verb
from staff.models import DepartmentClosure, DepartmentPeriod
from staff.web.reach import access_in


@require_GET
@login_required
def policies(request: HttpRequest) -> HttpResponse:
    access = access_in(request)
    access.require(Thing.POLICY, Verb.READ)
    own = _own_departments(access)
    found = _in_force(access)
    return render(
        request,
        "policy/policies.html",
        {
            "here": "policies",
            "own": [one for one in found if one.department_id in own],
            "others": [one for one in found if one.department_id not in own],
        },
    )


@require_GET
@login_required
def policy(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version that one may read, with the values of the adoption that governs the reader, else of the first in force."""
    access = access_in(request)
    access.require(Thing.POLICY, Verb.READ)
    version = get_object_or_404(versions_visible_to(access), key=key, number=number)
    own = _own_departments(access)
    found = [one for one in _in_force(access) if one.version_id == version.pk]
    values_of = next((one for one in found if one.department_id in own), found[0] if found else None)
    try:
        context = policy_page(access, unbound(version), version, values_of)
    except Faults:
        return render(request, "policy/unreadable.html", {"here": "policies", "version": version})
    return render(request, "policy/policy.html", {"here": "policies", "own": own, **context})


def _in_force(access: Access) -> list[Adoption]:
    rows = adoptions_visible_to(access).filter(period__contains=access.day)
    return list(
        rows.select_related("version", "department").defer("version__document").order_by("policy", "period", "pk")
    )


def _own_departments(access: Access) -> set[int]:
    """The reader's department on the day and all above it: an adoption by one of them governs the reader."""
    if access.employee_id is None:
        return set()
    placed = DepartmentPeriod.objects.filter(employee=access.employee_id, period__contains=access.day)
    above = DepartmentClosure.objects.filter(descendant__in=placed.values("department"))
    return set(above.values_list("ancestor", flat=True))
