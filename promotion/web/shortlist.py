"""Vacant posts in the portal: the list with each one's record, and the general manager's choice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from promotion.shortlist.actions.vacancy_decide import decide_vacancy
from promotion.shortlist.models import Vacancy
from promotion.shortlist.selectors import clause_text, shortlist, to_decide, vacancies
from promotion.web.tiers import views_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.web.reach import access_in

_A_PAGE = 30
#: What the form sends for nobody.
_NOBODY = "-"


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    access = access_in(request)
    access.require(Thing.VACANCY, Verb.READ)
    page = Paginator(vacancies(access), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "promotion/shortlist/list.html", {"here": "vacancies", "page": page})


@require_http_methods(["GET", "POST"])
@login_required
def vacancy(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST decides: ``chosen`` is an employee no., or - for nobody; ``words`` says why."""
    access = access_in(request)
    access.require(Thing.VACANCY, Verb.READ)
    found = vacancies(access).filter(pk=pk).first()
    if found is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        access.require(Thing.VACANCY, Verb.DECIDE)
        try:
            _decide(request, access, found)
        except Forbidden:
            raise
        except Refused as error:
            refused = error.message
            found = vacancies(access).get(pk=pk)
        else:
            messages.success(request, _("It is decided and recorded; whom it concerns is told."))
            return redirect("vacancy", pk)
    context = {**page_of(access, found), "here": "vacancies", "refused": refused, "posted": request.POST}
    context["decides"] = to_decide(access).filter(pk=pk).exists()
    return render(request, "promotion/shortlist/vacancy.html", context, status=422 if refused else 200)


def page_of(access: Access, found: Vacancy) -> dict[str, Any]:
    """What a page shows of a vacancy, in the portal and in the administration."""
    views = views_of([found.version.key])
    key = found.version.key
    listed = [
        (one, [(views.get((key, tier)), since) for tier, since in one.path]) for one in shortlist(found, access.day)
    ]
    return {
        "v": found,
        "tier": views.get((found.version.key, found.tier)),
        "listed": listed,
        "clause": clause_text(found.version, found.clause),
        "policy_url": reverse("policy", args=[found.version.key, found.version.number]),
    }


def _decide(request: HttpRequest, access: Access, found: Vacancy) -> None:
    number, words = request.POST.get("chosen", ""), request.POST.get("words", "")
    if not number:
        raise Refused(_("Choose one of them, or nobody."), code="chosen")
    people = {one.employee.employee_no: one.employee for one in shortlist(found, access.day)}
    if number != _NOBODY and number not in people:
        raise Refused(_("Only whoever is listed can be chosen. Load the page again."), code="chosen")
    decide_vacancy(access=access, vacancy=found, chosen=people.get(number), words=words)
