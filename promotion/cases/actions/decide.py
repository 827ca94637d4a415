"""The head decides on a demotion: no action, an improvement plan, or one tier down; with a reason that takes up the
statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from promotion.applications.owners import account_of, supervisor_of
from promotion.cases.actions.move import LEAST, done_before, move, said
from promotion.cases.bounds import person_of, require_first_decision
from promotion.cases.goals import goals_of
from promotion.cases.models import Audience, Basis, CaseAct, Decision, Outcome, Proceeding, ProceedingState, Track
from promotion.cases.owners import hr_of
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month
from staff.kernel.workdays import term_end
from staff.models import Employee

#: Working days within which the decision can be appealed (process, Demotion).
APPEAL = 10
S = ProceedingState


@dataclass(frozen=True, slots=True)
class Plan:
    """``goals``: numbers of the policy's own clauses. ``month``: the one whose sweep of record says what follows."""

    goals: tuple[str, ...]
    month: Month
    mentor: Employee


@dataclass(frozen=True, slots=True)
class Demotion:
    """The first days of the effect on tier and on pay, and by which right."""

    basis: str
    tier_on: date
    pay_on: date


@transaction.atomic
def decide_case(
    *,
    access: Access,
    proceeding: Proceeding,
    reason: str,
    on_statement: str = "",
    plan: Plan | None = None,
    demotion: Demotion | None = None,
    key: str | None = None,
) -> Proceeding:
    """Neither ``plan`` nor ``demotion``: no action, and the case is closed; the same facts raise no other.

    Raises ``Forbidden`` (not the head, oneself, a superior, whoever checked the facts); ``Refused`` (a reason too short, the
    statement not taken up, an effect before the end of the appeal's term, the term of the statement not over, stands
    elsewhere).
    """
    require_first_decision(access, proceeding)
    if done_before(proceeding, key):
        return proceeding
    reason = said(reason, LEAST)
    stated = proceeding.acts.filter(act=CaseAct.STATED).exists()
    if stated and not on_statement.strip():
        raise Refused(_("Take up the statement: say what you hold of each of its points."), code="on_statement")
    _require_heard(access, proceeding)
    data: dict[str, Any] = {"on_statement": on_statement.strip()} if stated else {}
    if plan is not None:
        changes, more = _planned(access, proceeding, plan)
    elif demotion is not None:
        changes, more = _demoted(access, demotion)
    else:
        changes = {"state": S.CLOSED, "outcome": Outcome.NO_ACTION, "decision": Decision.NO_ACTION, "due_on": None}
        more = {"decision": Decision.NO_ACTION}
    person = person_of(proceeding)
    tells = [("case_decided", [*account_of(person.pk), *hr_of(proceeding, access.day)])]
    if plan is not None:
        tells.append(("case_plan", supervisor_of(person, access.day)))
    heard = Q(state=S.STATED) | Q(state=S.SERVED, statement_due__lt=access.day)
    return move(
        access=access, proceeding=proceeding, where=Q(heard, track=Track.DEMOTION), act=CaseAct.DECIDED, role="head",
        words=reason, data={**data, **more}, audience=Audience.PARTIES, key=key,
        decided_by=access.account_id, decided_on=access.day, tells=tells, **changes,
    )  # fmt: skip


def _require_heard(access: Access, proceeding: Proceeding) -> None:
    due = proceeding.statement_due
    if proceeding.state == S.SERVED and due is not None and access.day <= due:
        raise Refused(
            _("%(name)s may answer the letter until %(day)s. Decide from the day after, or when the statement is here.")
            % {"name": person_of(proceeding).name, "day": due},
            code="early",
        )


def _planned(access: Access, proceeding: Proceeding, plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    known = goals_of(proceeding.case)
    unknown = [goal for goal in plan.goals if goal not in known]
    if not plan.goals or unknown:
        raise Refused(
            _("A plan's goals are clauses of the policy itself: %(known)s.") % {"known": "、".join(known)}, code="goals"
        )
    if plan.month <= max(Month.of(access.day), proceeding.case.month):
        raise Refused(_("The month of the new assessment is one that is still to come."), code="month")
    mentor, person = plan.mentor, person_of(proceeding)
    if mentor.pk == person.pk or (mentor.left_on is not None and mentor.left_on <= access.day):
        raise Refused(_("The mentor is somebody else, who works here."), code="mentor")
    changes = {
        "state": S.PLANNED, "decision": Decision.PLAN, "reassess_month": plan.month, "mentor": mentor,
        "due_on": plan.month.next.last_day,
    }  # fmt: skip
    return changes, {
        "decision": Decision.PLAN, "goals": list(plan.goals), "month": str(plan.month), "mentor": mentor.employee_no,
    }  # fmt: skip


def _demoted(access: Access, demotion: Demotion) -> tuple[dict[str, Any], dict[str, Any]]:
    if demotion.basis not in Basis.values:
        raise Refused(_("Choose by which right: agreed, not competent, or by the contract."), code="basis")
    until = term_end(access.day, APPEAL)
    for code, day in (("tier_on", demotion.tier_on), ("pay_on", demotion.pay_on)):
        if day <= until:
            raise Refused(
                _("It can be appealed until %(until)s, so it takes effect from %(first)s at the earliest.")
                % {"until": until, "first": until + timedelta(days=1)},
                code=code,
            )
    changes = {
        "state": S.DECIDED, "decision": Decision.DEMOTION, "basis": demotion.basis, "tier_on": demotion.tier_on,
        "pay_on": demotion.pay_on, "appeal_until": until, "due_on": until,
    }  # fmt: skip
    return changes, {
        "decision": Decision.DEMOTION, "basis": demotion.basis, "tier_on": demotion.tier_on.isoformat(),
        "pay_on": demotion.pay_on.isoformat(), "appeal_until": until.isoformat(),
    }  # fmt: skip
