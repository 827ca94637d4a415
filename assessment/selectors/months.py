"""Months as HR works on them: their states, the teams that owe something, and who may move a month on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from assessment.models import OPEN_DOUBTS, AssessmentMonth, Chase, Doubt, HandIn, MonthState
from assessment.selectors.needs import Completeness
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.kernel.periods import Month, months_between
from staff.models import Employee, Role, RoleGrant

#: Months that are listed although none of them has a row yet.
_RECENT = 3


def month_row(month: Month) -> AssessmentMonth:
    """The month's row; one that is not kept, and open, where it has none yet."""
    found = AssessmentMonth.objects.filter(month=month).select_related("sealed_by__employee").first()
    return found or AssessmentMonth(month=month)


def months_listed(day: date) -> list[AssessmentMonth]:
    """From the first that has a row to the one of the day, the latest first. One query."""
    kept = {row.month: row for row in AssessmentMonth.objects.select_related("sealed_by__employee")}
    today = Month.of(day)
    first = min([*kept, today - _RECENT])
    return [kept.get(month) or AssessmentMonth(month=month) for month in reversed(months_between(first, today))]


def last_sealed() -> Month | None:
    found: Month | None = (
        AssessmentMonth.objects.filter(state=MonthState.SEALED)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    return found


def unsealed(day: date) -> list[Month]:
    """Months that have ended and wait to be sealed, the earliest first. Where none was sealed yet: the last one."""
    ended = Month.of(day).previous
    sealed = last_sealed()
    return months_between(sealed + 1, ended) if sealed else [ended]


def open_doubts(access: Access, months: Iterable[Month]) -> dict[Month, int]:
    """Month → doubts about it that nobody has answered yet, of people whose doubts the account reads."""
    rows = Doubt.objects.visible_to(access).filter(month__in=list(months), state__in=OPEN_DOUBTS)
    return dict(rows.order_by().values_list("month").annotate(count=Count("pk")))


@dataclass(slots=True)
class Team:
    """What the people of one supervisor owe in a month. ``supervisor`` None: nobody leads them, so it is HR's."""

    supervisor: Any
    cells: dict[int, Completeness] = field(default_factory=dict)

    @property
    def expected(self) -> int:
        return sum(cell.expected for cell in self.cells.values())

    @property
    def reported(self) -> int:
        return sum(cell.reported for cell in self.cells.values())

    @property
    def left(self) -> int:
        return sum(cell.left for cell in self.cells.values())

    @property
    def accepted(self) -> int:
        return sum(cell.accepted for cell in self.cells.values())


def teams(month: Month, rows: Iterable[Completeness]) -> list[Team]:
    """Worst first. A supervisor bears ``handed_in_at``, ``hand_in_gaps``, ``hand_in_note``, ``chased_at`` and
    ``has_account``. One query.
    """
    cells: dict[int | None, dict[int, Completeness]] = {}
    for row in rows:
        cells.setdefault(row.supervisor_id, {})[row.metric_id] = row
    handed = HandIn.objects.filter(month=month, supervisor=OuterRef("pk"))
    chased = Chase.objects.filter(month=month, supervisor=OuterRef("pk")).order_by("-at")
    leaders = Employee.objects.filter(pk__in=[pk for pk in cells if pk]).annotate(
        handed_in_at=Subquery(handed.values("at")[:1]),
        hand_in_gaps=Subquery(handed.values("gaps")[:1]),
        hand_in_note=Subquery(handed.values("note")[:1]),
        chased_at=Subquery(chased.values("at")[:1]),
        has_account=Q(account__is_active=True),
    )
    known: dict[int | None, Any] = {leader.pk: leader for leader in leaders} if cells else {}
    found = [Team(known.get(pk), of) for pk, of in cells.items()]
    return sorted(found, key=lambda team: (-team.left, team.supervisor.pinyin if team.supervisor else ""))


def require_company(access: Access, verb: Verb) -> None:
    """A month is the whole company's. Raises ``Forbidden``, naming who can move it on."""
    access.require(Thing.MONTH, verb)
    if access.scope(Thing.MONTH, verb).company:
        return
    grants = RoleGrant.objects.filter(
        role=Role.HR, department__isnull=True, period__contains=access.day, account__is_active=True
    ).select_related("account__employee")
    names = [str(grant.account) for grant in grants if grant.covers(access.day)]
    if not names:
        raise Forbidden(
            _("A month is the whole company's, and nobody is HR for all of it today. The general manager grants that.")
        )
    raise Forbidden(
        _("A month is the whole company's. HR for the company does this: %(names)s.") % {"names": ", ".join(names)}
    )


def may_move(access: Access) -> bool:
    """Whether the account may close, reopen and seal months."""
    return access.scope(Thing.MONTH, Verb.DECIDE).company
