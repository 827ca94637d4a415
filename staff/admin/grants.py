"""Roles as dated grants: given, approved by a second person, ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from staff.actions.role_approve import approve_grant
from staff.actions.role_end import end_grant
from staff.actions.role_grant import grant_role
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import (
    ActionForm,
    ActionPage,
    DayField,
    DepartmentField,
    RoleAdmin,
    action_page,
    may_in_admin,
    page,
    site,
)
from staff.kernel.admin.forms import ScopedField
from staff.kernel.admin.pages import render, require
from staff.models import DERIVED_ROLES, TWO_PERSON_ROLES, Role, RoleGrant
from staff.selectors.grants import grantees, grants_visible_to


class AccountField(ScopedField, forms.CharField):
    """A user name → ``Account``, among those that the reader may grant a role to."""

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        found = grantees(self.access).filter(username=name).first()
        if found is None:
            raise ValidationError(_("There is no account `%(name)s` that you may grant a role to.") % {"name": name})
        return found


class GrantForm(ActionForm):
    refusal_fields = {
        "granted_already": "role",
        "derived_role": "role",
        "company_role": "department",
        "period_empty": "ends_on",
        "starts_in_the_past": "starts_on",
    }

    account = AccountField(label=gettext_lazy("user name"), max_length=60)
    role = forms.ChoiceField(
        label=gettext_lazy("role"), choices=[pair for pair in Role.choices if pair[0] not in DERIVED_ROLES]
    )
    department = DepartmentField(
        label=gettext_lazy("scope"), required=False, empty=gettext_lazy("the whole company"),
        help_text=gettext_lazy("A department and all below it."),
    )  # fmt: skip
    starts_on = DayField(label=gettext_lazy("from"))
    ends_on = DayField(
        label=gettext_lazy("until (exclusive)"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, required=False)

    def prepare(self) -> None:
        self.fields["starts_on"].initial = self.access.day

    def perform(self) -> RoleGrant:
        return grant_role(access=self.access, **self.cleaned_data)


class ApproveForm(ActionForm):
    """``subject`` is the grant."""

    def perform(self) -> RoleGrant:
        return approve_grant(access=self.access, grant=self.subject)


class EndForm(ActionForm):
    """``subject`` is the grant."""

    refusal_fields = {"ends_in_the_past": "ends_on"}

    ends_on = DayField(label=gettext_lazy("first day without the role"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, required=False)

    def prepare(self) -> None:
        self.fields["ends_on"].initial = self.access.day

    def perform(self) -> RoleGrant:
        return end_grant(access=self.access, grant=self.subject, **self.cleaned_data)


@admin.register(RoleGrant, site=site)
class RoleGrantAdmin(RoleAdmin):
    adds = True
    list_display = ("account", "role_name", "scope", "since", "until", "granted", "approved")
    search_fields = ("account__username",)
    search_also = ("account__username", "account__display_name")
    person_path = "account__employee"
    search_help_text = gettext_lazy("User name or name")
    ordering = ("account__username", "role")

    def rows(self, access: Access) -> QuerySet[Any]:
        return grants_visible_to(access).select_related(
            "account__employee", "department", "granted_by__employee", "approved_by__employee"
        )

    @display(description=gettext_lazy("role"), ordering="role")
    def role_name(self, grant: RoleGrant) -> str:
        return grant.get_role_display()

    @display(description=gettext_lazy("scope"))
    def scope(self, grant: RoleGrant) -> str:
        return str(grant.department or _("company"))

    @display(description=gettext_lazy("from"), ordering="period")
    def since(self, grant: RoleGrant) -> str:
        return str(grant.period.lower or "")

    @display(description=gettext_lazy("until (exclusive)"))
    def until(self, grant: RoleGrant) -> str:
        return str(grant.period.upper or "")

    @display(description=gettext_lazy("granted by"))
    def granted(self, grant: RoleGrant) -> str:
        return str(grant.granted_by) if grant.granted_by else _("on the server")

    @display(description=gettext_lazy("approved by"))
    def approved(self, grant: RoleGrant) -> str:
        if grant.approved_by:
            return str(grant.approved_by)
        return _("in force") if grant.in_force else _("waits for approval by the general manager")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.GRANT, Verb.CREATE)
        two = ", ".join(str(Role(role).label) for role in TWO_PERSON_ROLES)
        about = ActionPage(
            title=_("Grant a role"),
            submit=_("Grant"),
            done=_("The role has been granted."),
            back=reverse("admin:staff_rolegrant_changelist"),
            lead=_("These take effect only once another person has approved them: %(roles)s.") % {"roles": two},
        )
        return action_page(request, GrantForm, about, initial={"account": request.GET.get("account", "")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        access = require(request, Thing.GRANT)
        grant = self.found(request, object_id)
        context = {
            "title": str(grant),
            "grant": grant,
            "waits": not grant.in_force,
            "may_approve": not grant.in_force and may_in_admin(access, Thing.GRANT, Verb.DECIDE),
            "may_end": may_in_admin(access, Thing.GRANT, Verb.CREATE),
        }
        return render(request, "admin/staff/grant.html", context)


def _of_grant(
    request: HttpRequest, pk: int, form: type[ActionForm], title: str, submit: str, done: str
) -> HttpResponse:
    grant = site.get_model_admin(RoleGrant).found(request, str(pk))
    about = ActionPage(
        title=f"{grant.account} · {grant} · {title}",
        submit=submit,
        done=done,
        back=reverse("admin:staff_rolegrant_change", args=[pk]),
    )
    return action_page(
        request, form, about, subject=grant, back=lambda _grant: reverse("admin:staff_rolegrant_changelist")
    )


@page("grants/<int:pk>/approve/", "grant-approve", Thing.GRANT, Verb.DECIDE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_grant(request, pk, ApproveForm, _("Approval"), _("Approve"), _("The grant is in force."))


@page("grants/<int:pk>/end/", "grant-end", Thing.GRANT, Verb.CREATE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    return _of_grant(request, pk, EndForm, _("Ending"), _("End the role"), _("The end has been recorded."))
