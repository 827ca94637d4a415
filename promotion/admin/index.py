"""The admin's first page: the last sweep, what it found, and what is still missing. Small, and true."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest

from assessment.models import AssessmentMonth, EmployeeMonth, MonthState
from promotion.admin.runs import AT_WORK, with_progress
from promotion.admin.tiers import OUTCOMES
from promotion.models import Run, RunState, Standing
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import may_in_admin, site
from staff.kernel.admin.pages import access_of_request
from staff.kernel.periods import Month
from staff.models import Employee
from staff.models.querysets import within


def first_page(request: HttpRequest) -> dict[str, Any]:
    """What the reader's roles reach of it; the rest is left out."""
    access = access_of_request(request)
    found: dict[str, Any] = {"title": site.index_title}
    if may_in_admin(access, Thing.RUN):
        found |= _runs()
    if may_in_admin(access, Thing.STANDING):
        found |= _findings(access)
    if may_in_admin(access, Thing.VALUE):
        found |= _missing(access)
    return found


def _runs() -> dict[str, Any]:
    """What is at work; and a failed run, unless it has been run again since."""
    what = ("version_id", "values_digest", "month")
    newest = Run.objects.order_by(*what, "-id").distinct(*what)
    open_or_failed = Run.objects.filter(pk__in=newest.values("pk"), state__in=(*AT_WORK, RunState.FAILED))
    runs = list(with_progress(open_or_failed).order_by("-id"))
    return {
        "at_work": [run for run in runs if run.state in AT_WORK],
        "failed": next((run for run in runs if run.state == RunState.FAILED), None),
    }


def _findings(access: Access) -> dict[str, Any]:
    last = (
        Run.objects.filter(state=RunState.DONE, month__lt=Month.of(access.day))
        .select_related("version")
        .order_by("-month", "-id")
        .first()
    )
    if last is None:
        return {"last": None, "swept": True}
    scope = within(access.scope(Thing.STANDING, Verb.READ), access.day, "employee__")
    counts = dict(
        Standing.objects.current().filter(scope, month=last.month)
        .order_by().values_list("outcome").annotate(people=Count("employee_id"))
    )  # fmt: skip
    return {
        "swept": True,
        "last": last,
        "counts": [(view, counts.get(number, 0)) for number, view in OUTCOMES.items()],
        "judged": sum(counts.values()),
    }


def _missing(access: Access) -> dict[str, Any]:
    """The month that ended last: who worked in it and has nothing reported, and whether it is sealed."""
    month = Month.of(access.day).previous
    reported = EmployeeMonth.objects.filter(employee=OuterRef("pk"), month=month)
    worked = (
        Employee.objects.visible_to(access, Verb.READ, Thing.VALUE)
        .filter(hired_on__lte=month.last_day)
        .filter(Q(left_on__isnull=True) | Q(left_on__gte=month.first_day))
    )
    silent = worked.aggregate(people=Count("pk"), silent=Count("pk", filter=~Exists(reported)))
    sealed = AssessmentMonth.objects.filter(month=month, state=MonthState.SEALED).exists()
    return {"month": month, "worked": silent["people"], "silent": silent["silent"], "sealed": sealed}


site.set_index(first_page)
