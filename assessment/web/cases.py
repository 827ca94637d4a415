"""Cases in the portal: one's own, those of the people one leads, and one case whole."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assessment.models import Case
from assessment.selectors.cases import case_in_scope, cases_of_others, own_cases, reads_others
from assessment.web.case_words import view_of, views_of, with_turns
from staff.kernel.access import Access, Thing, Verb
from staff.models import SupervisorPeriod
from staff.web.reach import access_in

_A_PAGE = 20
#: As many of one's own stand on the page.
_OWN = 60

#: The page of a case that an app above takes further than its facts; None for the others.
CasePage = Callable[[HttpRequest, Access, int], HttpResponse | None]
_pages: list[CasePage] = []


def register_case_page(page: CasePage) -> None:
    """Called once by the app above."""
    if page not in _pages:
        _pages.append(page)


@require_GET
@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """One's own first; for whoever leads or looks after others, theirs below."""
    access = access_in(request)
    access.require(Thing.CASE, Verb.READ)
    others = reads_others(access)
    page = Paginator(cases_of_others(access), _A_PAGE).get_page(request.GET.get("page")) if others else None
    own = list(own_cases(access)[:_OWN]) if access.employee_id is not None else []
    shown = with_turns(access, views_of([*own, *(page.object_list if page else ())]))
    context = {
        "here": "cases", "title": _("Cases") if others else _("My cases"), "page": page, "own": shown[: len(own)],
        "others": shown[len(own) :], "is_person": access.employee_id is not None,
    }  # fmt: skip
    return render(request, "assessment/cases.html", context)


@require_GET
@login_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_in(request)
    for page in _pages:
        if (shown := page(request, access, pk)) is not None:
            return shown
    found = case_or_404(access, pk)
    context = {
        "here": "cases", "view": view_of(found), "own": found.employee_id == access.employee_id,
        "supervisor": supervisor_of(found, access),
    }  # fmt: skip
    return render(request, "assessment/case.html", context)


def case_or_404(access: Access, pk: int) -> Case:
    """Raises ``Http404`` for one outside the scope, ``Forbidden`` for whoever reads no case."""
    access.require(Thing.CASE, Verb.READ)
    try:
        return case_in_scope(access, pk)
    except Case.DoesNotExist as error:
        raise Http404 from error


def supervisor_of(found: Case, access: Access) -> str:
    """The name of whoever leads the person today; empty for a team, and where nobody does."""
    led = SupervisorPeriod.objects.filter(employee=found.employee_id, period__contains=access.day)
    return led.values_list("supervisor__name", flat=True).first() or "" if found.employee_id else ""
