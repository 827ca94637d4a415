"""People: the list, one person's page, and the forms that change it.

``PersonAdmin`` is registered by the topmost app that adds to it (the tier lies in the ledger, which this app does not
know); the forms' pages hang on the site here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from staff.admin.people_forms import HireForm, LeaveForm, MoveDepartmentForm, MoveSupervisorForm, PersonForm
from staff.admin.timeline import Moment, moments_of, timeline
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionPage, ChoiceFilter, RoleAdmin, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, person_or_404, render, require
from staff.models import Department, DepartmentPeriod, Employee, SupervisorPeriod
from staff.selectors.department_tree import below, tree
from staff.selectors.people import things_reached

#: What a person's page shows beyond the master data, each to whoever reaches it of this very person.
_SHOWN = (Thing.SENSITIVE, Thing.ABSENCE, Thing.LEDGER, Thing.STANDING)


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a person's page: a heading, and a partial with what it shows."""

    title: str
    template: str
    context: dict[str, Any]


PanelProvider = Callable[[Access, Employee], Panel | None]
_providers: list[PanelProvider] = []


def add_panel(provider: PanelProvider) -> PanelProvider:
    """Adds what another app knows of a person at the end of their page. It answers None where this reader sees nothing."""
    _providers.append(provider)
    return provider


class DepartmentFilter(ChoiceFilter):
    title = gettext_lazy("department")
    parameter_name = "department"
    #: The way from a row to the employee's id.
    path = "pk"

    def options(self, access: Access) -> list[tuple[str, str]]:
        self.visible = list(Department.objects.visible_to(access))
        return [(str(node.department.pk), "　" * node.depth + node.department.name) for node in tree(self.visible)]

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        """With all below, as of today. A department out of scope narrows to nothing."""
        known = {one.pk for one in self.visible}
        if not value.isascii() or not value.isdigit() or int(value) not in known:
            return rows.none()
        placed = DepartmentPeriod.objects.filter(
            department_id__in=below(self.visible, int(value)), period__contains=access.day
        )
        return rows.filter(**{f"{self.path}__in": placed.values("employee_id")})


class EmploymentFilter(ChoiceFilter):
    title = gettext_lazy("employment")
    parameter_name = "employment"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return [("now", _("working here")), ("new", _("hired within 3 months")), ("left", _("left"))]

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        if value == "left":
            return rows.filter(left_on__lte=access.day)
        working = rows.filter(Q(left_on__isnull=True) | Q(left_on__gt=access.day))
        if value == "new":
            months = access.day.year * 12 + access.day.month - 4
            return working.filter(hired_on__gt=date(months // 12, months % 12 + 1, 1))
        return working


class PersonAdmin(RoleAdmin):
    adds = True
    list_display: tuple[str, ...] = (
        "number",
        "person",
        "department_now",
        "position",
        "supervisor_now",
        "hired",
        "left",
    )
    list_display_links = ("number", "person")
    list_filter: tuple[Any, ...] = (EmploymentFilter, DepartmentFilter)
    search_fields = ("name",)
    person_path = "pk"
    search_help_text = gettext_lazy("Name, employee no., pinyin or initials")
    ordering = ("pinyin",)

    def rows(self, access: Access) -> QuerySet[Any]:
        placed = DepartmentPeriod.objects.filter(employee=OuterRef("pk"), period__contains=access.day)
        led = SupervisorPeriod.objects.filter(employee=OuterRef("pk"), period__contains=access.day)
        return (
            Employee.objects.visible_to(access)
            .defer("birth_date")
            .annotate(
                department_name=Subquery(placed.values("department__name")[:1]),
                supervisor_name=Subquery(led.values("supervisor__name")[:1]),
            )
        )

    @display(description=gettext_lazy("employee no."), ordering="employee_no")
    def number(self, person: Any) -> str:
        return person.employee_no

    @display(description=gettext_lazy("name"), ordering="pinyin")
    def person(self, person: Any) -> str:
        return person.name

    @display(description=gettext_lazy("department"), ordering="department_name")
    def department_now(self, person: Any) -> str:
        return person.department_name or "—"

    @display(description=gettext_lazy("supervisor"), ordering="supervisor_name")
    def supervisor_now(self, person: Any) -> str:
        return person.supervisor_name or "—"

    @display(description=gettext_lazy("hired on"), ordering="hired_on")
    def hired(self, person: Any) -> str:
        return person.hired_on.isoformat()

    @display(description=gettext_lazy("last day of work"), ordering="left_on")
    def left(self, person: Any) -> str:
        return person.left_on.isoformat() if person.left_on else ""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.PERSON, Verb.CREATE)
        about = ActionPage(
            title=_("Hire a person"),
            submit=_("Hire"),
            done=_("The person has been hired."),
            back=reverse("admin:staff_employee_changelist"),
        )
        return action_page(request, HireForm, about, back=lambda person: person_url(person))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One person on one page: master data, periods, history, and what may be done from here."""
        access = require(request, Thing.PERSON)
        person = person_or_404(access, object_id)
        shown = things_reached(access, person, [thing for thing in _SHOWN if may_in_admin(access, thing)])
        return render(
            request,
            "admin/staff/person.html",
            {
                "title": person.name,
                "person": person,
                "panels": self.panels(request, person, shown),
                "acts": _acts(access, person),
                "sensitive": Thing.SENSITIVE in shown,
                "links": self.links(access, person),
            },
        )

    def panels(self, request: HttpRequest, person: Employee, shown: frozenset[Thing]) -> list[Panel]:
        """For a subclass: ``[*super().panels(…), Panel(…)]``. Each panel costs one query.

        ``shown``: the things that the reader reaches of this person.
        """
        access = access_of_request(request)
        moments = self.moments(request, person, shown)
        day, wrong = _day_asked(request, access.day)
        context = {"line": timeline(person, moments, day), "asked": day != access.day, "wrong": wrong}
        found = [Panel(_("Time line"), "admin/staff/_timeline.html", context)]
        if Thing.ABSENCE in shown:
            absences = person.absences.order_by("-first_day")
            found.append(Panel(_("Absences"), "admin/staff/_absences.html", {"rows": list(absences), "access": access}))
        return found + [panel for provider in _providers if (panel := provider(access, person)) is not None]

    def moments(self, request: HttpRequest, person: Employee, shown: frozenset[Thing]) -> list[Moment]:
        """What stands on the time line; a subclass adds what its app knows."""
        departments = person.department_periods.select_related("department")
        supervisors = person.supervisor_periods.select_related("supervisor")
        return moments_of(person, departments, supervisors, person.absences.all() if Thing.ABSENCE in shown else ())

    def links(self, access: Access, person: Employee) -> list[tuple[str, str]]:
        """Where else there is something about the person, for whoever may go there."""
        query = f"?q={person.employee_no}"
        places = [
            (Thing.EVENT, _("Events"), "admin:assessment_event_changelist"),
            (Thing.PAY, _("Pay records"), "admin:payroll_payrecord_changelist"),
            (Thing.AUDIT, _("Audit trail"), "admin:staff_auditentry_changelist"),
        ]
        return [(title, reverse(name) + query) for thing, title, name in places if may_in_admin(access, thing)]


def _day_asked(request: HttpRequest, today: date) -> tuple[date, str]:
    """The day in the address, or today; and what is wrong with what stands there."""
    asked = request.GET.get("on", "")
    if not asked:
        return today, ""
    try:
        return date.fromisoformat(asked), ""
    except ValueError:
        return today, _("`%(text)s` is not a day; write YYYY-MM-DD, such as 2026-10-31.") % {"text": asked[:20]}


def person_url(person: Employee) -> str:
    return reverse("admin:staff_employee_change", args=[person.pk])


def _acts(access: Access, person: Employee) -> list[tuple[str, str]]:
    """The forms that change this person. None for oneself (roles, rule 1)."""
    if person.pk == access.employee_id or not may_in_admin(access, Thing.PERSON, Verb.UPDATE):
        return []
    names = [
        (_("Master data"), "person-edit"),
        (_("Department"), "person-department"),
        (_("Supervisor"), "person-supervisor"),
        (_("Leaving"), "person-leave"),
    ]
    found = [(title, reverse(f"admin:{name}", args=[person.pk])) for title, name in names]
    if may_in_admin(access, Thing.ABSENCE, Verb.CREATE):
        found.append((_("Absence"), reverse("admin:staff_absence_add") + f"?person={person.employee_no}"))
    return found


def _form(request: HttpRequest, pk: int, form: Any, title: str, done: str, lead: str = "") -> HttpResponse:
    person = person_or_404(access_of_request(request), str(pk))
    about = ActionPage(title=f"{person} · {title}", submit=_("Save"), done=done, back=person_url(person), lead=lead)
    return action_page(request, form, about, subject=person)


@page("people/<int:pk>/edit/", "person-edit", Thing.PERSON, Verb.UPDATE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, pk, PersonForm, _("Master data"), _("The master data have been saved."))


@page("people/<int:pk>/department/", "person-department", Thing.PERSON, Verb.UPDATE)
def department(request: HttpRequest, pk: int) -> HttpResponse:
    lead = _("Which policy governs a person follows the department. Months before the day stay as they were judged.")
    return _form(request, pk, MoveDepartmentForm, _("Department"), _("The move has been recorded."), lead)


@page("people/<int:pk>/supervisor/", "person-supervisor", Thing.PERSON, Verb.UPDATE)
def supervisor(request: HttpRequest, pk: int) -> HttpResponse:
    lead = _("The supervisor of a day reports the month and sees the person from that day on.")
    return _form(request, pk, MoveSupervisorForm, _("Supervisor"), _("The change has been recorded."), lead)


@page("people/<int:pk>/leave/", "person-leave", Thing.PERSON, Verb.UPDATE)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    lead = _("The person is judged up to the month before the last day of work, and paid up to that day.")
    return _form(request, pk, LeaveForm, _("Leaving"), _("The last day of work has been recorded."), lead)
