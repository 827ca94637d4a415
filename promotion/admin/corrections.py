"""Corrections of sealed months 更正: asked for by HR, approved by another who has seen what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessment.actions.correction_request import (
    request_absence_correction,
    request_event_correction,
    request_value_correction,
)
from assessment.actions.correction_turn_down import decline_correction, require_checker, withdraw_correction
from assessment.models import Correction, CorrectionFile, CorrectionState, Event, Metric
from assessment.web.doubts import WordsForm
from promotion.admin.dues import Due, register_due
from promotion.corrections.actions.correction_approve import approve_correction, preview_correction
from promotion.web.correction_words import effect_rows, fact_words
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin import (
    ActionForm,
    ActionPage,
    DayField,
    FilesField,
    MonthFormField,
    PersonField,
    action_page,
    page,
)
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.admin.site import may_in_admin
from staff.kernel.attachments import response_for
from staff.models import Absence, AbsenceKind
from staff.selectors.people import things_reached

A_PAGE = 50
_FILES = {"file": "evidence", "files": "evidence"}


class ValueForm(ActionForm):
    """A value of a person's sealed month."""

    refusal_fields = _FILES
    person = PersonField(label=gettext_lazy("person"), verb=Verb.UPDATE, thing=Thing.VALUE)
    month = MonthFormField(label=gettext_lazy("month"))
    metric = forms.ModelChoiceField(Metric.objects.order_by("kind", "key"), label=gettext_lazy("metric"))
    after = forms.DecimalField(
        label=gettext_lazy("what is right"), required=False, max_digits=20, decimal_places=4,
        help_text=gettext_lazy("Empty: nothing should have been reported."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("reason and evidence"), widget=forms.Textarea)
    evidence = FilesField(label=gettext_lazy("files that show it"), required=False)

    def perform(self) -> Correction:
        given = self.cleaned_data
        return request_value_correction(
            access=self.access, employee=given["person"], month=given["month"], metric=given["metric"],
            after=given["after"], reason=given["reason"], files=given["evidence"],
        )  # fmt: skip


class EventForm(ActionForm):
    """What was entered wrongly of an event."""

    refusal_fields = _FILES
    subject: Event
    day = DayField(label=gettext_lazy("date"))
    status = forms.ChoiceField(label=gettext_lazy("status"), required=False)
    about = forms.CharField(label=gettext_lazy("subject"), required=False, max_length=200)
    quantity = forms.DecimalField(label=gettext_lazy("quantity"), required=False, max_digits=20, decimal_places=4)
    decided_on = DayField(label=gettext_lazy("decided on"), required=False)
    reason = forms.CharField(label=gettext_lazy("reason and evidence"), widget=forms.Textarea)
    evidence = FilesField(label=gettext_lazy("files that show it"), required=False)

    def prepare(self) -> None:
        labels = dict(Event._meta.get_field("status").choices or ())
        known = dict.fromkeys([self.subject.status, *self.subject.kind.statuses, "withdrawn"])
        self.fields["status"].choices = [(one, labels[one]) for one in known]  # type: ignore[attr-defined]

    def perform(self) -> Correction:
        given = self.cleaned_data
        after = {
            "day": given["day"], "status": given["status"], "subject": given["about"].strip(),
            "quantity": given["quantity"], "decided_on": given["decided_on"],
        }  # fmt: skip
        return request_event_correction(
            access=self.access, event=self.subject, after=after, reason=given["reason"], files=given["evidence"]
        )


class AbsenceForm(ActionForm):
    """Days away of a sealed month: ``subject`` put right or taken back, or an absence that nobody entered."""

    refusal_fields = _FILES
    subject: Absence | None
    person = PersonField(label=gettext_lazy("person"), verb=Verb.UPDATE, thing=Thing.VALUE)
    first_day = DayField(label=gettext_lazy("first day"), required=False)
    last_day = DayField(label=gettext_lazy("last day"), required=False, help_text=gettext_lazy("Included."))
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=AbsenceKind)
    away = forms.ChoiceField(
        label=gettext_lazy("was the person away"),
        choices=[("yes", gettext_lazy("Yes, on these days")), ("no", gettext_lazy("No, not at all"))],
    )
    reason = forms.CharField(label=gettext_lazy("reason and evidence"), widget=forms.Textarea)
    evidence = FilesField(label=gettext_lazy("files that show it"), required=False)

    def prepare(self) -> None:
        for name in ("person", "kind") if self.subject else ("away",):
            del self.fields[name]
        for name in ("first_day", "last_day"):
            self.fields[name].required = self.subject is None
            self.fields[name].initial = getattr(self.subject, name, None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("away") == "yes":
            for name in ("first_day", "last_day"):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, self.fields["reason"].error_messages["required"])
        return given

    def perform(self) -> Correction:
        given = self.cleaned_data
        absence, away = self.subject, given.get("away", "yes") == "yes"
        return request_absence_correction(
            access=self.access, absence=absence, employee=absence.employee if absence else given["person"],
            days=(given["first_day"], given["last_day"]) if away else None, kind=given.get("kind", ""),
            reason=given["reason"], files=given["evidence"],
        )  # fmt: skip


@page("corrections/", "corrections", Thing.MONTH)
def corrections(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    rows = Correction.objects.visible_to(access).select_related(
        "employee", "metric", "event__kind", "requested_by__employee"
    )
    waiting_first = rows.order_by(F("decided_at").desc(nulls_first=True), "-pk")
    found = Paginator(waiting_first, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Corrections"), "page_obj": found,
        "rows": [(one, fact_words(one)) for one in found.object_list],
        "may_ask": may_in_admin(access, Thing.MONTH, Verb.UPDATE),
    }  # fmt: skip
    return render(request, "admin/promotion/corrections.html", context)


@page("corrections/value/", "correction-value", Thing.MONTH, Verb.UPDATE)
def of_value(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Correct a value of a sealed month"), submit=_("Ask for the correction"), back=reverse("admin:corrections"),
        done=_("The correction waits for a second person."),
        lead=_("Nothing changes before another of HR has seen what follows from it, and approves."),
    )  # fmt: skip
    initial = {name: request.GET.get(name, "") for name in ("person", "month")}
    metric = Metric.objects.filter(key=request.GET.get("metric", "")).first()
    return action_page(request, ValueForm, about, initial={**initial, "metric": metric}, back=_page_of)


@page("corrections/event/<int:pk>/", "correction-event", Thing.MONTH, Verb.UPDATE)
def of_event(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    event = get_object_or_404(Event.objects.visible_to(access, Verb.UPDATE).select_related("kind", "employee"), pk=pk)
    about = ActionPage(
        title=_("Correct an event of a sealed month"), submit=_("Ask for the correction"), back=reverse("admin:corrections"),
        done=_("The correction waits for a second person."),
        lead=_("A finding that came later is no correction: enter it with the day it was found."),
        facts=[(_("event no."), event.event_no), (_("person"), event.employee)],
    )  # fmt: skip
    initial = {
        "day": event.day, "status": event.status, "about": event.subject, "quantity": event.quantity,
        "decided_on": event.decided_on,
    }  # fmt: skip
    return action_page(request, EventForm, about, subject=event, initial=initial, back=_page_of)


@page("corrections/absence/", "correction-absence-new", Thing.MONTH, Verb.UPDATE)
def of_new_absence(request: HttpRequest) -> HttpResponse:
    return action_page(
        request, AbsenceForm, _days_page(), initial={"person": request.GET.get("person", "")}, back=_page_of
    )


@page("corrections/absence/<int:pk>/", "correction-absence", Thing.MONTH, Verb.UPDATE)
def of_absence(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Absence.objects.visible_to(access_of_request(request), Verb.UPDATE).select_related("employee")
    absence = get_object_or_404(rows, pk=pk)
    facts = [(_("person"), absence.employee), (_("kind"), absence.get_kind_display())]
    return action_page(request, AbsenceForm, _days_page(facts), subject=absence, back=_page_of)


def _days_page(facts: Sequence[tuple[str, Any]] = ()) -> ActionPage:
    return ActionPage(
        title=_("Correct days away of a sealed month"), submit=_("Ask for the correction"), back=reverse("admin:corrections"),
        done=_("The correction waits for a second person."),
        lead=_("A correction puts one sealed month right: where days of several are wrong, ask for one month at a time."),
        facts=list(facts),
    )  # fmt: skip


@page("corrections/<int:pk>/", "correction", Thing.MONTH)
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """The fact, what follows, and the decision. POST ``act``: approve (with ``seen``), decline (with words), withdraw."""
    access = access_of_request(request)
    rows = Correction.objects.visible_to(access).select_related("employee", "metric", "event", "requested_by__employee")
    found: Correction | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    form = WordsForm(request.POST if request.POST.get("act") == "decline" else None, label=_("Why it is declined"))
    if request.method == "POST" and _act(request, access, found, form):
        return redirect("admin:correction", pk)
    waits = found.state == CorrectionState.REQUESTED
    refused, effects, seen = "", [], ""
    if waits and may_in_admin(access, Thing.MONTH, Verb.UPDATE):
        try:
            preview = preview_correction(access=access, correction=found)
            effects, seen = preview.effects, preview.digest
        except Refused as error:
            refused = error.message
    elif not waits:
        effects = list(found.effects.all())
    told, others = effect_rows(access, effects)
    context: dict[str, Any] = {
        "title": _("Correction of %(month)s") % {"month": found.month}, "correction": found, "facts": fact_words(found),
        "effects": told, "others": others, "seen": seen, "refused": refused, "form": form, "waits": waits,
        "files": found.files.select_related("attachment"),
        "kind": found.get_absence_kind_display() if things_reached(access, found.employee, [Thing.ABSENCE]) else "",
        "may_decide": waits and _may_decide(access, found), "own": access.account_id == found.requested_by_id,
    }  # fmt: skip
    return render(request, "admin/promotion/correction.html", context, status=422 if form.errors else 200)


@page("corrections/<int:pk>/files/<int:file>/", "correction-file", Thing.MONTH)
def correction_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Whoever reads the correction reads its evidence, and nobody else."""
    rows = Correction.objects.visible_to(access_of_request(request)).filter(pk=pk)
    found = CorrectionFile.objects.select_related("attachment").filter(correction__in=rows, pk=file).first()
    if found is None:
        raise Http404
    return response_for(found.attachment)


def _act(request: HttpRequest, access: Access, found: Correction, form: WordsForm) -> bool:
    """Whether it was done. A refusal of an approval or a withdrawal is told above the page."""
    act = request.POST.get("act")
    if act == "decline":
        access.require(Thing.MONTH, Verb.DECIDE)
        return form.is_valid() and form.carries_out(
            lambda: decline_correction(access=access, correction=found, words=form.cleaned_data["text"])
        )
    try:
        if act == "approve":
            approve_correction(access=access, correction=found, seen=request.POST.get("seen", ""))
        elif act == "withdraw":
            withdraw_correction(access=access, correction=found)
        else:
            access.require(Thing.MONTH, Verb.DECIDE)
            raise Refused(_("Choose what to do with it."))
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    return True


def _may_decide(access: Access, found: Correction) -> bool:
    try:
        require_checker(access, found)
    except Forbidden:
        return False
    return True


def _page_of(found: Correction) -> str:
    return reverse("admin:correction", args=[found.pk])


def _due(access: Access) -> Any:
    if not may_in_admin(access, Thing.MONTH, Verb.DECIDE):
        return None
    waiting = Correction.objects.visible_to(access, Verb.UPDATE).filter(state=CorrectionState.REQUESTED)
    return waiting.exclude(requested_by=access.account_id)


register_due(
    Due(
        "corrections",
        _due,
        lambda n: ngettext(
            "%(n)d correction of a sealed month waits for a second person",
            "%(n)d corrections of sealed months wait for a second person",
            n,
        ),
        "admin:corrections",
    )
)
