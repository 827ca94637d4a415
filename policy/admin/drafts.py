"""A draft's page: what is wrong, what differs, what would change for whom, and the way to being in force."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from policy import library
from policy.actions.policy_publish import parts_of
from policy.admin.draft_forms import (
    BeginForm,
    DiscardForm,
    OwnForm,
    PublishForm,
    RebaseForm,
    ReturnForm,
    SubmitForm,
    TakeBackForm,
)
from policy.admin.draft_found import draft_or_404, fault_places
from policy.drafting.difference import changed_values, grouped
from policy.drafting.effects import EffectRequest, effects_of
from policy.drafting.reads import Examined, examined, newer_than_base
from policy.models import AdoptionRequest, PolicyDraft, PolicyVersion
from policy.selectors import conflicting
from policy.web.card import card
from policy.web.changes import told
from policy.web.document import open_points, sections
from policy.web.ladder import drawn
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.periods import Month


@page("policy-drafts/<int:pk>/", "policy-draft", Thing.POLICY)
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    draft = draft_or_404(access, pk)
    found = examined(draft)
    edits = draft.open and may_in_admin(access, Thing.POLICY, Verb.UPDATE)
    asked = list(AdoptionRequest.objects.filter(draft=draft).select_related("department").order_by("pk"))
    checked = found.checked
    context = {
        "title": _("Draft: %(policy)s") % {"policy": _name(draft)},
        "draft": draft,
        "found": found,
        "places": fault_places(draft.document, found.faults, draft, edits=edits),
        "hints": fault_places(draft.document, found.hints, draft, edits=edits),
        "parts": told(grouped(found.changes)),
        "changed": len(found.changes),
        "newer": newer_than_base(draft) if edits else None,
        "asked": [(one, _in_the_way(one, found)) for one in asked],
        "edits": edits,
        "may_decide": draft.waits and may_in_admin(access, Thing.POLICY, Verb.DECIDE),
        "own": access.account_id in draft.editors,
        "may_take_back": draft.waits and may_in_admin(access, Thing.POLICY, Verb.UPDATE),
        "policy": checked,
        "drawn": drawn(checked) if checked else None,
        "card": card(checked) if checked else None,
        "sections": sections(checked) if checked else [],
        "open_points": open_points(checked) if checked else [],
        "simulates": checked is not None and (draft.open or draft.waits),
    }
    return render(request, "admin/policy/draft.html", context)


@page("policy-drafts/<int:pk>/effect/", "policy-draft-effect", Thing.POLICY)
def effect_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What would change for whom: fetched by the draft's page when it is open, for it may take a while. Stored nowhere."""
    access = access_of_request(request)
    draft = draft_or_404(access, pk)
    found = examined(draft)
    effects = []
    if found.checked is not None:
        changed = frozenset(changed_values(found.changes))
        effects = effects_of(EffectRequest(access, found.checked, changed, _month(request), request.path))
    context = {"title": _("Simulation: %(policy)s") % {"policy": _name(draft)}, "draft": draft, "effects": effects}
    part = bool(getattr(request, "htmx", False))
    return render(request, "admin/policy/_draft_effect.html" if part else "admin/policy/draft_effect.html", context)


def _month(request: HttpRequest) -> Month | None:
    """The month of the address. Raises ``Http404`` for what is none."""
    text = request.GET.get("month", "")
    try:
        return Month.parse(text) if text else None
    except ValueError as error:
        raise Http404 from error


def _in_the_way(asked: AdoptionRequest, found: Examined) -> list[str]:
    """Other policies that govern the same people there: approving would be refused."""
    if found.checked is None or not asked.pending:
        return []
    rows = conflicting(asked.policy, parts_of(found.checked), asked.department, asked.starts_on)
    return [f"{other.version.title} · {other.department}" for other in rows]


@page("policies/<slug:key>/draft/", "policy-draft-new", Thing.POLICY, Verb.CREATE)
def begin(request: HttpRequest, key: str) -> HttpResponse:
    number = request.GET.get("version", "")
    versions = PolicyVersion.objects.filter(key=key).order_by("-number")
    if number.isascii() and number.isdigit() and len(number) < 9:
        version: PolicyVersion | None = get_object_or_404(versions, number=int(number))
    else:
        version = versions.first()
    if version is None and key not in library.policy_keys():
        raise Http404
    about = ActionPage(
        title=_("Draft a new version: %(policy)s") % {"policy": version.title if version else key},
        submit=_("Begin"),
        done=_("The draft has begun. Nothing in force changes."),
        back=reverse("admin:policy-library", args=[key]),
        lead=_(
            "A draft of a new version with the text of version %(n)s. Change readings and parameters in fields, or the text "
            "itself; save as often as you like. It is in force only when employees were heard and the general manager "
            "has approved."
        )
        % {"n": version.number if version else _("of the library")},
    )
    return action_page(request, BeginForm, about, subject=(version, key), back=_at)


@page("policy-drafts/new/", "policy-draft-start", Thing.POLICY, Verb.CREATE)
def begin_own(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("A policy of your own"),
        submit=_("Begin"),
        done=_("The draft has begun. Nothing in force changes."),
        back=reverse("admin:policy_policyversion_changelist"),
        lead=_(
            "A tenth policy is a document like the nine: ladder, scorecard, pay, each clause beside its rules. Upload one, or "
            "begin with an empty example. Faults are told at their lines."
        ),
    )
    return action_page(request, OwnForm, about, back=_at)


@page("policy-drafts/<int:pk>/submit/", "policy-draft-submit", Thing.POLICY, Verb.UPDATE)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    lead = _(
        "The general manager reads what differs, what would change for whom, and how employees were heard. Nothing is in force "
        "before the approval. Without a department the version is only published."
    )
    words = (_("Submission"), _("Submit to the general manager"), _("The draft waits for the general manager."))
    return _settle(request, pk, SubmitForm, words, lead)


@page("policy-drafts/<int:pk>/approve/", "policy-draft-approve", Thing.POLICY, Verb.DECIDE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_or_404(access_of_request(request), pk)
    asked = AdoptionRequest.objects.filter(draft=draft, state="pending").select_related("department").order_by("pk")
    where = "; ".join(
        _("%(department)s from %(day)s") % {"department": one.department, "day": one.starts_on} for one in asked
    )
    lead = _("It is published as a new version, which never changes. In force: %(where)s.") % {
        "where": where or _("nowhere yet")
    }
    words = (_("Approval"), _("Approve and publish"), _("The version is published."))
    return _settle(request, pk, PublishForm, words, lead)


@page("policy-drafts/<int:pk>/return/", "policy-draft-return", Thing.POLICY, Verb.DECIDE)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Return"), _("Return to HR"), _("The draft has been returned."))
    return _settle(request, pk, ReturnForm, words, _("Nothing in force changes. HR reads the reason and writes on."))


@page("policy-drafts/<int:pk>/take-back/", "policy-draft-take-back", Thing.POLICY, Verb.UPDATE)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Taking back"), _("Take back"), _("The draft has been taken back."))
    return _settle(request, pk, TakeBackForm, words, _("It is written in again; what was asked with it is withdrawn."))


@page("policy-drafts/<int:pk>/discard/", "policy-draft-discard", Thing.POLICY, Verb.UPDATE)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Discarding"), _("Discard the draft"), _("The draft has been discarded."))
    return _settle(request, pk, DiscardForm, words, _("Nothing in force changes. Nobody writes in it any more."))


@page("policy-drafts/<int:pk>/rebase/", "policy-draft-rebase", Thing.POLICY, Verb.UPDATE)
def rebase(request: HttpRequest, pk: int) -> HttpResponse:
    words = (
        _("Comparison"),
        _("Compare with the newest version"),
        _("The difference is told against the newest version."),
    )
    lead = _(
        "The text of the draft stays. What the newest version says otherwise then shows as a difference: look at each."
    )
    return _settle(request, pk, RebaseForm, words, lead)


def _settle(
    request: HttpRequest, pk: int, form: type[ActionForm], words: tuple[str, str, str], lead: str
) -> HttpResponse:
    draft = draft_or_404(access_of_request(request), pk)
    title, button, done = words
    about = ActionPage(
        title=f"{_name(draft)} · {title}",
        submit=button,
        done=done,
        back=reverse("admin:policy-draft", args=[pk]),
        lead=lead,
    )
    read = {"submission": request.GET.get("submission", "")}  # as the page had it from which one came
    return action_page(request, form, about, subject=draft, initial=read, back=_at)


def _at(draft: Any) -> str:
    return reverse("admin:policy-draft", args=[draft.pk])


def _name(draft: PolicyDraft) -> str:
    return draft.base.title if draft.base else draft.key
