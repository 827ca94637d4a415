"""My results: what each month came to, item by item; and somebody's in one's scope."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assessment.models import Level, Result
from assessment.selectors.feedback import feedback_of
from assessment.selectors.own_results import TREND, OwnResult, months_in, own_result, results_of
from assessment.web import own_result_words as said
from assessment.web.feedback import view_of, words_form
from staff.kernel.access import Access, Thing
from staff.kernel.charts import Chart, Point, Series
from staff.kernel.periods import Month
from staff.models import Employee
from staff.web.reach import access_in, employee_of, person_or_404


@require_GET
@login_required
def my_results(request: HttpRequest) -> HttpResponse:
    """The account's own; an account without an employee has none."""
    employee = employee_of(request)
    if employee is None:
        return HttpResponseRedirect(reverse("home"))
    return _page(request, access_in(request), employee, own=True)


@require_GET
@login_required
def results_of_person(request: HttpRequest, employee_no: str) -> HttpResponse:
    """Somebody in scope. Out of scope there is no such person."""
    access = access_in(request)
    employee = person_or_404(access, employee_no, thing=Thing.STANDING)
    if employee.pk == access.employee_id:
        return HttpResponseRedirect(reverse("my-results"))
    return _page(request, access, employee, own=False)


def _page(request: HttpRequest, access: Access, employee: Employee, *, own: bool) -> HttpResponse:
    results = results_of(access, employee)
    shown = _asked(results, request.GET.get("month", ""))
    context: dict[str, Any] = {
        "here": "my-results" if own else "people",
        "own": own,
        "employee": employee,
        "results": results,
    }
    if shown is not None:
        months = months_in(results)
        at = months.index(shown.month)
        found = own_result(access, employee, shown, results)
        context |= {
            "shown": shown,
            "months": months,
            "later": months[at - 1] if at else None,
            "earlier": months[at + 1] if at + 1 < len(months) else None,
            "found": found,
            "trend": _trend(results, shown),
            "periods": [
                (_period(one), one, said.grade_name(found.checked, one.grade) if found else one.grade)
                for one in results
                if one.level != Level.MONTH and one.policy == shown.policy
            ],
        }
        context |= _said(found) if found else {}
        context |= _fed_back(access, employee, shown)
    return render(request, "assessment/my_results.html", context)


def _fed_back(access: Access, employee: Employee, shown: Result) -> dict[str, Any]:
    """What was said of the month, to whoever may read it."""
    feedback = feedback_of(access, employee, shown.month)
    if feedback is None:
        return {}
    return {"view": view_of(access, feedback), "form": words_form(access, feedback)}


def _asked(results: list[Result], text: str) -> Result | None:
    """The month that the address names, else the latest. Raises ``Http404`` for one without a result."""
    monthly = [one for one in results if one.level == Level.MONTH]
    if not text:
        return monthly[0] if monthly else None
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise Http404 from error
    found = next((one for one in monthly if one.month == month), None)
    if found is None:
        raise Http404
    return found


def _said(found: OwnResult) -> dict[str, Any]:
    document = found.checked
    return {
        "items": said.items_of(found),
        "ratings": said.ratings_of(found),
        "grade": said.grade_name(document, found.result.grade),
        "next": said.next_grade(found),
        "cases": said.cases_of(found),
        "streaks": said.streaks_of(found),
        "pay": said.pay_of(document),
        "readings": said.readings_of(document),
        "note": said.words(document.scorecard.note) if document.scorecard else "",
        "title": said.words(document.title),
        "lacks": [(said.lack_name(document, one.key), one) for one in found.lacks],
        "most_stars": said.most_stars(document),
        "beside": said.beside(found),
    }


def _period(one: Result) -> str:
    """``2026-Q3``, ``2026``: of the period that ends with the month."""
    year, month = one.month.first_day.year, one.month.first_day.month
    return str(year) if one.level == Level.YEAR else f"{year}-Q{(month + 2) // 3}"


def _trend(results: list[Result], shown: Result) -> Chart | None:
    """Totals of up to ``TREND`` months by the policy of the month shown; stars where it gives no total."""
    monthly = [one for one in results if one.level == Level.MONTH and one.policy == shown.policy]
    lately = sorted((one for one in monthly if one.month > monthly[0].month + -TREND), key=lambda one: one.month.number)
    if len(lately) < 2:
        return None
    stars = all(one.total is None for one in lately)
    points = [Point(str(one.month), [_drawn(one, stars)], f"?month={one.month}") for one in lately]
    return Chart(
        name="trend",
        heading=str(_("Stars, month by month")) if stars else str(_("Totals, month by month")),
        axis=str(_("Month")),
        series=[Series(str(_("Stars")) if stars else str(_("Total")))],
        points=points,
        kind="bar" if stars else "line",
        bound=None if stars else shown.full_marks,
        bound_name=str(_("full marks")),
    )


def _drawn(one: Result, stars: bool) -> Any:
    """A number, or why there is none."""
    value = one.stars if stars else one.total
    if value is not None:
        return value
    return _("missing data") if one.counts else _("exempt")
