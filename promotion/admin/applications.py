"""Applications as HR runs them: the pipeline by step with overdue ones first, and what HR opens: exams confirmed, nominations,
skip-level promotions.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy.tier_names import tier_names
from promotion.applications.actions.exam_confirm import confirm_exam
from promotion.applications.actions.nominate import nominate
from promotion.applications.actions.skip_open import open_skip
from promotion.applications.models import EFFECT, Application, ApplicationState
from promotion.applications.selectors import ORDER, PipelineFilter, counted, pipeline
from promotion.web.judging_file import step_name, tiers_of
from promotion.web.tiers import views_of
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, PersonField, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.words import in_english

A_PAGE = 50


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
        choices = {name.tier: f"{name.en if in_english() else name.zh} ({name.ladder})" for name in tier_names()}
        self.fields["to_tier"].choices = list(choices.items())  # type: ignore[attr-defined]

    def perform(self) -> Application:
        given = self.cleaned_data
        return open_skip(
            access=self.access, employee=given["person"], to_tier=given["to_tier"], merit=given["merit"],
            files=[(given["evidence"].name, given["evidence"])],
        )  # fmt: skip


@page("applications/", "applications", Thing.APPLICATION)
def applications(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    step, words = request.GET.get("step", ""), request.GET.get("q", "").replace("\0", "").strip()[:80]
    asked = PipelineFilter(
        step=step if step in ORDER and step not in ApplicationState.values else "",
        state=step if step in ApplicationState.values else "",
        words=words, overdue=request.GET.get("late") == "yes",
    )  # fmt: skip
    found = Paginator(pipeline(access, asked), A_PAGE).get_page(request.GET.get("page"))
    rows = list(found.object_list)
    views = views_of({row.version.key for row in rows})
    counts = counted(access, asked)
    context: dict[str, Any] = {
        "title": _("Applications"), "page_obj": found, "q": words, "step": step, "day": access.day, "late": asked.overdue,
        "rows": [(row, tiers_of(row, views), _stage(row.step or row.state)) for row in rows],
        "stages": [(key, _stage(key), *counts[key]) for key in ORDER if key in counts],
        "may_open": may_in_admin(access, Thing.APPLICATION, Verb.CREATE),
    }  # fmt: skip
    return render(request, "admin/promotion/applications.html", context)


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


def _stage(key: str) -> str:
    if key == EFFECT:
        return _("takes effect")
    return str(ApplicationState(key).label) if key in ApplicationState.values else step_name(key)
