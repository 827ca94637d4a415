"""Doubts: raised by the person, answered by whoever leads them and in the end by HR; one page for all sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessment.actions.doubt_answer import answer_doubt, require_turn
from assessment.actions.doubt_pass_on import pass_on_doubt
from assessment.actions.doubt_raise import LONGEST, raise_doubt
from assessment.actions.doubt_withdraw import withdraw_doubt
from assessment.measures import Measure
from assessment.models import AssessmentMonth, Doubt, DoubtState, EmployeeMonth, Event, Metric, MonthState
from assessment.selectors.asked import measures_doubted
from assessment.selectors.doubts import doubt_in_scope, others_doubts, step_of
from assessment.selectors.needs import measures_of
from assessment.selectors.own_months import events_of
from assessment.selectors.windows import window_of_person
from assessment.web.months import month_or_404
from assessment.web.words import EventWords, about, amount, named, status_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee, SupervisorPeriod
from staff.web.forms import Styled
from staff.web.reach import access_in, employee_of

A_PAGE = 30


class WordsForm(Styled, forms.Form):
    """A few words, which are asked for."""

    text = forms.CharField(
        max_length=LONGEST, strip=True, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Say it in words: without them nobody can look into it.")},
    )  # fmt: skip

    def __init__(self, *args: Any, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, hint
        self.dress()

    def carries_out(self, act: Callable[[], Any]) -> bool:
        """Calls the action; its refusal becomes an error of the words, lacking rights go on."""
        try:
            act()
        except Forbidden:
            raise
        except Refused as refused:
            self.add_error("text", refused.message)
            return False
        return True


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A doubt as its page shows it. ``now`` is what stands there now, where that is something else than what was doubted."""

    doubt: Doubt
    own: bool
    about: str
    shown: str
    now: str
    supervisor: str
    step: DoubtState | None
    sealed: bool

    @property
    def may_pass_on(self) -> bool:
        return self.own and self.doubt.may_go_on

    @property
    def may_withdraw(self) -> bool:
        return self.own and self.doubt.open


@require_GET
@login_required
def doubts(request: HttpRequest) -> HttpResponse:
    """Those of the people whom one leads: what waits for oneself first."""
    access = access_in(request)
    access.require(Thing.DOUBT, Verb.UPDATE)
    page = Paginator(others_doubts(access), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "assessment/doubts.html", {"here": "doubts", "page": page, "rows": rows_of(page.object_list)}
    )


def rows_of(found: Any) -> list[tuple[Doubt, str]]:
    """Each with what it is about."""
    doubts = list(found)
    measures = measures_doubted(doubts)
    return [(doubt, about(doubt, measures)) for doubt in doubts]


@require_http_methods(["GET", "POST"])
@login_required
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """The page for the person, for whoever answers, and for whoever may read it. POST answers."""
    access = access_in(request)
    found = doubt_or_404(access, pk)
    form, done = answering(request, access, found)
    if done:
        return redirect("doubt", pk)
    view = view_of(access, found)
    context = {
        "here": "my-months" if view.own else "doubts",
        "view": view,
        "form": form,
        "fact_url": _intake_url(access, view),
    }
    return render(request, "assessment/doubt.html", context, status=422 if form.errors else 200)


def answering(request: HttpRequest, access: Access, found: Doubt) -> tuple[WordsForm, bool]:
    """The form of the answer, and whether it has been given. A refusal is an error of the form; whose turn it is not is
    told so before the words are looked at (``Forbidden``).
    """
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label=_("Your answer"),
        hint=_("What you put right, or why it stands. The person reads it."),
    )
    if not (form.is_bound and form.carries_out(lambda: require_turn(access, found)) and form.is_valid()):
        return form, False
    text, now = form.cleaned_data["text"], timezone.now()
    return form, form.carries_out(lambda: answer_doubt(access=access, doubt=found, text=text, now=now))


@require_POST
@login_required
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_in(request)
    pass_on_doubt(access=access, doubt=doubt_or_404(access, pk))
    return redirect("doubt", pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_in(request)
    withdraw_doubt(access=access, doubt=doubt_or_404(access, pk))
    return redirect("doubt", pk)


@require_http_methods(["GET", "POST"])
@login_required
def raise_one(request: HttpRequest, month: str) -> HttpResponse:
    """``?value=<key>`` or ``?event=<no.>`` of one's own month says what is doubted."""
    access, employee = access_in(request), employee_of(request)
    if employee is None:
        return HttpResponseRedirect(reverse("home"))
    of = month_or_404(employee, month)
    subject = _subject(request, access, employee, of)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label=_("What is wrong, and what would be right?"),
        hint=_("Say what you know: which day, which customer, where it can be seen."),
    )
    if form.is_bound and form.is_valid():
        raised: list[Doubt] = []
        text = form.cleaned_data["text"]
        if form.carries_out(lambda: raised.append(raise_doubt(access=access, about=subject, month=of, text=text))):
            return redirect("doubt", raised[0].pk)
    led = SupervisorPeriod.objects.filter(employee=employee, period__contains=access.day).select_related("supervisor")
    context = {
        "here": "my-months", "form": form, "month": of, "window": window_of_person(employee, of),
        "subject": _told(employee, subject, of),
        "supervisor": next((period.supervisor.name for period in led), ""),
    }  # fmt: skip
    return render(request, "assessment/doubt_raise.html", context, status=422 if form.errors else 200)


def doubt_or_404(access: Access, pk: int) -> Doubt:
    """Raises ``Http404`` for one outside the scope."""
    try:
        return doubt_in_scope(access, pk)
    except Doubt.DoesNotExist as error:
        raise Http404 from error


def view_of(access: Access, found: Doubt) -> DoubtView:
    """What the page shows to this reader."""
    led = SupervisorPeriod.objects.filter(employee=found.employee_id, period__contains=access.day)
    month = AssessmentMonth.objects.filter(month=found.month).first()
    measures = measures_doubted([found])
    shown, now = _then_and_now(found, measures.get(found.pk))
    return DoubtView(
        doubt=found,
        own=found.employee_id == access.employee_id,
        about=about(found, measures),
        shown=shown,
        now=now,
        supervisor=led.values_list("supervisor__name", flat=True).first() or "",
        step=step_of(access, found),
        sealed=month is not None and month.state == MonthState.SEALED,
    )


def _intake_url(access: Access, view: DoubtView) -> str:
    """Where a supervisor puts it right; empty while the month takes nothing from supervisors."""
    month = view.doubt.month
    if view.step != DoubtState.RAISED or not window_of_person(view.doubt.employee, month).open_on(access.day):
        return ""
    return reverse("intake-events" if view.doubt.event_id else "intake-month", args=[month])


def _subject(request: HttpRequest, access: Access, employee: Employee, month: Month) -> Metric | Event:
    """What the address names. Raises ``Http404`` for what is not of one's own month."""
    if event_no := request.GET.get("event", ""):
        return get_object_or_404(events_of(access, employee, month, month), event_no=event_no)
    return get_object_or_404(Metric, key=request.GET.get("value", ""))


def _told(employee: Employee, subject: Metric | Event, month: Month) -> list[tuple[str, str]]:
    """(name, value) of what is about to be doubted."""
    if isinstance(subject, Event):
        found = [(named(subject.kind), subject.day.isoformat()), *EventWords().details(subject)]
        status = status_of(subject)
        return [*found, (_("status"), status)] if status else found
    value = _value_of(employee.pk, subject, month)
    measure = measures_of(month, [subject], [employee.pk])[employee.pk, subject.pk]
    return [(measure.name, "" if value is None else amount(measure, value))]


def _then_and_now(found: Doubt, measure: Measure | None) -> tuple[str, str]:
    """What stood there when it was doubted, and what stands there now where that differs."""
    if found.metric is not None and measure is not None:
        value = _value_of(found.employee_id, found.metric, found.month)
        then = amount(measure, Decimal(found.shown))
        now = _("nothing is reported") if value is None else amount(measure, value)
        return then, "" if now == then else now
    event = found.event
    if event is None or event.recorded_at <= found.raised_at:
        return found.shown, ""
    return found.shown, f"{event.day.isoformat()} {status_of(event)} {event.subject}".strip()


def _value_of(employee_id: int, metric: Metric, month: Month) -> Decimal | None:
    row = EmployeeMonth.objects.filter(employee=employee_id, month=month).first()
    found: Decimal | None = getattr(row, f"s{metric.slot}") if row else None
    return found
