"""Notices as everybody signed in reads them; objections as HR does, and as whoever raised them reads their own.

Who raised an objection leaves this room by ``to_answer`` and ``answered`` alone, for HR in scope.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, When

from promotion.applications.models import NOTICE, Application, ApplicationState
from promotion.notices.models import Notice, NoticeEntry, NoticeState, Objection, ObjectionState
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.workdays import Workdays
from staff.models import DepartmentClosure, Role
from staff.models.querysets import within
from staff.selectors.access import own_line

HR = frozenset({Role.HR.value})


def notices_for(access: Access) -> QuerySet[Notice]:
    """All of them, with ``people``; the newest first. Raises ``Forbidden`` for whoever holds no role in the company."""
    access.require(Thing.NOTICE, Verb.READ)
    found: QuerySet[Notice] = (
        Notice.objects.select_related("version", "department", "posted_by__employee")
        .defer("version__document")
        .annotate(people=Count("entries"))
        .order_by("-year", "-serial")
    )
    return found


def with_entries(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """Their people in the order in which they are posted, in one query."""
    return rows.prefetch_related(Prefetch("entries", NoticeEntry.objects.order_by("pk")))


def as_on_the_board(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those that run, whose last day is next first; then those that have ended, the newest first."""
    last_day = Case(When(state=NoticeState.POSTED, then="ends_on"))
    return rows.order_by(last_day.asc(nulls_last=True), "-year", "-serial")


def running(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    return rows.filter(state=NoticeState.POSTED)


def waits_for_answers(notice: Notice) -> bool:
    """Whether an objection is open: that there is one, and nothing of it."""
    return Objection.objects.filter(entry__notice=notice, state=ObjectionState.OPEN).exists()


def days_of(notice: Notice, known: Workdays) -> list[Any]:
    """Its working days, in order: those after it was posted up to its last day, as the calendar has them now."""
    found = []
    for day in known.after(notice.posted_on):
        if day > notice.ends_on:
            break
        found.append(day)
    return found


def issuer_of(notice: Notice) -> str:
    """The name of the company: the department above all that it was posted for."""
    above = DepartmentClosure.objects.filter(descendant=notice.department_id).order_by("-depth")
    return above.values_list("ancestor__name", flat=True).first() or str(notice.department)


# HR


def to_post(access: Access) -> QuerySet[Application]:
    """Approved applications in scope that are on no notice now, the longest waiting first; nobody's of one's own line."""
    live = NoticeEntry.objects.filter(application=OuterRef("pk"), taken_back_on=None)
    rows = Application.objects.visible_to(access.in_roles(HR), Verb.UPDATE)
    found: QuerySet[Application] = (
        rows.filter(state=ApplicationState.OPEN, step=NOTICE)
        .filter(~Exists(live))
        .exclude(employee__in=own_line(access))
        .select_related("employee", "version", "department")
        .order_by("step_since", "pk")
    )
    return found


def objections_in_scope(access: Access) -> QuerySet[Objection]:
    """Those that the reader answers: as HR, about people in scope; none about oneself, about whoever leads one, of a notice on
    which one is named, or of one's own.
    """
    hr = access.in_roles(HR)
    scope = hr.scope(Thing.OBJECTION, Verb.DECIDE)
    named = NoticeEntry.objects.filter(notice=OuterRef("entry__notice"), application__employee=access.employee_id)
    rows: QuerySet[Objection] = Objection.objects.filter(within(scope, access.day, "entry__application__employee__"))
    if access.employee_id is not None:
        rows = rows.filter(~Exists(named)).exclude(entry__application__employee__in=own_line(access))
    return (
        rows.exclude(by=access.account_id)
        .select_related("entry__notice", "by__employee", "answered_by__employee")
        .order_by("pk")
    )


def to_answer(access: Access) -> QuerySet[Objection]:
    """Open ones, the oldest first."""
    return objections_in_scope(access).filter(state=ObjectionState.OPEN)


def answered(access: Access) -> QuerySet[Objection]:
    """The latest first."""
    return objections_in_scope(access).exclude(state=ObjectionState.OPEN).order_by(F("answered_at").desc())


def looked_after(access: Access) -> QuerySet[Notice]:
    """Notices of the departments in which the reader is HR."""
    scope = access.in_roles(HR).scope(Thing.NOTICE, Verb.DECIDE)
    rows = notices_for(access)
    rows = rows if scope.company else rows.filter(department__in=scope.departments)
    opened = Q(entries__objections__state=ObjectionState.OPEN)
    return rows.annotate(open_objections=Count("entries__objections", filter=opened, distinct=True))


# whoever objected


def own_objections(access: Access) -> QuerySet[Objection]:
    """One's own, the latest first; no program reads them with a token."""
    if access.account_id is None or access.only is not None:
        return Objection.objects.none()
    rows: QuerySet[Objection] = Objection.objects.filter(by=access.account_id)
    return rows.select_related("entry__notice").order_by("-pk")
