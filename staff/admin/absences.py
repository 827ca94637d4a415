"""Absences: for HR, whose people they are; the kind is a sensitive fact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from staff.actions.absence_save import save_absence
from staff.admin.people import DepartmentFilter
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, ChoiceFilter, DayField, PersonField, RoleAdmin, action_page, site
from staff.kernel.admin.pages import require
from staff.models import Absence, AbsenceKind


class AbsenceForm(ActionForm):
    """A new absence, or ``subject`` put right (its person stays)."""

    refusal_fields = {"absence_in_order": "last_day", "absence_key": "first_day"}

    person = PersonField(label=gettext_lazy("person"), verb=Verb.UPDATE)
    first_day = DayField(label=gettext_lazy("first day"))
    last_day = DayField(label=gettext_lazy("last day"), help_text=gettext_lazy("Included."))
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=AbsenceKind)

    def prepare(self) -> None:
        if self.subject:
            del self.fields["person"]
            for name, field in self.fields.items():
                field.initial = getattr(self.subject, name)

    def perform(self) -> Absence:
        given = dict(self.cleaned_data)
        employee = given.pop("person", None) or self.subject.employee
        return save_absence(access=self.access, employee=employee, absence=self.subject, **given)


class KindFilter(ChoiceFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return list(AbsenceKind.choices)

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(kind=value)


class AbsenceDepartmentFilter(DepartmentFilter):
    path = "employee_id"


@admin.register(Absence, site=site)
class AbsenceAdmin(RoleAdmin):
    adds = True
    list_display = ("person", "first", "last", "kind_name")
    list_filter = (KindFilter, AbsenceDepartmentFilter)
    search_fields = ("employee__name",)
    person_path = "employee"
    search_help_text = gettext_lazy("Name, employee no. or pinyin")
    ordering = ("-first_day", "employee__pinyin")

    def rows(self, access: Access) -> QuerySet[Any]:
        return Absence.objects.visible_to(access).select_related("employee")

    @display(description=gettext_lazy("person"), ordering="employee__pinyin")
    def person(self, absence: Absence) -> str:
        return str(absence.employee)

    @display(description=gettext_lazy("first day"), ordering="first_day")
    def first(self, absence: Absence) -> str:
        return absence.first_day.isoformat()

    @display(description=gettext_lazy("last day"), ordering="last_day")
    def last(self, absence: Absence) -> str:
        return absence.last_day.isoformat()

    @display(description=gettext_lazy("kind"), ordering="kind")
    def kind_name(self, absence: Absence) -> str:
        return str(AbsenceKind(absence.kind).label)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.ABSENCE, Verb.CREATE)
        return action_page(
            request, AbsenceForm, _page(_("Record an absence")), initial={"person": request.GET.get("person", "")}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        access = require(request, Thing.ABSENCE)
        absence = self.found(request, object_id)
        if not access.may(Thing.ABSENCE, Verb.UPDATE):
            return super().change_view(request, object_id, form_url, extra_context)
        return action_page(request, AbsenceForm, _page(str(absence.employee), absence), subject=absence)


def _page(title: str, absence: Absence | None = None) -> ActionPage:
    way = reverse("admin:correction-absence", args=[absence.pk]) if absence else reverse("admin:correction-absence-new")
    return ActionPage(
        title=title,
        other=(_("Days of a sealed month are put right by a correction"), way),
        submit=_("Save"),
        done=_("The absence has been saved."),
        back=reverse("admin:staff_absence_changelist"),
        lead=_("A calendar month that absences cover from its first to its last day does not count for the person."),
    )
