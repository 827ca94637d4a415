"""Group robots, and what they said: the operator's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.actions.robot_save import save_robot
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, DepartmentField, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.models import Robot, RobotKind, RobotMessage

#: Messages shown.
_LATEST = 30


class RobotForm(ActionForm):
    name = forms.CharField(label=gettext_lazy("name"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=RobotKind.choices)
    token = forms.CharField(
        label=gettext_lazy("token"), max_length=200, required=False, widget=forms.PasswordInput,
        help_text=gettext_lazy("Of the robot's address, what stands after the last = or /. It is never shown again."),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("signing secret"), max_length=200, required=False, widget=forms.PasswordInput,
        help_text=gettext_lazy("DingTalk's, where the robot signs."),
    )  # fmt: skip
    department = DepartmentField(label=gettext_lazy("scope"), required=False, empty=gettext_lazy("the whole company"))
    enabled = forms.BooleanField(label=gettext_lazy("on"), required=False)

    def prepare(self) -> None:
        if self.subject is not None:
            self.fields["token"].help_text = _("Empty: it stays as it is.")

    def perform(self) -> Robot:
        return save_robot(access=self.access, robot=self.subject, **self.cleaned_data)


@page("robots/", "robots", Thing.JOB)
def robots(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    last = RobotMessage.objects.filter(robot=OuterRef("pk")).order_by("-pk")
    context: dict[str, Any] = {
        "title": _("Group robots"),
        "robots": Robot.objects.select_related("department", "set_by__employee").annotate(
            last_sent=Subquery(last.values("sent_at")[:1]), last_attempts=Subquery(last.values("attempts")[:1])
        ),
        "messages_of_robots": RobotMessage.objects.select_related("robot")[:_LATEST],
        "may_change": may_in_admin(access, Thing.JOB, Verb.UPDATE),
    }
    return render(request, "admin/staff/robots.html", context)


@page("robots/add/", "robot-add", Thing.JOB, Verb.UPDATE)
def add(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Add a group robot"), submit=_("Add"), done=_("The robot is added."), back=reverse("admin:robots"),
        lead=_("A robot writes to a group once a working day what its departments have waiting: numbers, never names."),
    )  # fmt: skip
    return action_page(request, RobotForm, about, initial={"enabled": True})


@page("robots/<int:pk>/", "robot", Thing.JOB, Verb.UPDATE)
def robot(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Robot, pk=pk)
    about = ActionPage(title=found.name, submit=_("Save"), done=_("The robot is saved."), back=reverse("admin:robots"))
    initial = {"name": found.name, "kind": found.kind, "department": found.department_id, "enabled": found.enabled}
    return action_page(request, RobotForm, about, subject=found, initial=initial)
