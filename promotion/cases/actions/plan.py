"""An improvement plan under way: notes of whoever leads the person, and the sweep of its month that says what follows."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from promotion.applications.owners import account_of, supervisor_of
from promotion.cases.actions.move import move, said, state_in
from promotion.cases.bounds import person_of
from promotion.cases.models import Audience, CaseAct, Outcome, Proceeding, ProceedingState
from promotion.cases.owners import heads, hr_of
from promotion.models import Run, Standing
from staff.actions.person_change import require_in_scope
from staff.kernel.access import Access, Thing, Verb

S = ProceedingState


@transaction.atomic
def note_plan(*, access: Access, proceeding: Proceeding, words: str) -> Proceeding:
    """What was talked over and done, by whoever leads the person or is their mentor. The person reads it.

    Raises ``Forbidden``; ``Refused`` where no plan is under way, or nothing is said.
    """
    person = person_of(proceeding)
    if access.employee_id is None or access.employee_id != proceeding.mentor_id:
        access.require_about(person.pk, Thing.PROCEEDING, Verb.UPDATE)
        require_in_scope(access.others(), person, Verb.UPDATE, Thing.PROCEEDING)
    return move(
        access=access, proceeding=proceeding, where=state_in(S.PLANNED), act=CaseAct.NOTED, role="supervisor",
        words=said(words), audience=Audience.PLAN, tells=[("case_plan", account_of(person.pk))],
    )  # fmt: skip


@transaction.atomic
def settle_plans(*, access: Access, run: Run, met: set[tuple[int, str]], among: set[int] | None = None) -> int:
    """Closes every plan whose month the run of record judged; ``met``: (person, clause) of demotion that is met, of all or of
    those ``among`` whom it was asked. Where it is, the new facts raise a new case in the same transaction. How many.
    Raises ``Forbidden``.
    """
    access.require(Thing.RUN, Verb.CREATE)
    due = Q(state=S.PLANNED, reassess_month__lte=run.month, case__policy=run.version.key)
    judged = Standing.objects.of(run).values("employee")
    rows = Proceeding.objects.filter(due, case__employee__in=judged).select_related("case__employee")
    if among is not None:
        rows = rows.filter(case__employee__in=among)
    settled = 0
    for row in rows.order_by("pk"):
        missed = (row.case.employee_id, row.case.clause) in met
        person = person_of(row)
        told = [
            *account_of(person.pk),
            *supervisor_of(person, access.day),
            *heads(row, access.day),
            *hr_of(row, access.day),
        ]
        move(
            access=access, proceeding=row, where=due, act=CaseAct.REASSESSED, role="", audience=Audience.PLAN,
            data={"month": str(run.month), "run": run.digest, "met": missed}, state=S.CLOSED, due_on=None,
            outcome=Outcome.PLAN_MISSED if missed else Outcome.PLAN_MET, tells=[("case_reassessed", dict.fromkeys(told))],
        )  # fmt: skip
        settled += 1
    return settled
