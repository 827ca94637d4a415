"""Results of a period 考核结果: everybody by department, how they lie and move, one person whole, the file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from assessment.admin.results_file import sheets
from assessment.web.result_board import ResultPage
from assessment.web.result_board_charts import marks_chart, totals_chart, trend_chart
from assessment.web.result_board_person import person_shown
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.exports import workbook_response
from staff.models import Department, Employee


@page("results/", "results", Thing.STANDING)
def results(request: HttpRequest) -> HttpResponse:
    """The period asked for, or the last month. A filter as it is set swaps the table alone."""
    access = access_of_request(request)
    part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    departments = list(Department.objects.visible_to(access))
    shown = ResultPage(access, request.GET, departments=departments, trend=not part)
    context: dict[str, Any] = {"page": shown, "bands": shown.bands(), "here_url": reverse("admin:results")}
    if part:
        response = render(request, "admin/assessment/_results_table.html", context)
    else:
        context |= {
            "title": _("Results"),
            "charts": [chart for chart in (marks_chart(shown), totals_chart(shown)) if chart],
            "trend": trend_chart(shown),
            "may_export": may_in_admin(access, Thing.STANDING, Verb.EXPORT),
            "person": request.GET.get("person", ""),
        }
        response = render(request, "admin/assessment/results.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@page("results/person/", "results-person", Thing.STANDING)
def person(request: HttpRequest) -> HttpResponse:
    """One person's result beside the table. Opened by itself, the page of it."""
    access = access_of_request(request)
    number = request.GET.get("person", "").replace("\0", "")
    visible = Employee.objects.visible_to(access, Verb.READ, Thing.STANDING)
    employee = get_object_or_404(visible, employee_no=number)
    whole = not request.htmx  # type: ignore[attr-defined]
    found = person_shown(access, employee, request.GET)
    context = {"person": employee, "shown": found, "title": employee.name}
    template = "admin/assessment/result_person.html" if whole else "admin/assessment/_result_drawer.html"
    return render(request, template, context)


@page("results/export/", "results-export", Thing.STANDING, Verb.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list holds, all pages of it, of the people whose results the reader may take out."""
    access = access_of_request(request)
    departments = list(Department.objects.visible_to(access))
    shown = ResultPage(access, request.GET, Verb.EXPORT, departments=departments, trend=False)
    return workbook_response(" ".join([_("Results"), str(shown.span)]), sheets(shown))
