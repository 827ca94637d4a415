"""A request for an adoption: what it would change, and its end by approval, refusal or withdrawal."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy.actions.adoption_decide import decide_adoption
from policy.actions.adoption_request import withdraw_request
from policy.actions.policy_publish import parts_of
from policy.language import Faults
from policy.models import Adoption, AdoptionRequest
from policy.selectors import adoption_on, checked, conflicting, policy_named, title_named
from policy.web.document import said
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render


class ApproveForm(ActionForm):
    """``subject`` is the request."""

    approve = True
    reason = forms.CharField(label=gettext_lazy("reason"), required=False, widget=forms.Textarea, max_length=1000)

    def perform(self) -> AdoptionRequest:
        return decide_adoption(
            access=self.access,
            request_id=self.subject.pk,
            approve=self.approve,
            reason=self.cleaned_data["reason"],
            now=timezone.now(),
        )


class DeclineForm(ApproveForm):
    approve = False


class WithdrawForm(ActionForm):
    """``subject`` is the request."""

    def perform(self) -> AdoptionRequest:
        return withdraw_request(access=self.access, request_id=self.subject.pk, now=timezone.now())


@page("adoption-requests/<int:pk>/", "adoption-request", Thing.POLICY)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    access, asked = access_of_request(request), _found(pk)
    own = asked.requested_by_id == access.account_id
    ends = adoption_on(asked.policy, asked.department, asked.starts_on).select_related("version").first()
    context = {
        "title": _("Request: %(policy)s in %(department)s")
        % {"policy": _title(asked.policy), "department": asked.department},
        "asked": asked,
        "policy_title": _title(asked.policy),
        "ends": ends if asked.pending else None,
        "in_the_way": _in_the_way(asked),
        "may_decide": asked.pending
        and not asked.draft_id
        and not own
        and may_in_admin(access, Thing.POLICY, Verb.DECIDE),
        "may_withdraw": asked.pending
        and not asked.draft_id
        and own
        and may_in_admin(access, Thing.POLICY, Verb.CREATE),
    }
    return render(request, "admin/policy/request.html", context)


@page("adoption-requests/<int:pk>/approve/", "adoption-approve", Thing.POLICY, Verb.DECIDE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _found(pk)
    values = ", ".join(f"{name} = {value}" for name, value in sorted(asked.values.items()))
    lead = _(
        "From %(day)s on the next sweep judges %(department)s and all below it by this policy. Values set: %(values)s."
    ) % {"day": asked.starts_on, "department": asked.department, "values": values or _("none")}
    if ends := adoption_on(asked.policy, asked.department, asked.starts_on).first():
        lead += " " + _("The adoption in force since %(since)s ends there.") % {"since": ends.period.lower}
    return _settle(request, asked, ApproveForm, (_("Approval"), _("Put in force"), _("The policy is in force.")), lead)


@page("adoption-requests/<int:pk>/decline/", "adoption-decline", Thing.POLICY, Verb.DECIDE)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Refusal"), _("Decline"), _("The request has been declined."))
    return _settle(request, _found(pk), DeclineForm, words, _("Nothing in force changes. HR reads the reason."))


@page("adoption-requests/<int:pk>/withdraw/", "adoption-withdraw", Thing.POLICY, Verb.CREATE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Withdrawal"), _("Withdraw"), _("The request has been withdrawn."))
    return _settle(request, _found(pk), WithdrawForm, words, _("Nothing in force changes."))


def _found(pk: int) -> AdoptionRequest:
    rows = AdoptionRequest.objects.select_related(
        "department", "version", "requested_by__employee", "decided_by__employee"
    )
    return get_object_or_404(rows, pk=pk)


def _in_the_way(asked: AdoptionRequest) -> list[Adoption]:
    """Other policies that govern the same people there: approving would be refused until they end."""
    if not asked.pending or (asked.draft_id and not asked.version_id):
        return []
    try:
        policy = checked(asked.version, asked.values) if asked.version else policy_named(asked.policy)
    except (Faults, KeyError):
        return []
    return conflicting(asked.policy, parts_of(policy), asked.department, asked.starts_on)


def _title(key: str) -> str:
    """A policy may leave the library while a request for it stands."""
    try:
        return said(title_named(key))
    except KeyError:
        return key


def _settle(
    request: HttpRequest, asked: AdoptionRequest, form: type[ActionForm], words: tuple[str, str, str], lead: str
) -> HttpResponse:
    title, submit, done = words
    about = ActionPage(
        title=f"{_title(asked.policy)} · {asked.department} · {title}",
        submit=submit,
        done=done,
        back=reverse("admin:adoption-request", args=[asked.pk]),
        lead=lead,
    )
    return action_page(
        request, form, about, subject=asked, back=lambda _settled: reverse("admin:policy_adoption_changelist")
    )
