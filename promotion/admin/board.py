"""The board of a month 月度评定: what the sweep came to, what changed and why, everybody clause by clause."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from promotion.admin.board_file import sheets
from promotion.admin.board_filters import Chosen, change_options, clause_groups, tier_groups, verdict_options
from promotion.admin.board_page import RunsShown, around, flow_of, swept_months, table_page
from promotion.admin.tiers import OUTCOMES
from promotion.sweep.actions.sweep_request import request_sweep
from promotion.sweep.board import Board, Tally
from promotion.web.changes import changes_told
from promotion.web.standing_page import StandingPage, standing_page
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin import may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.exports import workbook_response
from staff.kernel.periods import Month
from staff.models import Department, Employee
from staff.selectors.department_tree import tree


@page("board/", "board", Thing.STANDING)
def board(request: HttpRequest) -> HttpResponse:
    """The month asked for, or the last one that has ended and was swept. A filter as it is set swaps the table alone."""
    access = access_of_request(request)
    part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    months = [] if part else swept_months(access.day)
    month = _month(request, months[0].month if months else Month.of(access.day).previous)
    departments = list(Department.objects.visible_to(access))
    found, chosen = Board(access, month), Chosen.of(request.GET)
    tally = None if part else found.tally()
    counts = tally.steps if tally and not chosen.any else None
    tables, page_obj = table_page(found, chosen.narrowing(departments), request.GET.get("page"), counts)
    context: dict[str, Any] = {
        "month": month, "chosen": chosen, "tables": tables, "page_obj": page_obj, "board": found,
        "address": _address(request.GET, month),
    }  # fmt: skip
    if tally is None:
        response = render(request, "admin/promotion/_board_table.html", context)
    else:
        names = {one.pk: one.name for one in departments}
        context |= _head(access, found, tally, names) | {
            "title": _("Monthly sweep"), "months": months, "around": around(months, month), "nodes": tree(departments),
            "tiers": tier_groups(found), "clauses": clause_groups(found), "outcomes": OUTCOMES.values(),
            "verdicts": verdict_options(), "person": request.GET.get("person", ""),
        }  # fmt: skip
        response = render(request, "admin/promotion/board.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _head(access: Access, found: Board, tally: Tally, departments: dict[int, str]) -> dict[str, Any]:
    """What stands above the table: runs, flow, changes."""
    drawn, numbers = flow_of(found, tally)
    return {
        "tally": tally,
        "runs": RunsShown.of(found),
        "flow": drawn,
        "numbers": numbers,
        "changes": changes_told(found, tally, departments),
        "changed": change_options(found, tally),
        "may_run": may_in_admin(access, Thing.RUN, Verb.CREATE),
        "may_export": may_in_admin(access, Thing.STANDING, Verb.EXPORT),
    }


@page("board/progress/", "board-progress", Thing.STANDING)
def progress(request: HttpRequest) -> HttpResponse:
    """The month's runs, asked for every two seconds while one is at work; then the page is loaded anew."""
    access = access_of_request(request)
    month = _month(request, Month.of(access.day).previous)
    runs = RunsShown.of(Board(access, month))
    response = render(request, "admin/promotion/_board_runs.html", {"runs": runs, "month": month})
    if not runs.at_work:
        response["HX-Refresh"] = "true"
    return response


@page("board/again/", "board-again", Thing.RUN, Verb.CREATE)
def again(request: HttpRequest) -> HttpResponse:
    """Asks for the month's sweep once more: only whoever has new facts is judged anew."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    access = access_of_request(request)
    month = _month(request, Month.of(access.day).previous)
    try:
        runs = request_sweep(access=access, month=month)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        if runs:
            messages.success(request, _("The sweep has been asked for. Its progress shows here."))
        else:
            messages.error(
                request,
                _("No policy with a ladder is in force on %(day)s, so there is nobody to judge. Adopt one first.")
                % {"day": month.last_day},
            )
    return HttpResponseRedirect(f"{reverse('admin:board')}?month={month}")


@page("board/person/", "board-person", Thing.STANDING)
def person(request: HttpRequest) -> HttpResponse:
    """One person's explanation beside the table. Opened by itself, the page of the whole explanation."""
    access = access_of_request(request)
    month = _month(request, Month.of(access.day).previous)
    number = request.GET.get("person", "").replace("\0", "")
    visible = Employee.objects.visible_to(access, Verb.READ, Thing.STANDING)
    employee = get_object_or_404(visible, employee_no=number)
    if not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("admin:standing", args=[employee.pk, str(month)]))
    return render(request, "admin/promotion/_board_person.html", _person_context(access, employee, month))


@page("board/export/", "board-export", Thing.STANDING, Verb.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list holds, all pages of it, of the people whose results the reader may take out."""
    access = access_of_request(request)
    month = _month(request, Month.of(access.day).previous)
    departments = list(Department.objects.visible_to(access))
    names = {one.pk: one.name for one in departments}
    found = Board(access, month, Verb.EXPORT)
    narrowing, title = Chosen.of(request.GET).narrowing(departments), _("Monthly sweep")
    return workbook_response(f"{title} {month}", sheets(found, narrowing, names))


@page("standings/<int:pk>/<str:month>/", "standing", Thing.STANDING)
def standing(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """One person's explanation as of a month: the very partials that the person sees."""
    access = access_of_request(request)
    employee = get_object_or_404(Employee.objects.visible_to(access, Verb.READ, Thing.STANDING), pk=pk)
    of = _parsed(month)
    context = _person_context(access, employee, of)
    title = _("%(name)s as of %(month)s") % {"name": employee.name, "month": of}
    return render(request, "admin/promotion/standing.html", {"title": title, **context})


def _person_context(access: Access, employee: Employee, month: Month) -> dict[str, Any]:
    """One person's explanation, and whether the reader may open a promotion for them."""
    may_open = may_in_admin(access, Thing.APPLICATION, Verb.CREATE) and employee.pk != access.employee_id
    return {"page": _explained(access, employee, month), "person": employee, "month": month, "may_open": may_open}


def _explained(access: Access, employee: Employee, month: Month) -> StandingPage:
    found = standing_page(access, employee, month=month, today=access.day)
    if found is None:
        raise Http404
    return found


def _month(request: HttpRequest, otherwise: Month) -> Month:
    asked = (request.POST if request.method == "POST" else request.GET).get("month")
    return _parsed(asked) if asked else otherwise


def _parsed(month: str) -> Month:
    try:
        return Month.parse(month)
    except ValueError as error:
        raise Http404 from error


def _address(asked: QueryDict, month: Month) -> str:
    """The filters as they stand, for the links to people and to the file."""
    kept = asked.copy()
    for name in ("page", "person", "month"):
        kept.pop(name, None)
    kept["month"] = str(month)
    return kept.urlencode()
