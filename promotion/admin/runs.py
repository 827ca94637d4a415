"""The monthly sweep: its months and runs, starting one, its progress."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.models import AssessmentMonth, MonthState
from promotion.models import Run, RunState
from promotion.sweep.actions.sweep_request import request_sweep
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, MonthFormField, RoleAdmin, action_page, may_in_admin, page, site
from staff.kernel.admin.pages import render, require
from staff.kernel.periods import Month

AT_WORK = (RunState.QUEUED, RunState.RUNNING)
_RUNS_SHOWN = 30


class StartForm(ActionForm):
    month = MonthFormField(label=gettext_lazy("month"))

    def prepare(self) -> None:
        self.fields["month"].initial = str(Month.of(self.access.day).previous)

    def perform(self) -> None:
        month: Month = self.cleaned_data["month"]
        if month > Month.of(self.access.day):
            raise Refused(_("%(month)s has not begun.") % {"month": month}, code="month")
        if not request_sweep(access=self.access, month=month):
            raise Refused(
                _("No policy with a ladder is in force on %(day)s, so there is nobody to judge. Adopt one first.")
                % {"day": month.last_day},
                code="month",
            )


@admin.register(Run, site=site)
class RunAdmin(RoleAdmin):
    search_fields = ("id",)

    def rows(self, access: Access) -> QuerySet[Any]:
        return with_progress(Run.objects.all())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        access = require(request, Thing.RUN)
        runs = list(self.rows(access).order_by("-id")[:_RUNS_SHOWN])
        context = {
            "title": _("Runs of the sweep"),
            "months": _months(),
            "runs": runs,
            "at_work": [run for run in runs if run.state in AT_WORK],
            "form": StartForm(access=access),
            "may_start": may_in_admin(access, Thing.RUN, Verb.CREATE),
            "may_read": may_in_admin(access, Thing.STANDING),
        }
        return render(request, "admin/promotion/runs.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        access = require(request, Thing.RUN)
        run = self.found(request, object_id)
        errors = run.shards.exclude(error="").order_by("ordinal").values_list("ordinal", "error")
        # The kind alone: a database's message may quote a row, and not everybody here reads people's.
        failed = [(ordinal, error.partition(":")[0]) for ordinal, error in errors]
        may_read = may_in_admin(access, Thing.STANDING)
        context = {"title": str(run), "run": run, "failed": failed, "may_read": may_read}
        return render(request, "admin/promotion/run.html", context)


def with_progress(runs: QuerySet[Run]) -> QuerySet[Any]:
    """``shards_all`` and ``shards_done`` beside each run."""
    return (
        runs.select_related("version", "started_by__employee")
        .defer("version__document")
        .annotate(shards_all=Count("shards"), shards_done=Count("shards", filter=Q(shards__state=RunState.DONE)))
    )


def _months() -> list[dict[str, Any]]:
    """Every month that was swept, latest first: of record or provisional."""
    sealed = set(AssessmentMonth.objects.filter(state=MonthState.SEALED).values_list("month", flat=True))
    swept = Run.objects.order_by("-month").values_list("month", flat=True).distinct()
    return [{"month": month, "sealed": month in sealed} for month in swept]


@page("sweep/start/", "sweep-start", Thing.RUN, Verb.CREATE)
def start(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Start a sweep"),
        submit=_("Start"),
        done=_("The sweep has been asked for. Its progress shows here."),
        back=reverse("admin:promotion_run_changelist"),
        lead=_("Judges everybody under a policy as of the month's end. On an unsealed month it is provisional."),
    )
    return action_page(request, StartForm, about)


@page("sweep/progress/", "sweep-progress", Thing.RUN)
def progress(request: HttpRequest) -> HttpResponse:
    """The runs at work, asked for every two seconds; when the last one is done the page is loaded anew."""
    at_work = list(with_progress(Run.objects.filter(state__in=AT_WORK)).order_by("-id"))
    response = render(request, "admin/promotion/_progress.html", {"at_work": at_work})
    if not at_work:
        response["HX-Refresh"] = "true"
    return response
