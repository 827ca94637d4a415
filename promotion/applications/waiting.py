"""What waits for whom: the open applications and appeals whose next act is the reader's."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from promotion.applications.bounds import ADVISED, advised_by
from promotion.applications.models import (
    DECISION,
    Act,
    Appeal,
    AppealState,
    Application,
    ApplicationEvent,
    ApplicationState,
)
from promotion.applications.process import OPINION, PANELS, REVIEW, step_of
from staff.kernel.access import Access, Thing, Verb
from staff.models import Role, SupervisorPeriod
from staff.selectors.access import own_line

#: By which verb on what whoever acts at a step reaches it. An opinion's people are found by ``_opinions``; notices tell of
#: their own.
_REACH = {
    REVIEW: (Thing.REVIEW, Verb.CREATE),
    DECISION: (Thing.APPLICATION, Verb.DECIDE),
    **dict.fromkeys(PANELS, (Thing.APPLICATION, Verb.UPDATE)),
}


def waiting_for(access: Access) -> Q:
    """Which open applications wait for the reader, at the step whose act is theirs, as the actions have it. Never one's own,
    nor a superior's; a decision not of whoever took part before.
    """
    found = Q(pk__in=[])
    for step, (thing, verb) in _REACH.items():
        if access.others().may(thing, verb):
            rows = Application.objects.reached(access.others(), thing, verb)
            found |= Q(step=step, pk__in=rows.values("pk"))
    decided = Q(step=DECISION) & Q(advised_by(access.accounts))
    return (found | _opinions(access)) & ~decided & ~Q(employee__in=own_line(access))


def _opinions(access: Access) -> Q:
    """Of those whom the reader leads directly; as a head, of those whose leader cannot sign in, or whose document says so."""
    found = Q(pk__in=[])
    if access.only is not None or access.account_id is None:
        return found
    to_head = (
        Q(version__in=_left_to_heads()) if "head" in access.roles or "supervisor" in access.roles else Q(pk__in=[])
    )
    leads = SupervisorPeriod.objects.filter(employee=OuterRef("employee"), period__contains=access.day)
    if "supervisor" in access.roles:
        found |= Q(Exists(leads.filter(supervisor=access.leads_as))) & ~to_head
    as_head = access.others().in_roles(frozenset({"head"}))
    if as_head.may(Thing.OPINION, Verb.CREATE):
        rows = Application.objects.reached(as_head, Thing.OPINION, Verb.CREATE)
        led = Exists(leads.filter(supervisor__account__is_active=True))
        found |= Q(pk__in=rows.values("pk")) & (~Q(led) | to_head)
    return Q(step=OPINION) & found


def _left_to_heads() -> list[int]:
    """Versions of applications that wait for an opinion whose document leaves it to the head."""
    waiting = Application.objects.filter(state=ApplicationState.OPEN, step=OPINION).order_by("version_id")
    rows = waiting.select_related("version").distinct("version_id")
    return [row.version_id for row in rows if (step := step_of(row, OPINION)) is not None and step.owner == Role.HEAD]


def appeals_to_decide(access: Access) -> QuerySet[Appeal]:
    """Open ones that the reader decides: named for it by HR, or as the general manager who took no part in the decision."""
    named = Q(decider=access.account_id)
    if access.may(Thing.APPLICATION, Verb.DECIDE):
        took = ApplicationEvent.objects.filter(
            application=OuterRef("application"), act__in=(*ADVISED, Act.DECLINED), by__in=access.accounts
        )
        reached = Application.objects.visible_to(access, Verb.DECIDE).exclude(employee__in=own_line(access))
        named |= Q(Q(decider=None, application__in=reached.values("pk")), ~Exists(took))
    found: QuerySet[Appeal] = (
        Appeal.objects.filter(named, state=AppealState.OPEN)
        .select_related("application__employee", "application__version", "application__department")
        .order_by("due_on", "pk")
    )
    return found
