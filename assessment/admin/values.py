"""A month's values: people down, metrics across. Missing is told from zero, and an exempt month from both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.admin.forms import ValuesForm
from assessment.admin.names import named
from assessment.models import AssessmentMonth, EmployeeMonth, Metric, MetricKind
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionPage, action_page, page
from staff.kernel.admin.pages import access_of_request, person_or_404, render, require
from staff.kernel.periods import Month
from staff.models import Department, DepartmentPeriod, Employee
from staff.selectors.department_tree import below, tree

_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One person's month: ``cells`` in the order of the metrics; None is missing."""

    person: Employee
    counts: bool
    cells: list[Decimal | None]


@page("values/", "values", Thing.VALUE)
def values(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    month = month_asked(request, default=Month.of(access.day).previous)
    kind = _kind(request)
    departments = list(Department.objects.visible_to(access))
    people = _people(access, month, request, departments)
    shown = Paginator(people, _A_PAGE).get_page(request.GET.get("page"))
    rows = _rows(shown, month)
    metrics = list(Metric.objects.filter(kind=kind))
    if "all" not in request.GET:
        metrics = [
            metric for metric in metrics if any(getattr(r, f"s{metric.slot}") is not None for r in rows)
        ] or metrics
    context = {
        "title": _("Values"),
        "month": month,
        "kind": kind,
        "kinds": MetricKind.choices,
        "metrics": [(metric, named(metric)) for metric in metrics],
        "lines": _lines(shown, [row for row in rows if row.month == month], metrics),
        "every": "all" in request.GET,
        "page_obj": shown,
        "nodes": tree(departments),
        "department": request.GET.get("department", ""),
        "words": request.GET.get("q", ""),
        "state": AssessmentMonth.objects.filter(month=month).first(),
        "may_change": access.may(Thing.VALUE, Verb.UPDATE),
    }
    return render(request, "admin/assessment/values.html", context)


@page("values/<int:pk>/<str:month>/", "values-edit", Thing.VALUE, Verb.UPDATE)
def edit(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """One person's month as a form: an empty field is a missing value."""
    access = require(request, Thing.VALUE, Verb.UPDATE)
    try:
        of = Month.parse(month)
    except ValueError as error:
        raise Http404 from error
    person = person_or_404(access, str(pk))
    row = EmployeeMonth.objects.filter(employee=person, month=of).first()
    metrics = list(Metric.objects.filter(kind=_kind(request)))
    about = ActionPage(
        title=f"{person} · {of}",
        submit=_("Save"),
        done=_("The values of %(person)s for %(month)s have been saved.") % {"person": person, "month": of},
        back=f"{reverse('admin:values')}?month={of}&kind={_kind(request)}",
        lead=_("Leave empty what was not reported: missing is not zero."),
    )
    return action_page(request, ValuesForm, about, subject=(person, of, row, metrics))


def _kind(request: HttpRequest) -> str:
    """``?kind=``: monthly values, or items of a scorecard."""
    asked = request.GET.get("kind", "")
    return asked if asked in MetricKind.values else str(MetricKind.VALUE)


def month_asked(request: HttpRequest, *, default: Month) -> Month:
    """``?month=YYYY-MM``; anything else is the default."""
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return default


def _people(access: Access, month: Month, request: HttpRequest, departments: list[Department]) -> QuerySet[Employee]:
    """Those in scope who worked a day of the month, narrowed as the address says."""
    people = (
        Employee.objects.visible_to(access, Verb.READ, Thing.VALUE)
        .filter(hired_on__lte=month.last_day)
        .filter(Q(left_on__isnull=True) | Q(left_on__gte=month.first_day))
        .search(request.GET.get("q", ""))
        .order_by("pinyin", "employee_no")
    )
    asked = request.GET.get("department", "")
    if asked.isascii() and asked.isdigit():
        root = int(asked) if int(asked) in {one.pk for one in departments} else 0
        placed = DepartmentPeriod.objects.filter(
            department_id__in=below(departments, root), period__contains=month.last_day
        )
        people = people.filter(pk__in=placed.values("employee_id"))
    return people


def _rows(shown: Page[Any], month: Month) -> list[EmployeeMonth]:
    """Of those on the page, for this month and the two before: what is usually reported here makes the columns."""
    return list(
        EmployeeMonth.objects.filter(employee__in=list(shown.object_list), month__gte=month - 2, month__lte=month)
    )


def _lines(shown: Page[Any], rows: list[EmployeeMonth], metrics: list[Metric]) -> list[Line]:
    of = {row.employee_id: row for row in rows}
    return [_line(person, of.get(person.pk), metrics) for person in shown.object_list]


def _line(person: Employee, row: EmployeeMonth | None, metrics: list[Metric]) -> Line:
    return Line(
        person=person,
        counts=row.counts if row else True,
        cells=[getattr(row, f"s{metric.slot}") if row else None for metric in metrics],
    )
