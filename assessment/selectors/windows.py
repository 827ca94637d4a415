"""When a month is entered: its state, and the intake window of each department by the policy that scores its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from assessment.models import AssessmentMonth, MonthState
from policy.selectors import Governed, governing_each
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod, Employee, SupervisorPeriod

#: A reading: where the policy names no window, and where no scorecard is in force, the 1st to the 10th of the next month.
FIRST_DAY, LAST_DAY = 1, 10
_USUAL = (FIRST_DAY, LAST_DAY)


@dataclass(frozen=True, slots=True)
class Window:
    """The days, both included, on which supervisors and heads enter the month's values; after them HR does, with a reason."""

    month: Month
    state: str
    first: date
    last: date

    def open_on(self, day: date) -> bool:
        return self.state == MonthState.OPEN and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Windows:
    """Those of one month. ``own``: department → days of the next month, where a policy in force on the month's last day
    scores it; ``others``: a policy asks for values in departments besides. ``until``: HR has given everybody until that day.
    """

    month: Month
    state: str
    until: date | None
    own: Mapping[int, tuple[int, int]]
    others: bool

    def of(self, department_id: int | None) -> Window:
        """That of the people of a department; None: they have none."""
        return self._window([self._days(department_id)])

    def over(self, department_ids: Iterable[int | None]) -> Window:
        """From the earliest opening to the latest closing among several departments; of the whole company if none is named."""
        days = [self._days(one) for one in department_ids]
        return self._window(days) if days else self.company

    @property
    def company(self) -> Window:
        """From the earliest opening to the latest closing anywhere."""
        return self._window([*self.own.values(), *([_USUAL] if self.others or not self.own else [])])

    @property
    def alike(self) -> bool:
        """The same for everybody."""
        return len({*self.own.values(), _USUAL}) == 1

    def _days(self, department_id: int | None) -> tuple[int, int]:
        return _USUAL if department_id is None else self.own.get(department_id, _USUAL)

    def _window(self, days: list[tuple[int, int]]) -> Window:
        following = self.month.next
        first, last = min(first for first, _ in days), max(last for _, last in days)
        return Window(
            month=self.month,
            state=self.state,
            first=date(following.year, following.month, first),
            last=self.until or date(following.year, following.month, last),
        )


def windows_of(
    rows: Mapping[Month, AssessmentMonth | None], governed: Mapping[date, Iterable[Governed]] | None = None
) -> dict[Month, Windows]:
    """``rows`` are the months' own, None where one has none yet: such a month is open. ``governed`` is what is in force on each
    one's last day, where that is read already. One query, however many months.
    """
    governed = governing_each(month.last_day for month in rows) if governed is None else governed
    return {month: _windows(month, row, governed[month.last_day]) for month, row in rows.items()}


def _windows(month: Month, row: AssessmentMonth | None, governed: Iterable[Governed]) -> Windows:
    own: dict[int, tuple[int, int]] = {}
    everywhere: set[int] = set()
    for each in governed:
        everywhere.update(each.department_ids)
        if "scorecard" in each.version.parts and (intake := each.checked.intake):
            own |= dict.fromkeys(each.department_ids, (intake.first, intake.last))
    state, until = (row.state, row.intake_until) if row else (str(MonthState.OPEN), None)
    return Windows(month, state, until, own, others=bool(everywhere - own.keys()))


def windows(month: Month, governed: Iterable[Governed] | None = None) -> Windows:
    """``governed``: what is in force on the month's last day, where it has been read. Two queries, else one."""
    row = AssessmentMonth.objects.filter(month=month).first()
    return windows_of({month: row})[month] if governed is None else _windows(month, row, governed)


def window(month: Month) -> Window:
    """Of the whole company."""
    return windows(month).company


def window_of_person(employee: Employee, month: Month, rows: Mapping[Month, AssessmentMonth] | None = None) -> Window:
    """By the person's department on the month's last day. ``rows``: the months' own, where they have been read."""
    found = windows(month) if rows is None else windows_of({month: rows.get(month)})[month]
    placed = {} if found.alike else _placed(month, [employee.pk])
    return found.of(placed.get(employee.pk))


def windows_of_people(
    month: Month, people: Iterable[int], governed: Iterable[Governed] | None = None
) -> dict[int, Window]:
    """Each of the people (ids), by their department on the month's last day. Three queries at most; ``governed`` as above."""
    among, found = list(people), windows(month, governed)
    placed = {} if found.alike else _placed(month, among)
    return {pk: found.of(placed.get(pk)) for pk in among}


def window_of_team(leader: Employee, month: Month, day: date) -> Window:
    """Of those whom the leader leads on the day: while it is open for one of them, the team's month can be handed in."""
    found = windows(month)
    if found.alike:
        return found.company
    led = SupervisorPeriod.objects.filter(supervisor=leader, period__contains=day).values_list("employee_id", flat=True)
    return found.over(_placed(month, list(led)).values())


def _placed(month: Month, people: list[int]) -> dict[int, int]:
    rows = DepartmentPeriod.objects.filter(employee__in=people, period__contains=month.last_day)
    return dict(rows.values_list("employee_id", "department_id"))
