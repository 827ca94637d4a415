"""The page of a standing: one's own, or of somebody in one's scope; the latest, or of any past month."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from promotion.web.reach import leads_people
from promotion.web.standing_page import standing_page
from staff.kernel.access import Access, Thing
from staff.kernel.periods import Month
from staff.models import Employee
from staff.web.reach import access_in, employee_of, person_or_404


@require_GET
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """The account's own standing; an account without an employee has none."""
    access = access_in(request)
    employee = employee_of(request)
    if employee is None:
        return HttpResponseRedirect(reverse("home"))
    return _page(request, access, employee, here="me")


@require_GET
@login_required
def person(request: HttpRequest, employee_no: str) -> HttpResponse:
    """Somebody in scope. Out of scope there is no such person."""
    access = access_in(request)
    employee = person_or_404(access, employee_no, thing=Thing.STANDING)
    if employee.pk == access.employee_id:
        return HttpResponseRedirect(reverse("me"))
    return _page(request, access, employee, here="people")


def _page(request: HttpRequest, access: Access, employee: Employee, *, here: str) -> HttpResponse:
    try:
        month = Month.parse(request.GET["month"]) if request.GET.get("month") else None
    except ValueError as error:
        raise Http404 from error
    page = standing_page(access, employee, month=month, today=timezone.localdate())
    if page is None:
        raise Http404
    return render(
        request, "promotion/standing.html", {"here": here, "page": page, "reader": access, "team": leads_people(access)}
    )
