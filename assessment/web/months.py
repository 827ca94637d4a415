"""My months: what was reported about me, by whom and when."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessment.measures import YES_NO
from assessment.models import AssessmentMonth
from assessment.selectors.asked import measures_doubted
from assessment.selectors.doubts import own_doubts
from assessment.selectors.own_months import Happened, Reported, missing_of, month_lines, months_of, own_month
from assessment.selectors.own_results import result_in
from assessment.selectors.windows import window_of_person
from assessment.web.words import EventWords, about, amount, named, status_of
from staff.kernel.periods import Month
from staff.models import Employee
from staff.web.reach import access_in, employee_of

_A_PAGE = 24
#: As many of one's doubts stand on the page of the months.
_DOUBTS = 20


def month_or_404(employee: Employee, text: str) -> Month:
    """A month in which the person worked here, up to today's. Raises ``Http404``."""
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise Http404 from error
    if month not in months_of(employee, Month.of(timezone.localdate())):
        raise Http404
    return month


@require_GET
@login_required
def my_months(request: HttpRequest) -> HttpResponse:
    """A line a month, what is missing of the last one, and what was doubted."""
    access, employee = access_in(request), employee_of(request)
    if employee is None:
        return HttpResponseRedirect(reverse("home"))
    today = Month.of(access.day)
    page = Paginator(months_of(employee, today), _A_PAGE).get_page(request.GET.get("page"))
    last = today.previous
    worked = last in months_of(employee, today)
    begun = {row.month: row for row in AssessmentMonth.objects.filter(month__in=[last, *page.object_list])}
    window = window_of_person(employee, last, begun)
    doubts = list(own_doubts(access))
    measures = measures_doubted(doubts[:_DOUBTS])
    context = {
        "here": "my-months",
        "page": page,
        "lines": month_lines(access, employee, list(page.object_list), doubts, begun),
        "today": today,
        "last": window,
        "missing": [(one.measure.name, one) for one in missing_of(access, employee, window)] if worked else [],
        "doubts": [(about(doubt, measures), doubt) for doubt in doubts[:_DOUBTS]],
    }
    return render(request, "assessment/my_months.html", context)


@require_GET
@login_required
def my_month(request: HttpRequest, month: str) -> HttpResponse:
    """One month whole. A month in which one did not work here is not there."""
    access, employee = access_in(request), employee_of(request)
    if employee is None:
        return HttpResponseRedirect(reverse("home"))
    found = own_month(access, employee, month_or_404(employee, month))
    words = EventWords()
    context = {
        "here": "my-months",
        "page": found,
        "months": months_of(employee, Month.of(access.day))[:_A_PAGE],
        "values": [_value_shown(value, found.month) for value in found.values],
        "events": [_event_shown(one, words, found.month) for one in found.events],
        "missing": [(one.measure.name, one) for one in found.missing],
        "result": result_in(employee, found.month),
    }
    return render(request, "assessment/my_month.html", context)


def _raise_url(month: Month, **subject: str) -> str:
    return f"{reverse('doubt-raise', args=[month])}?{urlencode(subject)}"


def _value_shown(value: Reported, month: Month) -> dict[str, Any]:
    before = value.before
    return {
        "name": value.measure.name,
        "amount": amount(value.measure, value.value),
        "before": "" if before is None else amount(value.measure, before),
        "turned": value.measure.unit == YES_NO,
        "it": value,
        "raise_url": _raise_url(month, value=value.metric.key),
    }


def _event_shown(one: Happened, words: EventWords, month: Month) -> dict[str, Any]:
    return {
        "kind": named(one.event.kind),
        "status": status_of(one.event),
        "details": words.details(one.event),
        "it": one,
        "raise_url": _raise_url(month, event=one.event.event_no),
    }
