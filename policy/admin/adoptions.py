"""Where policies are in force, since when, with which values; what waits for approval; and HR's form that asks for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.decorators import display

from policy.actions.adoption_request import request_adoption
from policy.actions.adoption_withdraw import withdraw_adoption
from policy.compiler.say import sentence
from policy.language import Checked, Faults, bind
from policy.language.checked import Parameter, Reading
from policy.models import Adoption, AdoptionRequest, PolicyVersion
from policy.selectors import current_requests, policy_named, unbound
from policy.web.document import said
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
from staff.kernel.admin.pages import access_of_request, render, require
from staff.kernel.words import in_english


@admin.register(Adoption, site=site)
class AdoptionAdmin(RoleAdmin):
    list_display = ("version_no", "department", "since", "until", "set_values", "asked", "approved")
    list_before_template = "admin/policy/_requests.html"
    list_filter = ("policy",)
    search_fields = ("policy",)
    search_also = ("policy", "department__name")
    ordering = ("policy", "department__name", "period")

    def rows(self, access: Access) -> QuerySet[Any]:
        return Adoption.objects.select_related(
            "version", "department", "adopted_by__employee", "approved_by__employee"
        ).defer("version__document")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        requests = current_requests(access_of_request(request).day)
        return super().changelist_view(request, {"requests": requests, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.POLICY)
        adoption = self.found(request, object_id)
        access = access_of_request(request)
        to_come = adoption.period.lower > access.day and may_in_admin(access, Thing.POLICY, Verb.DECIDE)
        context = {"title": str(adoption), "adoption": adoption, "may_withdraw": to_come}
        return render(request, "admin/policy/adoption.html", context)

    @display(description=gettext_lazy("policy"), ordering="policy")
    def version_no(self, adoption: Adoption) -> str:
        return f"{adoption.version.title} · {adoption.version.number}"

    @display(description=gettext_lazy("from"), ordering="period")
    def since(self, adoption: Adoption) -> str:
        return str(adoption.period.lower)

    @display(description=gettext_lazy("until (exclusive)"))
    def until(self, adoption: Adoption) -> str:
        return str(adoption.period.upper or "")

    @display(description=gettext_lazy("values set"))
    def set_values(self, adoption: Adoption) -> str:
        return ", ".join(f"{name} = {value}" for name, value in sorted(adoption.values.items()))

    @display(description=gettext_lazy("requested by"))
    def asked(self, adoption: Adoption) -> str:
        return str(adoption.adopted_by) if adoption.adopted_by else _("on the server")

    @display(description=gettext_lazy("approved by"))
    def approved(self, adoption: Adoption) -> str:
        return str(adoption.approved_by or "—")


class RequestForm(ActionForm):
    """``subject`` is (the policy, its version or None). What is left empty keeps the document's value."""

    department = DepartmentField(label=gettext_lazy("department"), help_text=gettext_lazy("And all below it."))
    starts_on = DayField(label=gettext_lazy("from"))
    consultation = forms.CharField(
        label=gettext_lazy("how employees were heard"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Labour Contract Law art. 4. Empty is recorded as: none was given."),
    )

    def prepare(self) -> None:
        policy: Checked = self.subject[0]
        self.fields["starts_on"].initial = self.access.day
        self.fields["starts_on"].widget.attrs["min"] = self.access.day.isoformat()
        given: dict[str, Parameter | Reading] = {**policy.parameters, **policy.readings}
        for name, one in given.items():
            why = said(one.why)
            if one.typed is not None:
                now = said(sentence(one.typed, policy))
                why = _("Now: %(value)s. %(why)s") % {"value": now, "why": why}
            self.fields[f"set_{name}"] = _value(f"{name} ({one.clause})", why, required=one.typed is None)

    def clean(self) -> dict[str, Any]:
        """Each value is read by itself first, so that a fault stands at its own field."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        policy: Checked = self.subject[0]
        needed = {name: given.get(f"set_{name}") or "" for name in policy.unset}
        try:
            bind(policy, needed)
        except Faults:
            self._tell_missing(needed)
            return given  # a parameter without a value is at fault: the action tells all of it
        for name in {**policy.parameters, **policy.readings}.keys() - needed.keys():
            value = given.get(f"set_{name}")
            if value:
                self._read(name, {**needed, name: value})
        return given

    def _tell_missing(self, needed: dict[str, str]) -> None:
        """All that lack a value by name, above the fields, beside the word at each of them."""
        missing = [name for name, value in needed.items() if not value]
        if missing:
            self.add_error(None, _("Values are missing: %(names)s.") % {"names": pgettext("list", ", ").join(missing)})

    def _read(self, name: str, values: dict[str, str]) -> None:
        try:
            bind(self.subject[0], values)
        except Faults as faults:
            said = [fault.message_en if in_english() else fault.message_zh for fault in faults.faults]
            self.add_error(f"set_{name}", said)

    def perform(self) -> AdoptionRequest:
        given = dict(self.cleaned_data)
        values = {name[4:]: value for name, value in given.items() if name.startswith("set_") and value}
        return request_adoption(
            access=self.access,
            key=str(self.subject[0].key),
            version=self.subject[1],
            department=given["department"],
            starts_on=given["starts_on"],
            values=values,
            consultation=given["consultation"],
        )


def _value(label: str, help_text: str, *, required: bool) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=200)


@page("policies/<slug:key>/adopt/", "policy-adopt", Thing.POLICY, Verb.CREATE)
def adopt_page(request: HttpRequest, key: str) -> HttpResponse:
    version = _asked_for(key, request.GET.get("version", ""))
    try:
        policy = unbound(version) if version else policy_named(key)
    except KeyError as error:
        raise Http404 from error
    about = ActionPage(
        title=_("Request adoption: %(policy)s") % {"policy": _titled(policy, version)},
        submit=_("Request"),
        done=_("The request waits for the general manager."),
        back=reverse("admin:policy_adoption_changelist"),
        lead=_(
            "Nothing is in force until the general manager approves. From that day on the next sweep judges the department "
            "and all below it by this policy. Months before stay."
        ),
    )
    return action_page(request, RequestForm, about, subject=(policy, version))


def _asked_for(key: str, number: str) -> PolicyVersion | None:
    """The version of the address; without one the latest, None where none was published. Raises ``Http404``."""
    versions = PolicyVersion.objects.filter(key=key).order_by("-number")
    if not number:
        return versions.first()
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404
    return get_object_or_404(versions, number=int(number))


def _titled(policy: Checked, version: PolicyVersion | None) -> str:
    return f"{said(policy.title)} · {version.number}" if version else said(policy.title)


class WithdrawAdoptionForm(ActionForm):
    """``subject`` is the adoption."""

    reason = forms.CharField(label=gettext_lazy("reason"), widget=forms.Textarea, max_length=1000)

    def perform(self) -> None:
        withdraw_adoption(access=self.access, adoption_id=self.subject.pk, reason=self.cleaned_data["reason"])


@page("adoptions/<int:pk>/take-back/", "adoption-take-back", Thing.POLICY, Verb.DECIDE)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Until the day before it begins."""
    adoption = get_object_or_404(Adoption.objects.select_related("version", "department"), pk=pk)
    about = ActionPage(
        title=" · ".join([adoption.version.title, str(adoption.department), _("Withdrawal")]),
        submit=_("Withdraw"),
        done=_("The adoption has been withdrawn."),
        back=reverse("admin:policy_adoption_changelist"),
        lead=_("It was to be in force from %(day)s. What it would have ended there goes on.")
        % {"day": adoption.period.lower},
    )
    return action_page(request, WithdrawAdoptionForm, about, subject=adoption)
