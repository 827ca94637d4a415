"""Who stands in for whom, for HR, the general manager and auditors: ended by HR, confirmed where it takes another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.actions.delegation_confirm import confirm_delegation
from staff.actions.delegation_end import end_delegation
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.models import Delegation
from staff.selectors.delegations import delegations_visible_to

_PER_PAGE = 50


class EndDelegationForm(ActionForm):
    """``subject`` is the delegation."""

    refusal_fields = {"reason": "reason"}

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)

    def perform(self) -> Delegation:
        return end_delegation(access=self.access, delegation=self.subject, **self.cleaned_data)


class ConfirmDelegationForm(ActionForm):
    """``subject`` is the delegation."""

    def perform(self) -> Delegation:
        return confirm_delegation(access=self.access, delegation=self.subject)


@page("deputies/", "deputies", Thing.DELEGATION)
def delegations(request: HttpRequest) -> HttpResponse:
    """What is not over first; all else by ``?all=1``."""
    access = access_of_request(request)
    rows = delegations_visible_to(access)
    every = "all" in request.GET
    if not every:
        rows = rows.not_over(access.day)  # type: ignore[attr-defined]
    found = Paginator(rows.order_by("-period", "-pk"), _PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "title": _("Standing in"),
        "page": found,
        "every": every,
        "lines": [(row, row.state_on(access.day)) for row in found],
        "may_end": may_in_admin(access, Thing.DELEGATION, Verb.UPDATE),
        "may_confirm": may_in_admin(access, Thing.DELEGATION, Verb.DECIDE),
    }
    return render(request, "admin/staff/deputies.html", context)


@page("deputies/<int:pk>/end/", "deputy-end", Thing.DELEGATION, Verb.UPDATE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, EndDelegationForm, _("End it"), _("It is ended, and both are told."))


@page("deputies/<int:pk>/confirm/", "deputy-confirm", Thing.DELEGATION, Verb.DECIDE)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, ConfirmDelegationForm, _("Confirm"), _("It is confirmed, and both are told."))


def _act(request: HttpRequest, pk: int, form: type[ActionForm], submit: str, done: str) -> HttpResponse:
    found = get_object_or_404(delegations_visible_to(access_of_request(request)), pk=pk)
    about = ActionPage(
        title=_("%(deputy)s for %(holder)s") % {"deputy": found.deputy, "holder": found.holder},
        submit=submit,
        done=done,
        back=reverse("admin:deputies"),
        facts=[
            (_("role"), found.get_role_display()),
            (_("First day away"), found.since),
            (_("Day of return"), found.until),
            (_("reason"), found.reason),
        ],
    )
    return action_page(request, form, about, subject=found)
