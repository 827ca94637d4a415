"""Results of one's team, or of whomever one looks after, in the portal: the board of the admin, a phone's width first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assessment.web.result_board import ResultPage
from assessment.web.result_board_charts import marks_chart, totals_chart, trend_chart
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import Role
from staff.web.reach import access_in

_LEADERS = frozenset({Role.SUPERVISOR, Role.HEAD})


def looks_after_results(access: Access) -> bool:
    """Whether there is anybody beside oneself whose results may be read."""
    return not replace(access.scope(Thing.STANDING), own=None).empty


def leads_alone(access: Access) -> bool:
    """Whether those people are a team: of a supervisor or head who works with nobody else's."""
    roles = access.roles_for(Thing.STANDING, Verb.READ) - {Role.EMPLOYEE}
    return bool(roles) and roles <= _LEADERS


@require_GET
@login_required
def team_results(request: HttpRequest) -> HttpResponse:
    """The period asked for, or the last month; a search as one types swaps the table alone."""
    access = access_in(request)
    access.require(Thing.STANDING, Verb.READ)
    if not looks_after_results(access):
        raise Forbidden(_("This page is for whoever looks after others. Your own results are under “My results”."))
    part = bool(getattr(request, "htmx", False))
    shown = ResultPage(access, request.GET, trend=not part)
    context: dict[str, Any] = {"page": shown, "bands": shown.bands(), "here_url": reverse("team-results")}
    if part:
        response = render(request, "assessment/_board_table.html", context)
    else:
        context |= {
            "here": "team-results",
            "title": _("Results of my team") if leads_alone(access) else _("Results"),
            "charts": [chart for chart in (marks_chart(shown), totals_chart(shown)) if chart],
            "trend": trend_chart(shown),
        }
        response = render(request, "assessment/team_results.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
