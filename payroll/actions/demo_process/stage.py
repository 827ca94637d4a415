"""Where the demonstration's story is played: who acts on which day, in the order in which the days come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from promotion.applications.models import Application
from promotion.cases.models import Proceeding
from staff.actions.account_invite import invite
from staff.actions.role_grant import grant_role
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.kernel.workdays import Workdays
from staff.models import Account, Employee, Role, SupervisorPeriod
from staff.selectors.access import access_of

GM, JUDGE, HR, HEAD = "G0001", "G0002", "G0003", "G0007"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)


class Stage:
    """Acts are put down with their days by ``on`` and played by ``play``. ``access`` is the server's, on the company's day;
    ``last`` the last month that has closed.
    """

    def __init__(self, access: Access, last: Month, now: datetime):
        self.access, self.day, self.last, self.now = access, access.day, last, now
        self.workdays = Workdays.known()
        self._acts: list[tuple[date, int, Callable[[date], object]]] = []
        self._accounts: dict[str, Account] = {}

    def back(self, count: int) -> date:
        """So many working days before the company's day; 0 is the day itself."""
        day = self.day
        while count:
            day -= _DAY
            count -= self.workdays.works(day)
        return day

    def nth(self, month: Month, count: int) -> date:
        """That working day of a month, counted from 1."""
        return self.workdays.nth_after(month.first_day - _DAY, count)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), _SHANGHAI)

    def on(self, day: date, act: Callable[[date], object]) -> None:
        """``act`` is given its day."""
        self._acts.append((day, len(self._acts), act))

    def play(self) -> int:
        """Every act, by day and then as put down; how many. Raises what they raise."""
        acts, self._acts = sorted(self._acts, key=lambda one: one[:2]), []
        for day, _order, act in acts:
            act(day)
        return len(acts)

    def acting(self, number: str, day: date) -> Access:
        """As that employee on the day, with an account of their own."""
        return access_of(self.account(number), day, channel="command")

    def system(self, day: date) -> Access:
        """As the nightly job of the day."""
        return Access.system(day, "nightly")

    def person(self, number: str) -> Employee:
        return Employee.objects.get(employee_no=number)

    def lead(self, number: str) -> str:
        """Who leads the person on the company's day."""
        found = SupervisorPeriod.objects.filter(employee__employee_no=number, period__contains=self.day)
        leader: str = found.values_list("supervisor__employee_no", flat=True)[0]
        return leader

    def account(self, number: str) -> Account:
        """The employee's account; made where there is none, and invited. Its link was not opened yet: a password takes longer
        than all that the person does here.
        """
        found = self._accounts.get(number)
        if found is None:
            found = Account.objects.select_related("employee").filter(username=number).first() or self._invited(number)
            self._accounts[number] = found
        return found

    def _invited(self, number: str) -> Account:
        return invite(access=self.access, now=self.now, employee=self.person(number)).account

    def colleague(self) -> str:
        """Somebody of 人力资源部 who is HR beside its head: what one of them asks for the other approves."""
        found = Employee.objects.filter(
            department_periods__department__name="人力资源部", department_periods__period__contains=self.day
        ).exclude(employee_no=HR)
        number: str = found.filter(left_on=None).order_by("employee_no").values_list("employee_no", flat=True)[0]
        if number not in self._accounts:
            grant_role(
                access=self.access, account=self.account(number), role=Role.HR, starts_on=self.last.first_day,
                reason=_("Demonstration"),
            )  # fmt: skip
        return number

    def application(self, number: str) -> Application:
        """The person's newest."""
        rows = Application.objects.select_related("employee", "version", "department")
        found: Application = rows.filter(employee__employee_no=number).latest("pk")
        return found

    def case(self, number: str) -> Proceeding:
        """The person's newest course of a case."""
        rows = Proceeding.objects.select_related("case__employee", "case__version")
        found: Proceeding = rows.filter(case__employee__employee_no=number).latest("case__month", "pk")
        return found
