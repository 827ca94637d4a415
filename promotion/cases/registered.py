"""What the room of cases tells the product: acts and tables of the trail, messages, what waits for whom, what is
late, its terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from staff.kernel.access import Access, Thing
from staff.kernel.overdue import Overdue, register_overdue
from staff.kernel.todos import Todo, register_todos
from staff.kernel.told import Payload, register_message
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch
from staff.kernel.workdays import Workdays, register_terms

_OF_CASE = "(SELECT c.employee_id FROM assessment_case c WHERE c.id = t.{})"

#: Words without anything about the person: what it is stands behind the link.
_MESSAGES = {
    "case_served": gettext_lazy("There is a letter for you. You can answer it; the last day stands in it."),
    "case_stated": gettext_lazy("A statement has come in. Please decide, and take it up."),
    "case_decided": gettext_lazy("A decision has been taken in a case. Open it to read it."),
    "case_plan": gettext_lazy("An improvement plan has news."),
    "case_appealed": gettext_lazy("An appeal waits for your decision."),
    "case_decider_asked": gettext_lazy("An appeal waits, and nobody is left who may decide: name an outsider."),
    "case_answered": gettext_lazy("An appeal has been decided. Open the case to read it."),
    "case_effective": gettext_lazy("A case has been carried out, or halted. Open it to read it."),
    "case_restored": gettext_lazy("A tier has been restored."),
    "case_arranged": gettext_lazy("Training or another post has been arranged."),
    "case_reassessed": gettext_lazy("A new assessment has been made in a case."),
    "case_recorded": gettext_lazy("The outcome of a case has been recorded."),
    "case_late": gettext_lazy("A case waits for its next step, and its day has gone by."),
}


def declare() -> None:
    from assessment.web.case_words import register_turns
    from assessment.web.cases import register_case_page
    from promotion.cases.turns import turns_of
    from promotion.web.cases import shown

    _watch()
    register_case_page(shown)
    register_turns(turns_of)
    for kind, words in _MESSAGES.items():
        register_message(kind, _saying(words), _page)
    register_todos("cases", _todos)
    register_overdue("cases", _overdue)
    register_terms("cases", _regrow)


def _watch() -> None:
    watch("promotion.Proceeding", Thing.PROCEEDING, about=_OF_CASE.format("case_id"), left_out=("since",))
    about = _OF_CASE.format("proceeding_id")
    watch(
        "promotion.ProceedingAct", Thing.PROCEEDING, about=about, personal=("words", "data"), sensitive=("words", "data"),
        left_out=("salt", "digest", "key"),
    )  # fmt: skip
    watch(
        "promotion.ProtectionAnswer", Thing.SENSITIVE, about=about, personal=("evidence", "applies", "item", "until"),
        sensitive=("evidence", "applies", "item", "until"),
    )  # fmt: skip
    ACTIONS.update(
        {
            "case_checked": gettext_lazy("Facts and protection of a case checked"),
            "case_served": gettext_lazy("Letter of a case served"),
            "case_read": gettext_lazy("Letter of a case read"),
            "case_stated": gettext_lazy("Statement made in a case"),
            "case_decided": gettext_lazy("Case decided"),
            "case_appealed": gettext_lazy("Appeal raised in a case"),
            "case_named": gettext_lazy("Decider of an appeal named"),
            "case_answered": gettext_lazy("Appeal decided"),
            "case_noted": gettext_lazy("Note on a plan"),
            "case_arranged": gettext_lazy("Training or another post arranged"),
            "case_reassessed": gettext_lazy("Assessed again"),
            "case_recorded": gettext_lazy("Outcome of a case recorded"),
            "case_effective": gettext_lazy("Demotion in the ledger"),
            "case_restored": gettext_lazy("Tier restored"),
            "case_halted": gettext_lazy("Case halted"),
        }
    )
    OBJECTS["proceeding"] = ObjectKind(gettext_lazy("course of a case"), Thing.PROCEEDING)


def _saying(words: object):  # type: ignore[no-untyped-def]
    return lambda payload: str(words)


def _page(payload: Payload) -> str:
    return reverse("case", args=[payload["case"]])


def _todos(access: Access) -> Iterable[Todo]:
    from promotion.cases.models import ProceedingState
    from promotion.cases.selectors import to_act

    for one in to_act(access):
        own = one.case.employee_id == access.employee_id
        if own:
            text = (
                _("A letter for you may be answered")
                if one.state == ProceedingState.SERVED
                else _("A decision may be appealed")
            )
        else:
            told = {"name": one.case.employee.name if one.case.employee else "", "state": one.get_state_display()}
            text = pgettext("todo", "Case of %(name)s: %(state)s") % told
        yield Todo(f"case:{one.pk}:{one.state}", text, reverse("case", args=[one.pk]), one.due_on, one.since.date())


def _overdue(day: date) -> Iterable[Overdue]:
    from promotion.cases.owners import accounts_at
    from promotion.cases.selectors import overdue

    for one in overdue(day):
        if one.due_on is not None:
            yield Overdue(
                f"case:{one.pk}:{one.state}", tuple(accounts_at(one, day)), one.case.employee_id, one.case.department_id,
                one.due_on, "case_late", {"case": one.pk},
            )  # fmt: skip


def _regrow(known: Workdays) -> int:
    """Running terms by the calendar as it is known now; the effect of a demotion moves with the appeal's term."""
    from promotion.cases.actions.decide import APPEAL
    from promotion.cases.actions.serve import STATEMENT
    from promotion.cases.models import Proceeding, ProceedingState

    grown = 0
    for one in Proceeding.objects.select_for_update().filter(state=ProceedingState.SERVED, served_on__isnull=False):
        end = known.nth_after(one.served_on, STATEMENT)
        if one.statement_due is not None and end > one.statement_due:
            grown += Proceeding.objects.filter(pk=one.pk).update(statement_due=end, due_on=end)
    for one in Proceeding.objects.select_for_update().filter(state=ProceedingState.DECIDED, decided_on__isnull=False):
        end = known.nth_after(one.decided_on, APPEAL)
        if one.appeal_until is not None and end > one.appeal_until:
            first = end + timedelta(days=1)
            grown += Proceeding.objects.filter(pk=one.pk).update(
                appeal_until=end,
                due_on=end,
                tier_on=max(one.tier_on or first, first),
                pay_on=max(one.pay_on or first, first),
            )
    return grown
