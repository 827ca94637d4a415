"""Months as HR works on them: their states, the teams that owe something, and who may move a month on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from assessment.models import OPEN_DOUBTS, AssessmentMonth, Doubt, MonthState
from assessment.selectors.needs import Completeness, Need, owed_cells
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.kernel.periods import Month, months_between
from staff.models import Role, RoleGrant

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
    """What the people of one supervisor owe in a month. ``supervisor_id`` None: nobody leads them, so it is HR's."""

    supervisor_id: int | None
    name: str
    employee_no: str
    handed_in_at: datetime | None
    hand_in_gaps: int | None
    hand_in_note: str | None
    chased_at: datetime | None
    has_account: bool
    cells: dict[int, Completeness] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return sum(cell.left for cell in self.cells.values())

    @property
    def accepted(self) -> int:
        return sum(cell.accepted for cell in self.cells.values())


_TEAMS = """
SELECT t.supervisor_id, t.metric_id, t.expected, t.reported, t.accepted,
    coalesce(e.name, ''), coalesce(e.employee_no, ''), h.at, h.gaps, h.note,
    (SELECT max(c.at) FROM assessment_chase c WHERE c.month = %s AND c.supervisor_id = e.id),
    EXISTS (SELECT 1 FROM staff_account a WHERE a.employee_id = e.id AND a.is_active)
FROM (
    SELECT c.supervisor_id, c.metric_id, count(*) AS expected, count(c.value) AS reported,
        count(a.id) FILTER (WHERE c.value IS NULL) AS accepted
    FROM ({cells}) c LEFT JOIN assessment_acceptedgap a
        ON a.employee_id = c.employee_id AND a.metric_id = c.metric_id AND a.month = %s
    GROUP BY c.supervisor_id, c.metric_id
) t
LEFT JOIN staff_employee e ON e.id = t.supervisor_id
LEFT JOIN assessment_handin h ON h.supervisor_id = t.supervisor_id AND h.month = %s
ORDER BY e.pinyin NULLS LAST, e.employee_no, t.metric_id
"""


def teams(access: Access, month: Month, found: list[Need]) -> list[Team]:
    """Of the people whose values the account may read, the most gaps first. One query."""
    cells, params = owed_cells(access, month, found)
    if not cells:
        return []
    rows: dict[int | None, Team] = {}
    with connection.cursor() as cursor:
        number = month.number
        cursor.execute(_TEAMS.format(cells=cells), [number, *params, number, number])
        for leader, metric, expected, reported, accepted, *about in cursor.fetchall():
            team = rows.setdefault(leader, Team(leader, *about))
            team.cells[metric] = Completeness(leader, metric, expected, reported, accepted)
    return sorted(rows.values(), key=lambda team: -team.left)


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


def as_keeper(access: Access) -> Access:
    """The same account, in those of its roles alone that work on months: what another role reads is not theirs to settle."""
    return access if access.everything else access.in_roles(access.roles_for(Thing.MONTH, Verb.UPDATE))


def may_move(access: Access) -> bool:
    """Whether the account may close, reopen and seal months."""
    return access.scope(Thing.MONTH, Verb.DECIDE).company
