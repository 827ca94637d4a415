"""A company with pay records, people of three teams of scope, and an account for each role."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from psycopg2.extras import DateRange

from payroll.actions.band_decide import decide_change
from payroll.actions.band_draft import TierAmounts, draft_change
from payroll.actions.band_submit import submit_change
from payroll.models import PayRecord, PayTableChange
from staff.kernel.access import Access
from staff.models import Account, Department, Employee, RoleGrant
from staff.selectors.access import access_of
from tests.company import LADDER, TODAY, Company
from tests.kept import kept

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=timezone.get_default_timezone())
FIRST = date(2026, 12, 1)
#: Roles of the house, each by an account of the same name. ``payroll_sub`` and ``hr_sub`` have the first team alone.
ROLES = (
    "employee",
    "supervisor",
    "head",
    "hr",
    "hr_sub",
    "payroll",
    "payroll_sub",
    "gm",
    "judge",
    "auditor",
    "operator",
)
#: Amounts that nobody may meet by accident.
CANARY = {"pay": "7316.42", "minimum": "3141.59", "midpoint": "6283.18", "maximum": "9424.77", "level": "1171.31"}


@dataclass
class PayOffice:
    company: Company
    first: Department
    second: Department
    people: dict[str, Employee] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def access(self, role: str, day: date = TODAY, channel: str = "admin") -> Access:
        return access_of(Account.objects.get(username=role), day, channel=channel)

    def client(self, role: str, language: str = "en") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        client.force_login(self.accounts[role])
        return client

    def hire(self, no: str, tier: str, department: Department, pay: str | None = None, **more: Any) -> Employee:
        person = self.company.person(tier, no=no, department=department, **more)
        self.people[no] = person
        if pay:
            PayRecord.objects.create(employee=person, starts_on=date(2024, 1, 1), base=Decimal(pay))
        return person

    def draft(
        self, starts_on: date = FIRST, *amounts: TierAmounts, role: str = "payroll", **more: Any
    ) -> PayTableChange:
        given = {"ladder": LADDER, "reason": "调整", **more}
        return draft_change(access=self.access(role), starts_on=starts_on, amounts=amounts, **given)

    def approve(self, change: PayTableChange) -> PayTableChange:
        submit_change(access=self.access("payroll"), change_id=change.pk)
        return decide_change(access=self.access("gm"), change_id=change.pk, approve=True, answer="", now=NOW)


def band(tier: str, minimum: str, midpoint: str, maximum: str, level: str | None = None) -> TierAmounts:
    return TierAmounts(tier, Decimal(level) if level else None, Decimal(minimum), Decimal(midpoint), Decimal(maximum))


def level(tier: str, amount: str) -> TierAmounts:
    return TierAmounts(tier, Decimal(amount))


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: TODAY)
    cache.clear()


def make_office() -> PayOffice:
    """``S1`` and ``D1`` in the first team, ``S2`` and ``C2`` in the second; ``S3`` has no pay record."""
    company = Company()
    first, second = (Department.objects.create(name=name, parent=company.department) for name in ("一组", "二组"))
    office = PayOffice(company, first, second)
    boss = office.hire("B1", "diamond", first, "6000")
    office.hire("S1", "star", first, CANARY["pay"], supervisor=boss)
    office.hire("D1", "diamond", first, "5000", supervisor=boss)
    office.hire("S2", "star", second, "4000")
    office.hire("C2", "crown", second, "4500")
    office.hire("S3", "star", second)
    company.department.head = office.hire("H1", "regular", company.department, "3800")
    company.department.save()
    seats: dict[str, tuple[str, str, Department | None]] = {
        "employee": ("", "S1", None), "supervisor": ("", "B1", None), "head": ("", "H1", None), "hr": ("hr", "", None),
        "hr_sub": ("hr", "", first), "payroll": ("payroll", "", None), "payroll_sub": ("payroll", "", first),
        "gm": ("gm", "", None), "judge": ("judge", "", None), "auditor": ("auditor", "", None),
        "operator": ("operator", "", None), "gm_two": ("gm", "", None), "payroll_two": ("payroll", "", None),
    }  # fmt: skip
    for name, (role, employee, department) in seats.items():
        account = Account(username=name, employee=office.people.get(employee), display_name=name)
        account.save()
        office.accounts[name] = account
        if role:
            RoleGrant.objects.create(
                account=account, role=role, department=department, period=DateRange(date(2020, 1, 1), None),
                by_operator_command=True, reason="test",
            )  # fmt: skip
    return office


office_of_module = kept(make_office, TODAY)


@pytest.fixture
def office(office_of_module: PayOffice, db: None) -> PayOffice:
    """A copy of one's own; what a test does to the rows is undone."""
    return deepcopy(office_of_module)
