"""Feedback of results: a leader's list of a month, the talk with one person after another, and one page for all sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from assessment.actions.doubt_raise import LONGEST
from assessment.actions.feedback_answer import answer_feedback, require_turn
from assessment.actions.feedback_give import give_feedback, require_leader
from assessment.actions.feedback_reply import acknowledge_feedback, object_to_feedback, pass_on_feedback
from assessment.models import Feedback, FeedbackAct, FeedbackState, Level, Result
from assessment.selectors.feedback import (
    LEADERS,
    acts_of,
    feedback_in_scope,
    feedback_of,
    last_sealed,
    of_leader,
    sealed_months,
    talks_due,
)
from assessment.selectors.own_results import document_of
from assessment.web import own_result_words as said
from assessment.web.doubts import WordsForm
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee
from staff.web.forms import Styled
from staff.web.reach import access_in, person_or_404

A_PAGE = 50


class TalkForm(Styled, forms.Form):
    """A talk that was held."""

    held_on = forms.DateField(
        label=gettext_lazy("Day of the talk"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    summary = forms.CharField(
        label=gettext_lazy("What was talked over"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "The person reads it, as do whoever leads them, HR, the general manager and auditors; nobody else."
        ),
        error_messages={"required": gettext_lazy("Say in words what was talked over: the person reads it.")},
    )  # fmt: skip
    agreed = forms.CharField(
        label=gettext_lazy("Agreed next steps"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """A feedback as a reader sees it: ``own`` answers it, ``turn`` is whether the reader answers the objection now."""

    feedback: Feedback
    acts: list[FeedbackAct]
    own: bool
    may_reply: bool
    may_pass_on: bool
    turn: bool


@require_GET
@login_required
def feedback_list(request: HttpRequest) -> HttpResponse:
    """``?month=``: whom the reader leads, and who was told their result of the month; the last sealed one unless asked."""
    access = access_in(request)
    _require_leads(access)
    months, last = sealed_months(), last_sealed()
    month = _month(request.GET.get("month", ""), months)
    rows: QuerySet[Any] = of_leader(access, month) if month else Result.objects.none()
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    owed = [one for one in rows if one.fed is None and one.mine] if month else []
    context = {
        "here": "feedback-list", "month": month, "months": months, "page_obj": found,
        "rows": [(one, FeedbackState(one.fed_state).label if one.fed_state else "") for one in found.object_list],
        "owed": len(owed), "first": owed[0].employee if owed else None,
        "due_on": talks_due(last) if last is not None and last.month == month else None, "today": access.day,
    }  # fmt: skip
    return render(request, "assessment/feedback_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def talk(request: HttpRequest, month: str, employee_no: str) -> HttpResponse:
    """The form of a talk beside the result. Once it is kept the next person's comes, until nobody is left."""
    access = access_in(request)
    access.require(Thing.FEEDBACK, Verb.READ)
    of = _month(month, sealed_months(240))
    person = person_or_404(access, employee_no, thing=Thing.FEEDBACK)
    if of is None:
        raise Http404
    require_leader(access, person)
    given = feedback_of(access, person, of)
    if given is not None:
        return redirect("feedback", given.pk)
    results = list(
        Result.objects.filter(employee=person, level=Level.MONTH, month=of).select_related("version", "department")
    )
    if not results:
        raise Http404
    form = TalkForm(request.POST if request.method == "POST" else None, initial={"held_on": access.day})
    if form.is_bound and form.is_valid() and _given(access, form, person, of):
        return redirect(_next(access, of))
    waiting = [one.employee for one in of_leader(access, of) if one.fed is None and one.mine]
    context = {
        "here": "feedback-list", "form": form, "month": of, "person": person, "results": [_told(one) for one in results],
        "others": [one for one in waiting if one.pk != person.pk],
    }  # fmt: skip
    return render(request, "assessment/feedback_talk.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """For the person, for whoever answers, and for whoever may read it. POST ``act``: acknowledge, object, pass_on, answer."""
    access = access_in(request)
    found = feedback_or_404(access, pk)
    form, done = acting(request, access, found)
    if done:
        return redirect("feedback", pk)
    view = view_of(access, found)
    context = {"here": "my-results" if view.own else "feedback-list", "view": view, "form": form}
    return render(request, "assessment/feedback.html", context, status=422 if form.errors else 200)


def feedback_or_404(access: Access, pk: int) -> Feedback:
    """Raises ``Http404`` for one outside the scope."""
    try:
        return feedback_in_scope(access, pk)
    except Feedback.DoesNotExist as error:
        raise Http404 from error


def acting(request: HttpRequest, access: Access, found: Feedback) -> tuple[WordsForm, bool]:
    """The form of the words, and whether something was done. A refusal is an error of the form; lacking rights go on."""
    act = request.POST.get("act", "")
    form = words_form(access, found, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return form, False
    if act == "acknowledge":
        words = request.POST.get("text", "")
        return form, form.carries_out(lambda: acknowledge_feedback(access=access, feedback=found, words=words))
    if act == "pass_on":
        return form, form.carries_out(lambda: pass_on_feedback(access=access, feedback=found))
    if act == "object" and found.employee_id == access.employee_id:
        valid = form.is_valid()
        return form, valid and form.carries_out(
            lambda: object_to_feedback(access=access, feedback=found, words=form.cleaned_data["text"])
        )
    if not form.carries_out(lambda: require_turn(access, found)):
        return form, False
    return form, form.is_valid() and form.carries_out(
        lambda: answer_feedback(access=access, feedback=found, words=form.cleaned_data["text"])
    )


def words_form(access: Access, found: Feedback, data: Any = None) -> WordsForm:
    """What the reader may say now."""
    if found.employee_id == access.employee_id:
        return WordsForm(
            data, label=_("What do you say to it?"),
            hint=_("To object, give your reasons. To acknowledge, words are not needed."),
        )  # fmt: skip
    return WordsForm(
        data, label=_("Your answer"), hint=_("What follows, or why the result stands. The person reads it.")
    )


def view_of(access: Access, found: Feedback) -> FeedbackView:
    """What the page shows to this reader."""
    own = found.employee_id == access.employee_id
    running = found.due_on is not None and found.due_on >= access.day
    return FeedbackView(
        feedback=found, acts=list(acts_of(found)), own=own,
        may_reply=own and found.state == FeedbackState.TOLD and running,
        may_pass_on=own and found.state == FeedbackState.ANSWERED and running, turn=not own and _may_answer(access, found),
    )  # fmt: skip


def _may_answer(access: Access, found: Feedback) -> bool:
    try:
        require_turn(access, found)
    except Refused:
        return False
    return True


def _require_leads(access: Access) -> None:
    acting_as = access.in_roles(LEADERS)
    if not acting_as.may(Thing.FEEDBACK, Verb.CREATE):
        raise Forbidden(_("This page is for whoever leads others. Your own results are under “My results”."))


def _given(access: Access, form: TalkForm, person: Employee, month: Month) -> bool:
    said_ = form.cleaned_data
    try:
        give_feedback(
            access=access, employee=person, month=month, held_on=said_["held_on"], summary=said_["summary"],
            agreed=said_["agreed"],
        )  # fmt: skip
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error(refused.code if refused.code in form.fields else None, refused.message)
        return False
    return True


def _next(access: Access, month: Month) -> str:
    """The next person's form; the list once nobody of one's own is left."""
    waiting = next((one for one in of_leader(access, month) if one.fed is None and one.mine), None)
    if waiting is None:
        return f"{reverse('feedback-list')}?month={month}"
    return reverse("feedback-talk", args=[month, waiting.employee.employee_no])


def _told(result: Result) -> dict[str, Any]:
    """A result in short: its numbers, and its items by the names of its policy where it can be read."""
    document = document_of(result)
    card = document.scorecard if document else None
    return {
        "result": result, "title": said.words(document.title) if document else result.policy,
        "grade": said.grade_name(document, result.grade) if document else result.grade,
        "items": [
            (said.words(item.names) or str(item.key), item.of, result.items.get(item.key)) for item in card.items
        ] if card else [],
    }  # fmt: skip


def _month(text: str, months: list[Month]) -> Month | None:
    """One of ``months``; the first unless asked. Raises ``Http404`` for another."""
    if not text:
        return months[0] if months else None
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise Http404 from error
    if month not in months:
        raise Http404
    return month
