"""Departments as a tree, with head, people and the policies in force there."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.actions.department_save import save_department
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import (
    ActionForm,
    ActionPage,
    DepartmentField,
    PersonField,
    RoleAdmin,
    action_page,
    may_in_admin,
)
from staff.kernel.admin.pages import render, require
from staff.models import Department, DepartmentPeriod, Employee
from staff.selectors.department_tree import tree


class DepartmentForm(ActionForm):
    """A new department, or ``subject``."""

    refusal_fields = {
        "department_name_once": "name",
        "department_tree_has_no_cycle": "parent",
        "department_not_its_own_parent": "parent",
        "tree_keeps_adoptions_apart": "parent",
    }

    name = forms.CharField(label=gettext_lazy("department"), max_length=100)
    parent = DepartmentField(label=gettext_lazy("parent department"), required=False)
    head = PersonField(label=gettext_lazy("department head"), required=False)

    def prepare(self) -> None:
        if self.subject:
            self.fields["name"].initial = self.subject.name
            self.fields["parent"].initial = self.subject.parent_id
            self.fields["head"].initial = self.subject.head.employee_no if self.subject.head else ""
            above = Department.objects.visible_to(self.access).filter(pk=self.subject.parent_id)
            if self.subject.parent_id and not above.exists():
                del self.fields["parent"]  # out of the reader's scope: it stays

    def perform(self) -> Department:
        given = dict(self.cleaned_data)
        if self.subject and "parent" not in self.fields:
            given["parent"] = self.subject.parent
        return save_department(access=self.access, department=self.subject, **given)


class DepartmentAdmin(RoleAdmin):
    """``policies`` is filled by the topmost app that knows of adoptions."""

    adds = True
    search_fields = ("name",)

    def rows(self, access: Access) -> QuerySet[Any]:
        return Department.objects.visible_to(access).select_related("head")

    def policies(self, access: Access) -> dict[int, list[str]]:
        """Department id → titles of what is adopted right there."""
        return {}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        access = require(request, Thing.PERSON)
        own = _people_of(access)
        policies = self.policies(access)
        nodes = tree(self.rows(access))
        total = Counter(own)
        for node in reversed(nodes):  # children come after their parent, so sums run upwards
            if node.department.parent_id:
                total[node.department.parent_id] += total[node.department.pk]
        rows = [
            {
                "department": node.department,
                "depth": node.depth,
                "people": own.get(node.department.pk, 0),
                "total": total[node.department.pk],
                "policies": policies.get(node.department.pk, []),
            }
            for node in nodes
        ]
        context = {
            "title": _("Departments"),
            "rows": rows,
            "may_change": may_in_admin(access, Thing.PERSON, Verb.UPDATE),
            "may_add": may_in_admin(access, Thing.PERSON, Verb.CREATE),
        }
        return render(request, "admin/staff/departments.html", context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.PERSON, Verb.CREATE)
        return action_page(request, DepartmentForm, _page(_("Found a department")))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.PERSON)
        department = self.found(request, object_id)
        require(request, Thing.PERSON, Verb.UPDATE)
        return action_page(request, DepartmentForm, _page(department.name), subject=department)


def _people_of(access: Access) -> dict[int, int]:
    """Department id → how many work right there today."""
    working = Employee.objects.employed_on(access.day)
    placed = DepartmentPeriod.objects.filter(period__contains=access.day, employee__in=working)
    return dict(placed.values_list("department_id").annotate(people=Count("pk")).order_by())


def _page(title: str) -> ActionPage:
    return ActionPage(
        title=title,
        submit=_("Save"),
        done=_("The department has been saved."),
        back=reverse("admin:staff_department_changelist"),
    )
