"""Whose rows: for every account of the company, whose people's things it reaches. One query set, one door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from psycopg2.extras import DateRange

from assessment.models import Case, EmployeeMonth, Event
from payroll.models import PayRecord
from promotion.models import LedgerLine, Standing, TierPeriod
from staff.access import has_model_permission
from staff.kernel.access import Access, Verb
from staff.models import Absence, Account, Department, Employee, RoleGrant, SupervisorPeriod
from staff.selectors.access import access_of
from tests.assessment.cases.planted import raised_for
from tests.web.company import TODAY, Company

TEAM = {"K2031", "K2032", "K2033", "K2034", "K2041", "K2042", "K2051", "K2053", "K2055", "K2054"}
DEPARTMENT = TEAM | {"K1000", "K1001", "K1002"}
COMPANY = DEPARTMENT | {"K2052"}
READS: dict[str, Callable[[Access], Any]] = {
    "person": lambda access: Employee.objects.visible_to(access),
    "value": lambda access: EmployeeMonth.objects.visible_to(access),
    "event": lambda access: Event.objects.visible_to(access),
    "absence": lambda access: Absence.objects.visible_to(access),
    "case": lambda access: Case.objects.visible_to(access),
    "standing": lambda access: Standing.objects.visible_to(access),
    "ledger": lambda access: LedgerLine.objects.visible_to(access),
    "tier": lambda access: TierPeriod.objects.visible_to(access),
    "pay": lambda access: PayRecord.objects.visible_to(access),
}
FACTS = {"value", "event", "standing", "case"}
#: account → whose rows, and of which things; what is not named is nobody's.
SCOPES: list[tuple[str, set[str], set[str]]] = [
    ("K2031", {"K2031"}, {"person", *FACTS, "ledger", "tier", "absence", "pay"}),
    ("K1001", TEAM, {"person", *FACTS, "ledger", "tier"}),
    ("K1000", DEPARTMENT, {"person", *FACTS, "ledger", "tier"}),
    ("hr", COMPANY, {"person", *FACTS, "ledger", "tier", "absence"}),
    ("hr-two", {"K1002"}, {"person", *FACTS, "ledger", "tier", "absence"}),
    ("payroll", COMPANY, {"person", "ledger", "tier", "pay"}),
    ("gm", COMPANY, {"person", *FACTS, "ledger", "tier", "pay"}),
    ("auditor", COMPANY, {"person", *FACTS, "ledger", "tier", "absence", "pay"}),
    ("operator", set(), set()),
]


@pytest.fixture
def facts(company: Company) -> Company:
    """Everybody has a row of every thing."""
    for at, (no, person) in enumerate(company.people.items()):
        PayRecord.objects.create(employee=person, starts_on=date(2025, 1, 1), base=4000 + at)
        Absence.objects.get_or_create(
            employee=person, first_day=date(2024, 3, 4), defaults={"last_day": date(2024, 3, 5), "kind": "sick"}
        )
        EmployeeMonth.objects.get_or_create(employee=person, month="2026-09")
        company.event(no, "2026-09-09", "praise")
        raised_for(person)
    return company


def of(company: Company, username: str, day: date = TODAY) -> Access:
    return access_of(Account.objects.get(username=username), day)


@pytest.mark.parametrize(("who", "whose", "things"), SCOPES, ids=[scope[0] for scope in SCOPES])
def test_an_account_reaches_the_rows_of_its_scope_and_no_others(
    facts: Company, who: str, whose: set[str], things: set[str]
) -> None:
    access = of(facts, who)
    every = Access.system(TODAY, "test")
    for thing, rows in READS.items():
        path = "employee_no" if thing == "person" else "employee__employee_no"
        there = set(rows(every).values_list(path, flat=True))
        seen = set(rows(access).values_list(path, flat=True))
        own = (
            {who} & there
            if who in facts.people and thing in {"person", *FACTS, "ledger", "tier", "absence", "pay"}
            else set()
        )
        assert seen == (whose & there if thing in things else set()) | own, thing


def test_nobody_reaches_rows_to_change_that_they_may_not_even_read(facts: Company) -> None:
    for who, _whose, _things in SCOPES:
        access = of(facts, who)
        for thing in ("person", "value", "event"):
            rows = {"person": Employee, "value": EmployeeMonth, "event": Event}[thing].objects  # type: ignore[attr-defined]
            written = set(rows.visible_to(access, Verb.UPDATE).values_list("pk", flat=True))
            assert written <= set(rows.visible_to(access).values_list("pk", flat=True))


def test_scope_follows_todays_chain_and_ends_the_same_day(company: Company) -> None:
    lin = company.people["K2031"]
    SupervisorPeriod.objects.filter(employee=lin, period__contains=TODAY).update(
        period=DateRange(date(2026, 9, 1), TODAY)
    )
    SupervisorPeriod.objects.create(employee=lin, supervisor=company.people["K1002"], period=DateRange(TODAY, None))
    assert lin in Employee.objects.visible_to(of(company, "K1002"))
    assert lin not in Employee.objects.visible_to(of(company, "K1001"))
    assert lin in Employee.objects.visible_to(of(company, "K1001", TODAY - timedelta(days=1)))


def test_what_a_reader_leads_weighs_the_same_however_many_they_are(company: Company) -> None:
    def weight() -> tuple[int, int]:
        access = of(company, "K1001")
        asked = [rows(access).query.sql_with_params() for rows in READS.values()]
        return len(repr(access)), sum(len(sql) + len(params) for sql, params in asked)

    before = weight()
    crowd = Employee.objects.bulk_create(
        [Employee(employee_no=f"K9{at:03d}", name="众", hired_on=TODAY) for at in range(100)]
    )
    SupervisorPeriod.objects.bulk_create(
        [
            SupervisorPeriod(employee=person, supervisor=company.people["K2031"], period=DateRange(TODAY, None))
            for person in crowd
        ]
    )
    assert weight() == before
    assert set(crowd) <= set(Employee.objects.visible_to(of(company, "K1001")))


def test_scope_follows_todays_department(company: Company) -> None:
    person = company.people["K2052"]
    assert person not in Employee.objects.visible_to(of(company, "K1000"))
    person.department_periods.update(department=company.departments["信息客服二组"])
    assert person in Employee.objects.visible_to(of(company, "K1000"))
    assert person in Employee.objects.visible_to(of(company, "hr-two"))


def test_whoever_comes_next_month_is_reached_where_they_will_be(company: Company) -> None:
    coming = company.hire("K3001", "新人", "xinren xr", department="信息客服二组", hired="2026-12-01", boss=None)
    for who, reaches in (("hr-two", True), ("K1000", True), ("K1001", False)):
        assert (coming in Employee.objects.visible_to(of(company, who))) is reaches, who


def test_a_move_to_come_changes_nothing_yet(company: Company) -> None:
    person = company.people["K2052"]
    person.department_periods.update(period=DateRange(date(2024, 7, 15), TODAY + timedelta(days=1)))
    person.department_periods.create(
        department=company.departments["信息客服二组"], period=DateRange(TODAY + timedelta(days=1), None)
    )
    assert person not in Employee.objects.visible_to(of(company, "hr-two"))
    assert person in Employee.objects.visible_to(of(company, "hr-two", TODAY + timedelta(days=1)))


def test_a_grant_bites_from_its_first_day_to_the_day_before_its_end(company: Company) -> None:
    RoleGrant.objects.create(
        account=company.accounts["K2031"], role="head", department=company.departments["财务部"],
        period=DateRange(TODAY, TODAY + timedelta(days=7)), by_operator_command=True, reason="test",
    )  # fmt: skip
    person = company.people["K2052"]
    for days, seen in ((-1, False), (0, True), (6, True), (7, False)):
        access = of(company, "K2031", TODAY + timedelta(days=days))
        assert (person in Employee.objects.visible_to(access)) is seen, days


def test_departments_are_seen_with_the_people_in_them(company: Company) -> None:
    def seen(who: str) -> set[str]:
        return set(Department.objects.visible_to(of(company, who)).values_list("name", flat=True))

    assert seen("hr") == set(company.departments)
    assert seen("hr-two") == {"信息客服二组"}
    assert seen("K2031") == {"信息客服一组"}
    assert seen("operator") == set()


def test_accounts_are_seen_by_those_who_keep_them(company: Company) -> None:
    def seen(who: str) -> set[str]:
        return set(Account.objects.visible_to(of(company, who)).values_list("username", flat=True))

    assert seen("operator") == seen("auditor") == seen("hr") == set(company.accounts)
    assert seen("hr-two") == {"hr-two", "K1002"}
    assert seen("K1000") == {"K1000"}
    assert seen("payroll") == {"payroll"}


@pytest.mark.parametrize(
    ("who", "permission", "may"),
    [
        ("hr", "staff.view_employee", True),
        ("hr", "staff.change_employee", True),
        ("hr", "staff.delete_employee", False),
        ("hr", "payroll.view_payrecord", False),
        ("payroll", "payroll.change_payrecord", True),
        ("payroll", "promotion.view_standing", False),
        ("auditor", "staff.view_auditentry", True),
        ("auditor", "staff.change_employee", False),
        ("operator", "staff.view_employee", False),
        ("operator", "django_celery_beat.change_periodictask", True),
        ("hr", "django_celery_beat.change_periodictask", False),
        ("K2031", "promotion.view_standing", True),
        ("K2031", "promotion.add_standing", False),
        ("gm", "nothing.view_nothing", False),
    ],
)
def test_djangos_permissions_come_from_the_same_table(company: Company, who: str, permission: str, may: bool) -> None:
    account = Account.objects.get(username=who)
    assert has_model_permission(account, permission) is may
    assert account.has_perm(permission) is may


def test_no_account_is_a_superuser_and_a_closed_one_has_nothing(company: Company) -> None:
    for account in Account.objects.all():
        assert not account.is_superuser
    account = Account.objects.get(username="hr")
    assert account.is_staff
    account.is_active = False
    assert not account.is_staff
    assert not account.has_perm("staff.view_employee")
    assert access_of(account, TODAY).roles == frozenset()
