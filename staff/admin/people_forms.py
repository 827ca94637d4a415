"""The forms that hire, change, move and part with a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.actions.person_change import change
from staff.actions.person_hire import hire
from staff.actions.person_move import move_department, move_supervisor
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, DayField, DepartmentField, PersonField
from staff.models import Employee
from staff.selectors.people import things_reached


class Details(ActionForm):
    """What does not depend on time."""

    name = forms.CharField(label=_("name"), max_length=100)
    position = forms.CharField(label=_("position"), max_length=100, required=False)
    hired_on = DayField(label=_("hired on"))
    regularised_on = DayField(label=_("regularised on"), required=False)
    post_since = DayField(
        label=_("at the post since"),
        required=False,
        help_text=_("Empty: since the day of hiring. Tenure counts from it."),
    )
    birth_date = DayField(label=_("birth date"), required=False)
    email = forms.EmailField(label=_("email"), required=False)
    im_account = forms.CharField(label=_("IM account"), max_length=100, required=False)

    def prepare(self) -> None:
        if self.subject:
            sensitive = bool(things_reached(self.access, self.subject, [Thing.SENSITIVE], Verb.UPDATE))
        else:
            sensitive = self.access.may(Thing.SENSITIVE, Verb.UPDATE)
        if not sensitive:
            del self.fields["birth_date"]


class HireForm(Details):
    refusal_fields = {
        "staff_employee_employee_no_key": "employee_no",
        "employee_no": "employee_no",
        "employee_hired_before_leaving": "hired_on",
    }

    employee_no = forms.CharField(label=_("employee no."), max_length=40)
    department = DepartmentField(label=_("department"))
    supervisor = PersonField(label=_("supervisor"), required=False)
    field_order = ["employee_no", "name", "department", "supervisor", "position"]

    def perform(self) -> Employee:
        return hire(access=self.access, **self.cleaned_data)


class PersonForm(Details):
    refusal_fields = {"hired_on": "hired_on", "employee_hired_before_leaving": "hired_on", "name": "name"}

    reason = forms.CharField(label=_("reason"), max_length=300, required=False)

    def prepare(self) -> None:
        super().prepare()
        for name, field in self.fields.items():
            if name != "reason":
                field.initial = getattr(self.subject, name)

    def perform(self) -> Employee:
        changes: dict[str, Any] = dict(self.cleaned_data)
        return change(access=self.access, employee=self.subject, reason=changes.pop("reason"), changes=changes)


class MoveDepartmentForm(ActionForm):
    refusal_fields = {"from_day": "from_day"}

    department = DepartmentField(label=_("department"))
    from_day = DayField(label=_("from"))

    def prepare(self) -> None:
        self.fields["from_day"].initial = self.access.day

    def perform(self) -> None:
        move_department(access=self.access, employee=self.subject, **self.cleaned_data)


class MoveSupervisorForm(ActionForm):
    refusal_fields = {"from_day": "from_day", "supervisor": "supervisor"}

    supervisor = PersonField(label=_("supervisor"), required=False)
    from_day = DayField(label=_("from"))

    def prepare(self) -> None:
        self.fields["from_day"].initial = self.access.day

    def perform(self) -> None:
        move_supervisor(access=self.access, employee=self.subject, **self.cleaned_data)


class LeaveForm(ActionForm):
    refusal_fields = {"employee_hired_before_leaving": "left_on"}

    left_on = DayField(
        label=_("last day of work"), required=False, help_text=_("Empty takes an entry of leaving back.")
    )
    reason = forms.CharField(label=_("reason"), max_length=300)

    def prepare(self) -> None:
        self.fields["left_on"].initial = self.subject.left_on

    def perform(self) -> Employee:
        return change(
            access=self.access,
            employee=self.subject,
            changes={"left_on": self.cleaned_data["left_on"]},
            reason=self.cleaned_data["reason"],
        )
