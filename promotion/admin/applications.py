"""Applications that HR opens: exams confirmed, nominations, skip-level promotions."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy.tier_names import tier_names
from promotion.applications.actions.exam_confirm import confirm_exam
from promotion.applications.actions.nominate import nominate
from promotion.applications.actions.skip_open import open_skip
from promotion.applications.models import Application
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, PersonField, action_page, page
from staff.kernel.words import in_english


class ConfirmForm(ActionForm):
    person = PersonField(label=gettext_lazy("person"))

    def perform(self) -> Application:
        return confirm_exam(access=self.access, employee=self.cleaned_data["person"])


class NominateForm(ActionForm):
    person = PersonField(label=gettext_lazy("person"))
    words = forms.CharField(label=gettext_lazy("why, which the person reads"), widget=forms.Textarea)

    def perform(self) -> Application:
        return nominate(access=self.access, employee=self.cleaned_data["person"], words=self.cleaned_data["words"])


class SkipForm(ActionForm):
    refusal_fields = {"words": "merit"}
    person = PersonField(label=gettext_lazy("person"))
    to_tier = forms.ChoiceField(label=gettext_lazy("to the tier"))
    merit = forms.CharField(label=gettext_lazy("the merit"), widget=forms.Textarea)
    evidence = forms.FileField(label=gettext_lazy("evidence"))

    def prepare(self) -> None:
        """By policy, from the bottom up; no skip leads to the two lowest."""
        by_policy: dict[str, dict[str, str]] = {}
        for name in sorted(tier_names(), key=lambda one: (one.ladder, one.rank)):
            if name.rank > 1:
                tiers = by_policy.setdefault(name.ladder_en if in_english() else name.ladder_zh, {})
                tiers[name.tier] = name.en if in_english() else name.zh
        groups = [(policy, list(tiers.items())) for policy, tiers in by_policy.items()]
        self.fields["to_tier"].choices = [("", "–"), *groups]  # type: ignore[attr-defined]

    def perform(self) -> Application:
        given = self.cleaned_data
        return open_skip(
            access=self.access, employee=given["person"], to_tier=given["to_tier"], merit=given["merit"],
            files=[(given["evidence"].name, given["evidence"])],
        )  # fmt: skip


@page("applications/confirm/", "application-confirm", Thing.APPLICATION, Verb.CREATE)
def confirm(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Confirm a passed exam"), submit=_("Confirm"), back=reverse("admin:applications"),
        done=_("Confirmed; the review begins."), lead=_("Where the policy has nobody apply, this opens the promotion."),
    )  # fmt: skip
    return action_page(request, ConfirmForm, about, initial={"person": request.GET.get("person", "")})


@page("applications/nominate/", "application-nominate", Thing.APPLICATION, Verb.CREATE)
def nomination(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Nominate somebody"), submit=_("Nominate"), back=reverse("admin:applications"),
        done=_("Nominated; the person has been asked to accept."),
    )  # fmt: skip
    return action_page(request, NominateForm, about, initial={"person": request.GET.get("person", "")})


@page("applications/skip/", "application-skip", Thing.APPLICATION, Verb.CREATE)
def skip(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Open a skip-level promotion"), submit=_("Open it"), back=reverse("admin:applications"),
        done=_("Opened; put it into a round."),
        lead=_("A panel and the general manager both decide, and it is posted for twice as long."),
    )  # fmt: skip
    return action_page(request, SkipForm, about)
