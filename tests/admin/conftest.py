"""A company of two teams with an account for each role; today is a fixed day."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from psycopg2.extras import DateRange

from assessment.models import Event
from payroll.models import PayRecord
from policy.models import AdoptionRequest
from promotion.models import Run
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.kernel.pinyin import sort_key
from staff.models import Absence, Account, Department, Employee, RoleGrant
from staff.selectors.access import access_of
from tests.company import LADDER, TODAY, Company, operator
from tests.kept import kept

MONTH = Month.parse("2026-10")
ROLES = ("hr", "hr_sub", "payroll", "gm", "auditor", "operator", "supervisor", "employee")
#: Searched for in what may not show it.
SECRET_AMOUNT = Decimal("7316.42")
SECRET_NOTE = "a misconduct note"
BIRTH_DATE = date(1991, 3, 17)


@dataclass
class Office:
    """``own`` lies in the first team (the scope of ``hr_sub``), ``other`` in the second."""

    company: Company
    first: Department
    second: Department
    own: Employee
    other: Employee
    boss: Employee
    event: Event
    absence: Absence
    pay: PayRecord
    run: Run
    waiting: RoleGrant = field(init=False)
    asked: AdoptionRequest = field(init=False)
    accounts: dict[str, Account] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """``nobody`` is not signed in."""
        client = Client()
        if role != "nobody":
            client.force_login(self.accounts[role])
        return client

    def access(self, role: str) -> Access:
        return access_of(self.accounts[role], TODAY, channel="admin")


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: TODAY)


def make_office() -> Office:
    company = Company()
    first, second = (Department.objects.create(name=name, parent=company.department) for name in ("一组", "二组"))
    boss = _person(company, "K0100", "贺宁", first, tier="diamond")
    own = _person(company, "K0101", "韩序", first, supervisor=boss)
    Employee.objects.filter(pk=own.pk).update(birth_date=BIRTH_DATE)
    other = _person(company, "K0202", "孟夏", second, supervisor=boss)
    company.values(own, "excellent_cases", {"2026-10": 2})
    event = company.event(other, "complaint", date(2026, 9, 3), status="upheld", note=SECRET_NOTE)
    absence = company.absence(own, date(2026, 8, 1), date(2026, 8, 31), "maternity")
    pay = PayRecord.objects.create(employee=other, starts_on=date(2024, 1, 1), base=SECRET_AMOUNT)
    (run,) = run_sweep(access=operator(), month=MONTH)
    office = Office(company, first, second, own, other, boss, event, absence, pay, run)
    hr_person = _person(company, "K0001", "杜若", company.root, tier="")
    office.accounts = {
        "hr": account_of("hr", "hr", employee=hr_person),
        "hr_sub": account_of("hr_sub", "hr", department=first),
        "supervisor": account_of("supervisor", employee=boss),
        "employee": account_of("employee", employee=own),
        **{role: account_of(role, role) for role in ("payroll", "gm", "auditor", "operator")},
    }
    office.waiting = RoleGrant.objects.create(
        account=office.accounts["employee"], role="payroll", period=DateRange(TODAY, None),
        granted_by=office.accounts["hr"], reason="test",
    )  # fmt: skip
    office.asked = AdoptionRequest.objects.create(
        policy=LADDER, department=company.department, starts_on=date(2026, 12, 1), requested_by=office.accounts["hr"],
        values={"exam_validity": "6 months"}, consultation="职工代表讨论",
    )  # fmt: skip
    return office


def _person(
    company: Company,
    no: str,
    name: str,
    department: Department,
    *,
    tier: str = "star",
    supervisor: Employee | None = None,
) -> Employee:
    return company.person(tier, no=no, name=name, pinyin=sort_key(name), department=department, supervisor=supervisor)


def account_of(
    name: str, role: str = "", *, employee: Employee | None = None, department: Department | None = None
) -> Account:
    account = Account.objects.create(username=name, employee=employee, display_name=name)
    if role:
        RoleGrant.objects.create(
            account=account, role=role, department=department, period=DateRange(date(2020, 1, 1), None),
            by_operator_command=True, reason="test",
        )  # fmt: skip
    return account


office_of_module = kept(make_office, TODAY)


@pytest.fixture
def office(office_of_module: Office, db: None) -> Office:
    """A copy of one's own; what a test does to the rows is undone."""
    return deepcopy(office_of_module)
