"""Cases with their course as each reader may see them."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from promotion.cases.bounds import GM, HEAD, HR
from promotion.cases.models import (
    ENDED,
    Audience,
    Proceeding,
    ProceedingAct,
    ProceedingState,
    ProtectionAnswer,
)
from staff.kernel.access import Access, Thing, Verb
from staff.models import Employee
from staff.selectors.delegations import with_holders

#: What a reader is to a case, the nearest first. A supervisor reads of it what the plan takes.
PERSON, PARTIES, LEADER = "person", ("hr", "head", "gm", "auditor"), "supervisor"
_RELATED = (
    "case__employee", "case__department", "case__version", "decided_by__employee", "answered_by__employee",
    "checked_by__employee", "decider__employee", "mentor", "line", "restoration",
)  # fmt: skip
_READS = {
    "person": (Audience.PARTIES, Audience.PLAN), "hr": tuple(Audience), "auditor": tuple(Audience),
    "head": (Audience.PARTIES, Audience.PLAN), "gm": (Audience.PARTIES, Audience.PLAN),
    "named": (Audience.PARTIES, Audience.PLAN), "supervisor": (Audience.PLAN,), "mentor": (Audience.PLAN,),
}  # fmt: skip


def proceeding_of(pk: int) -> Proceeding | None:
    """Whoever asks has been let through to the case, or is asked for by ``part_of``."""
    found: Proceeding | None = Proceeding.objects.select_related(*_RELATED).filter(pk=pk).first()
    return found


def part_of(access: Access, proceeding: Proceeding) -> str:
    """What the reader is to the case: person, hr, head, gm, auditor, named (to decide on the appeal), supervisor
    or mentor; empty for whoever it does not exist for.
    """
    case = proceeding.case
    if access.only is None and access.employee_id is not None and case.employee_id == access.employee_id:
        return PERSON
    if access.account_id is not None and proceeding.decider_id == access.account_id and access.only is None:
        return "named"
    for role in (*PARTIES, LEADER):
        if role in access.roles_for(Thing.PROCEEDING, Verb.READ):
            acting = access.in_roles(frozenset({role}))
            if Proceeding.objects.visible_to(acting).filter(pk=proceeding.pk).exists():
                return role
    is_mentor = access.employee_id is not None and proceeding.mentor_id == access.employee_id
    return "mentor" if is_mentor and proceeding.state == ProceedingState.PLANNED else ""


def acts_for(part: str, proceeding: Proceeding) -> list[ProceedingAct]:
    """The acts whose words this part reads, in order."""
    rows = proceeding.acts.select_related("by__employee").filter(audience__in=_READS.get(part, ()))
    return with_holders(rows.order_by("pk"))


def protection_for(part: str, proceeding: Proceeding) -> list[ProtectionAnswer]:
    """HR's last answers, for HR, auditors and the person alone."""
    if part not in ("hr", "auditor", PERSON):
        return []
    return list(proceeding.protection.filter(attempt=proceeding.checks).order_by("pk"))


def listed(access: Access, *, state: str = "", words: str = "") -> QuerySet[Proceeding]:
    """For HR: of the scope, what is overdue first, then by its day; what has ended last."""
    rows = Proceeding.objects.visible_to(access.in_roles(HR | {"auditor", "gm", "head"}))
    if state:
        rows = rows.filter(state=state)
    else:
        rows = rows.under_way()
    if words:
        rows = rows.filter(case__employee__in=Employee.objects.all().search(words))
    rows = rows.select_related("case__employee", "case__department", "case__version").defer("case__version__document")
    return rows.order_by(F("due_on").asc(nulls_last=True), "since", "pk")


def to_act(access: Access) -> QuerySet[Proceeding]:
    """What waits for the reader themselves: their own terms, and what their roles decide. One query."""
    own, mine = Q(pk__in=[]), Q(pk__in=[])
    state = ProceedingState
    if access.employee_id is not None and access.behalf is None:
        own = Q(case__employee=access.employee_id) & (
            Q(state=state.SERVED, statement_due__gte=access.day) | Q(state=state.DECIDED, appeal_until__gte=access.day)
        )
    over = Q(state=state.STATED) | Q(state=state.SERVED, statement_due__lt=access.day)
    by_role = {
        HR: Q(state__in=[state.PROPOSED, state.CHECKED, state.REASSESSED])
        | Q(state=state.ARRANGED, arranged_until__lt=access.day)
        | Q(over, track="dismissal"),
        HEAD: Q(over, track="demotion"),
        GM: Q(state=state.APPEALED, decider__isnull=True) | Q(state=state.RESTORING),
    }
    for role, states in by_role.items():
        if access.roles & role:
            scoped = Proceeding.objects.visible_to(access.in_roles(role)).filter(states)
            mine |= Q(pk__in=scoped.exclude(case__employee__in=access.people).values("pk"))
    named = Q(decider=access.account_id, state=state.APPEALED) if access.account_id else Q(pk__in=[])
    return Proceeding.objects.filter(own | mine | named).select_related("case__employee").order_by("due_on", "pk")


def overdue(day: date) -> list[Proceeding]:
    """Steps of those who have to act whose day was before: a term of the person that ran out is nobody's delay."""
    late = Proceeding.objects.exclude(state__in=[*ENDED, ProceedingState.DECIDED, ProceedingState.PLANNED])
    rows = late.filter(due_on__lt=day).exclude(state=ProceedingState.SERVED, due_on__gte=day)
    return list(rows.select_related("case__employee", "decided_by", "decider").order_by("pk"))
