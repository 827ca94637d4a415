"""The schedule of the periodic jobs: the operator changes times; nobody adds a task by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat.models import PeriodicTask
from unfold.decorators import display

from staff.actions.schedule_change import change_schedule
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, RoleAdmin, action_page, site
from staff.kernel.admin.pages import require


class ScheduleForm(ActionForm):
    enabled = forms.BooleanField(label=gettext_lazy("on"), required=False)
    minute = forms.CharField(label=gettext_lazy("minute"), max_length=60, help_text="0–59, */5, *")
    hour = forms.CharField(label=gettext_lazy("hour"), max_length=60, help_text="0–23, *")
    day_of_month = forms.CharField(label=gettext_lazy("day of the month"), max_length=60, help_text="1–31, *")

    def prepare(self) -> None:
        task: PeriodicTask = self.subject
        self.fields["enabled"].initial = task.enabled
        for name in ("minute", "hour", "day_of_month"):
            self.fields[name].initial = getattr(task.crontab, name) if task.crontab else "*"

    def perform(self) -> PeriodicTask:
        return change_schedule(access=self.access, task=self.subject, **self.cleaned_data)


@admin.register(PeriodicTask, site=site)
class ScheduleAdmin(RoleAdmin):
    list_display = ("name", "what", "times", "enabled", "last_run")
    search_fields = ("name",)
    search_also = ("name", "task")
    ordering = ("name",)

    @property
    def thing(self) -> Thing:
        return Thing.JOB

    def rows(self, access: Access) -> QuerySet[Any]:
        """The jobs of this product; what beat keeps for itself is nobody's business."""
        return (
            PeriodicTask.objects.filter(crontab__isnull=False)
            .exclude(name__startswith="celery.")
            .select_related("crontab")
        )

    @display(description=gettext_lazy("what it does"))
    def what(self, task: PeriodicTask) -> str:
        return _(task.description) if task.description else task.task

    @display(description=gettext_lazy("minute, hour, day"))
    def times(self, task: PeriodicTask) -> str:
        return f"{task.crontab.minute} {task.crontab.hour} {task.crontab.day_of_month}"

    @display(description=gettext_lazy("last rung"))
    def last_run(self, task: PeriodicTask) -> str:
        return f"{timezone.localtime(task.last_run_at):%Y-%m-%d %H:%M}" if task.last_run_at else ""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.JOB)
        task = self.found(request, object_id)
        require(request, Thing.JOB, Verb.UPDATE)
        about = ActionPage(
            title=task.name,
            submit=_("Save"),
            done=_("The schedule has been saved."),
            back=reverse("admin:django_celery_beat_periodictask_changelist"),
            lead=_("Beat only rings; what is due, the job finds in the database. A bell that is missed loses nothing."),
        )
        return action_page(request, ScheduleForm, about, subject=task)
