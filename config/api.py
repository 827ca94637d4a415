"""The addresses of ``/api/``: the interface for programs, its description, and what its problems mean."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from assessment.api.cases import CasesViewSet
from assessment.api.facts import EventsViewSet, ItemsViewSet, ValuesViewSet
from assessment.api.months import MonthsViewSet
from payroll.api.views import PayViewSet
from policy.api.views import AdoptionsViewSet, PoliciesViewSet
from promotion.api.applications import ApplicationsViewSet
from promotion.api.notices import NoticesViewSet
from promotion.api.views import ExplanationsViewSet, RunsViewSet, StandingsViewSet
from staff.api.absences import AbsencesViewSet
from staff.api.people import DepartmentsViewSet, PeopleViewSet
from staff.kernel.api.problems import KINDS

router = SimpleRouter()
router.trailing_slash = "/?"  # a client that leaves it out must not lose its body to a redirect
router.register("people", PeopleViewSet, "people")
router.register("departments", DepartmentsViewSet, "departments")
router.register("absences", AbsencesViewSet, "absences")
router.register("values", ValuesViewSet, "values")
router.register("items", ItemsViewSet, "items")
router.register("events", EventsViewSet, "events")
router.register("cases", CasesViewSet, "cases")
router.register("months", MonthsViewSet, "months")
router.register("policies", PoliciesViewSet, "policies")
router.register("adoptions", AdoptionsViewSet, "adoptions")
router.register("applications", ApplicationsViewSet, "applications")
router.register("notices", NoticesViewSet, "notices")
router.register("standings", StandingsViewSet, "standings")
router.register("explanations", ExplanationsViewSet, "explanations")
router.register("runs", RunsViewSet, "runs")
router.register("pay", PayViewSet, "pay")


@require_safe
def problems(request: HttpRequest, name: str = "") -> HttpResponse:
    """What each kind of problem means, or one of them; its address is the problem's ``type``."""
    shown = [kind for kind in KINDS if name in ("", kind.name)]
    if not shown:
        raise Http404
    return render(request, "api/problems.html", {"kinds": shown, "alone": bool(name)})


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include((router.urls, "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(template_name="api/docs.html"), name="api-docs"),
    path("docs/problems/", problems, name="api-problems"),
    path("docs/problems/<slug:name>/", problems, name="api-problem"),
]
