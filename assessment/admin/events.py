"""Events: complaints, exams, keywords and so on, each with its number."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from assessment.actions.correction_request import month_of
from assessment.admin.forms import EventForm
from assessment.admin.names import named
from assessment.models import AssessmentMonth, Event, EventKind, EventStatus, MonthState
from staff.admin.people import DepartmentFilter
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionPage, ChoiceFilter, RoleAdmin, action_page, site
from staff.kernel.admin.pages import render, require
from staff.selectors.people import things_reached


class KindFilter(ChoiceFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def options(self, access: Access) -> list[tuple[str, str]]:
        return [(kind.key, named(kind)) for kind in EventKind.objects.all()]

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(kind=value)


class StatusFilter(ChoiceFilter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return [("none", EventStatus.NONE.label), *(pair for pair in EventStatus.choices if pair[0])]

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(status="" if value == "none" else value)


class EventDepartmentFilter(DepartmentFilter):
    path = "employee_id"


@admin.register(Event, site=site)
class EventAdmin(RoleAdmin):
    adds = True
    list_display = ("event_no", "date", "person", "kind_name", "status_name", "subject", "number")
    list_filter = (KindFilter, StatusFilter, EventDepartmentFilter)
    search_fields = ("event_no",)
    search_also = ("event_no", "subject")
    person_path = "employee"
    search_help_text = gettext_lazy("Event no., subject, name, employee no. or pinyin")
    ordering = ("-day", "event_no")

    def rows(self, access: Access) -> QuerySet[Any]:
        return Event.objects.visible_to(access).select_related("employee", "kind").defer("note")

    @display(description=gettext_lazy("date"), ordering="day")
    def date(self, event: Event) -> str:
        return event.day.isoformat()

    @display(description=gettext_lazy("person"), ordering="employee__pinyin")
    def person(self, event: Event) -> str:
        return str(event.employee)

    @display(description=gettext_lazy("kind"), ordering="kind")
    def kind_name(self, event: Event) -> str:
        return named(event.kind)

    @display(description=gettext_lazy("status"), ordering="status")
    def status_name(self, event: Event) -> str:
        return event.get_status_display()

    @display(description=gettext_lazy("quantity"), ordering="quantity")
    def number(self, event: Event) -> str:
        return "" if event.quantity is None else f"{event.quantity.normalize():f}"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.EVENT, Verb.CREATE)
        return action_page(request, EventForm, _event_page(_("Record an event")))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        access = require(request, Thing.EVENT)
        event = self.found(request, object_id)
        if request.method == "POST":
            access.require(Thing.EVENT, Verb.UPDATE)
        if not access.may(Thing.EVENT, Verb.UPDATE):
            notes = bool(things_reached(access, event.employee, [Thing.SENSITIVE]))
            return render(
                request, "admin/assessment/event.html", {"title": event.event_no, "event": event, "notes": notes}
            )
        return action_page(
            request, EventForm, _event_page(f"{event.event_no} · {event.employee}", event), subject=event
        )


def _event_page(title: str, event: Event | None = None) -> ActionPage:
    """Of an event of a sealed month the way to its correction stands there too."""
    corrected = (
        event is not None
        and AssessmentMonth.objects.filter(
            month=month_of(event.day, event.decided_on), state=MonthState.SEALED
        ).exists()
    )
    return ActionPage(
        title=title,
        other=(_("Its month is sealed: ask for a correction"), reverse("admin:correction-event", args=[event.pk]))
        if event is not None and corrected
        else None,
        submit=_("Save"),
        done=_("The event has been saved."),
        back=reverse("admin:assessment_event_changelist"),
    )
