"""A small company for the pages: one person for each thing a page can say. All facts end with October 2026.

Its sixteen people are judged by the real sweep; nothing about a standing is made up here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from psycopg2.extras import DateRange

from assessment.models import AssessmentMonth, Event
from policy.actions.policy_adopt import adopt
from promotion.models import LedgerLine
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Absence, Account, Department, DepartmentPeriod, Employee, RoleGrant, SupervisorPeriod
from tests.company import reported

TODAY = date(2026, 11, 12)
MONTH = Month.parse("2026-10")
LADDER = "info-service"
PASSWORD = "quiet-river-stone-42"


@dataclass
class Company:
    """People by employee no., accounts by user name, departments by name."""

    people: dict[str, Employee] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)

    @property
    def access(self) -> Access:
        return Access.system(TODAY, "test", channel="command")

    def hire(
        self, no: str, name: str, pinyin: str, *, department: str = "信息客服一组", hired: str = "2024-07-15",
        boss: str | None = "K1001", left: str | None = None, regularised: str | None = "2024-10-15",
    ) -> Employee:  # fmt: skip
        start = date.fromisoformat(hired)
        person = Employee.objects.create(
            employee_no=no, name=name, pinyin=pinyin, position="信息客服", hired_on=start,
            regularised_on=date.fromisoformat(regularised) if regularised else None,
            left_on=date.fromisoformat(left) if left else None,
        )  # fmt: skip
        DepartmentPeriod.objects.create(
            employee=person, department=self.departments[department], period=DateRange(start, None)
        )
        if boss:
            SupervisorPeriod.objects.create(
                employee=person, supervisor=self.people[boss], period=DateRange(start, None)
            )
        self.people[no] = person
        return person

    def tier(self, no: str, *steps: tuple[str, str]) -> None:
        """(tier, since) from the first on."""
        before = ""
        for tier, since in steps:
            LedgerLine.objects.create(
                seq=0, employee=self.people[no], kind="promotion" if before else "entry", ladder=LADDER, from_tier=before,
                to_tier=tier, effective_on=date.fromisoformat(since), channel="test", prev_hash="", hash="",
            )  # fmt: skip
            before = tier

    def values(self, no: str, metric: str, values: dict[str, int]) -> None:
        """``values``: month as YYYY-MM → number."""
        reported(self.people[no], {month: {metric: value} for month, value in values.items()})

    def report(self, no: str, months: int = 12, *, cases: int = 1, online: int = 3) -> None:
        """Every month up to October with the same figures."""
        figures: dict[str, Any] = {"excellent_cases": cases, "keywords_online": online}
        reported(self.people[no], {str(MONTH - back): figures for back in range(months)})

    def event(self, no: str, day: str, kind: str, **more: object) -> Event:
        number = f"E-{Event.objects.count() + 1:04d}"
        found: Event = Event.objects.create(
            event_no=number, employee=self.people[no], day=date.fromisoformat(day), kind_id=kind, **more
        )
        return found

    def exam(self, no: str, day: str, tier: str, score: int = 86) -> None:
        self.event(no, day, "exam", subject=tier, status="passed", quantity=score)

    def customers(self, no: str, *days: str) -> None:
        for at, day in enumerate(days):
            self.event(no, day, "keyword_online", subject=f"客户{at + 1}", quantity=2)

    def grant(self, account: Account, role: str, department: str | None = None) -> RoleGrant:
        found: RoleGrant = RoleGrant.objects.create(
            account=account, role=role, department=self.departments.get(department or ""),
            period=DateRange(date(2026, 1, 1), None), by_operator_command=True, reason="test",
        )  # fmt: skip
        return found

    def account(
        self, username: str, employee: str | None = None, role: str = "", department: str | None = None
    ) -> Account:
        account = Account(
            username=username, employee=self.people.get(employee or ""), display_name="" if employee else username
        )
        account.set_password(PASSWORD)
        account.save()
        if role:
            self.grant(account, role, department)
        self.accounts[username] = account
        return account


def make_company(more: Callable[[Company], None] | None = None) -> Company:
    """The company with its October sealed and swept, and September swept before it; ``more`` adds to it before that."""
    company = Company()
    _house(company)
    _ordinary(company)
    _adverse(company)
    _others(company)
    _accounts(company)
    adopt(access=company.access, key=LADDER, department=company.departments["信息客服部"], starts_on=date(2017, 1, 1))
    if more is not None:
        more(company)
    run_sweep(access=company.access, month=MONTH - 1)
    AssessmentMonth.objects.create(month=MONTH, state="sealed", sealed_at="2026-11-11T02:00:00+08:00", digest="0" * 64)
    run_sweep(access=company.access, month=MONTH)
    return company


def _house(company: Company) -> None:
    parents = {
        "青岚信息": None,
        "信息客服部": "青岚信息",
        "信息客服一组": "信息客服部",
        "信息客服二组": "信息客服部",
        "财务部": "青岚信息",
    }
    for name, parent in parents.items():
        company.departments[name] = Department.objects.create(name=name, parent=company.departments.get(parent))
    company.hire("K1000", "程砚", "chengyan cy", department="信息客服部", hired="2018-03-01", boss=None)
    company.hire("K1001", "周岚", "zhoulan zl", hired="2019-05-06", boss="K1000")
    company.hire("K1002", "贺宁", "hening hn", department="信息客服二组", hired="2019-06-03", boss="K1000")
    company.departments["信息客服部"].head = company.people["K1000"]
    company.departments["信息客服部"].save()


def _ordinary(company: Company) -> None:
    """林晓 as the design tells her: four met, customers to go, August missing and owed by whoever led her then."""
    lin = company.hire("K2031", "林晓", "linxiao lx", boss=None)
    for boss, since, until in [
        ("K1001", date(2024, 7, 15), date(2026, 8, 1)),
        ("K1002", date(2026, 8, 1), date(2026, 9, 1)),
        ("K1001", date(2026, 9, 1), None),
    ]:
        SupervisorPeriod.objects.create(employee=lin, supervisor=company.people[boss], period=DateRange(since, until))
    company.tier("K2031", ("regular", "2024-07-15"), ("star", "2025-03-01"))
    company.values("K2031", "excellent_cases", {"2026-05": 1, "2026-06": 0, "2026-07": 1, "2026-09": 1, "2026-10": 0})
    company.values("K2031", "keywords_online", {str(MONTH - k): 2 for k in range(6)})
    for day, customer, page in [
        ("2026-08-22", "瑞丰电缆", 2), ("2026-09-03", "瑞丰电缆", 1), ("2026-09-14", "华阳泵业", 3),
        ("2026-10-09", "恒泰阀门", 1), ("2026-10-20", "明德包装", 5),
    ]:  # fmt: skip
        company.event("K2031", day, "keyword_online", subject=customer, quantity=page)
    company.event("K2031", "2026-04-09", "complaint", status="upheld")
    company.exam("K2031", "2026-06-18", "diamond")
    company.hire("K2032", "陈默", "chenmo cm", hired="2023-02-01")
    company.tier("K2032", ("regular", "2023-02-01"), ("star", "2024-01-01"))
    company.report("K2032")
    company.customers("K2032", "2026-05-04", "2026-06-08", "2026-07-09", "2026-08-12", "2026-09-10")
    company.exam("K2032", "2026-03-20", "diamond", 91)
    company.hire("K2033", "苏禾", "suhe sh", hired="2023-02-01")
    company.tier("K2033", ("regular", "2023-02-01"), ("star", "2024-01-01"))
    company.customers("K2033", "2026-05-04", "2026-06-08", "2026-07-09", "2026-08-12", "2026-09-10")
    company.exam("K2033", "2026-03-20", "diamond", 78)
    company.hire("K2034", "梁驰", "liangchi lc", hired="2018-02-01")
    company.tier(
        "K2034", ("regular", "2018-02-01"), ("star", "2019-01-01"), ("diamond", "2020-01-01"), ("crown", "2022-01-01")
    )
    company.report("K2034")


def _adverse(company: Company) -> None:
    company.hire("K2041", "韩序", "hanxu hx", hired="2023-02-01")
    company.tier("K2041", ("regular", "2023-02-01"), ("star", "2024-01-01"), ("diamond", "2025-06-01"))
    company.report("K2041", online=0)
    company.hire("K2042", "季扬", "jiyang jy", hired="2026-03-02", regularised="2026-06-02")
    company.tier("K2042", ("regular", "2026-03-02"))
    company.report("K2042", 8)
    for day in ("2026-05-11", "2026-07-02", "2026-09-15"):
        company.event("K2042", day, "complaint", status="upheld")


def _others(company: Company) -> None:
    company.hire("K2051", "许诺", "xunuo xn", hired="2026-11-03", regularised=None)
    company.tier("K2051", ("regular", "2026-11-03"))
    company.hire("K2052", "方宁", "fangning fn", department="财务部", boss=None)
    company.hire("K2053", "白羽", "baiyu by")
    company.hire("K2054", "严冬", "yandong yd", left="2026-08-31", hired="2022-01-04")
    company.tier("K2054", ("regular", "2022-01-04"))
    company.hire("K2055", "孟夏", "mengxia mx", hired="2023-02-01")
    company.tier("K2055", ("regular", "2023-02-01"), ("star", "2024-01-01"), ("diamond", "2025-02-01"))
    company.report("K2055", cases=1)
    Absence.objects.create(
        employee=company.people["K2055"], first_day=date(2026, 5, 1), last_day=date(2026, 10, 31), kind="maternity"
    )


def _accounts(company: Company) -> None:
    for no in ("K2031", "K2032", "K2033", "K2034", "K2041", "K2042", "K2051", "K2052", "K2053", "K2054", "K2055"):
        company.account(no, no)
    company.account("K1001", "K1001")
    company.account("K1002", "K1002")
    company.account("K1000", "K1000")
    company.account("hr", role="hr")
    company.account("hr-two", role="hr", department="信息客服二组")
    company.account("payroll", role="payroll")
    company.account("gm", role="gm")
    company.account("auditor", role="auditor")
    company.account("operator", role="operator")
