"""The pay run's preview: level pay of the tier held on the month's last day, to whoever worked a day of the month."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from psycopg2.extras import DateRange

from payroll.selectors import level_pay_table, pay_lines
from payroll.web.panels import level_pay_panel
from policy import library
from policy.models import Adoption
from policy.selectors import checked
from promotion.models import LedgerKind
from promotion.web.panels import PanelRequest
from staff.kernel.access import Access, Forbidden
from staff.kernel.periods import Month
from staff.models import Department, DepartmentPeriod
from tests.company import Company, operator

pytestmark = pytest.mark.django_db
OCTOBER = Month.parse("2026-10")


@pytest.fixture
def company() -> Company:
    return Company()


def run(month: str = "2026-10", csv: str = "-") -> tuple[list[str], str]:
    """The command's lines without the header, and what it told on stderr."""
    out, err = StringIO(), StringIO()
    call_command("payrun", month=Month.parse(month), csv=csv, stdout=out, stderr=err, language="en")
    text = out.getvalue() if csv == "-" else Path(csv).read_bytes().decode("utf-8")
    header, *lines = text.splitlines()
    assert header == "employee_no,month,component,amount"
    return lines, err.getvalue()


@pytest.mark.parametrize(("tier", "amount"), [("star", "1000.00"), ("diamond", "1200.00"), ("crown", "1300.00")])
def test_each_tier_is_paid_what_the_policy_prints(company: Company, tier: str, amount: str) -> None:
    company.person(tier, no="K1")
    assert run() == ([f"K1,2026-10,level_pay,{amount}"], "")


def test_the_bottom_tier_has_no_line_and_is_no_exception(company: Company) -> None:
    company.person("regular")
    assert run() == ([], "")


def test_a_person_without_a_tier_has_no_line_and_is_no_exception(company: Company) -> None:
    company.person("", no="K1")
    assert run() == ([], "")


def test_the_tier_of_the_months_last_day_governs_the_month(company: Company) -> None:
    promoted, later = company.person("star", no="K1"), company.person("star", no="K2")
    company.transition(promoted, "diamond", date(2026, 10, 31), kind=LedgerKind.PROMOTION)
    company.transition(later, "diamond", date(2026, 11, 1), kind=LedgerKind.PROMOTION)
    assert run()[0] == ["K1,2026-10,level_pay,1200.00", "K2,2026-10,level_pay,1000.00"]


@pytest.mark.parametrize(
    ("fields", "paid"),
    [
        ({"left_on": date(2026, 9, 30)}, False),
        ({"left_on": date(2026, 10, 1)}, True),
        ({"left_on": date(2026, 10, 31)}, True),
        ({"hired_on": date(2026, 10, 31), "regularised_on": None}, True),
        ({"hired_on": date(2026, 11, 1), "regularised_on": None}, False),
    ],
)
def test_whoever_worked_a_day_of_the_month_is_in_it(company: Company, fields: dict[str, Any], paid: bool) -> None:
    company.person("star", **fields)
    assert bool(run()[0]) is paid


def test_the_department_of_the_last_day_decides_whether_the_policy_governs(company: Company) -> None:
    gone, came = company.person("star", no="K1"), company.person("star", no="K2", department=company.root)
    for person, before, after in ((gone, company.department, company.root), (came, company.root, company.department)):
        DepartmentPeriod.objects.filter(employee=person).delete()
        for department, period in ((before, (None, date(2026, 10, 15))), (after, (date(2026, 10, 15), None))):
            DepartmentPeriod.objects.create(employee=person, department=department, period=DateRange(*period))
    assert run()[0] == ["K2,2026-10,level_pay,1000.00"]


def test_lines_are_sorted_by_employee_number_over_several_adoptions(company: Company) -> None:
    other = Department.objects.create(name="另一客服部", parent=company.root)
    company.adopt(department=other, misconduct_month="2 months")
    for no, department in (("K2", None), ("k1", other), ("K10", other), ("A9", None)):
        company.person("star", no=no, department=department)
    assert [line.split(",")[0] for line in run()[0]] == ["A9", "K10", "K2", "k1"]


def test_before_the_adoption_and_after_its_end_nobody_is_paid_by_it(company: Company) -> None:
    company.person("star")
    Adoption.objects.update(period=DateRange(date(2026, 9, 2), date(2026, 10, 31)))
    assert (len(run("2026-08")[0]), len(run("2026-09")[0]), len(run("2026-10")[0])) == (0, 1, 0)


def test_a_new_table_pays_from_the_day_of_its_adoption_and_the_old_one_before(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.person("star", no="K1")
    document = library.text("info-service")
    monkeypatch.setattr(library, "text", lambda key: document.replace("value: 1000\n", "value: 1150.5\n"))
    newer = company.adopt(starts_on=date(2026, 10, 31))
    paid = {month: run(month)[0] for month in ("2026-09", "2026-10")}
    assert paid == {"2026-09": ["K1,2026-09,level_pay,1000.00"], "2026-10": ["K1,2026-10,level_pay,1150.50"]}
    assert level_pay_table(newer.version, newer.values)[1] == ("star", Decimal("1150.50"))


def test_an_adoption_sets_the_level_pay_of_a_tier_and_the_others_stay_as_printed(company: Company) -> None:
    for tier in ("star", "diamond"):
        company.person(tier, no=tier)
    company.adopt(starts_on=date(2026, 10, 31), level_pay_star="1080.55")
    assert run("2026-09")[0] == ["diamond,2026-09,level_pay,1200.00", "star,2026-09,level_pay,1000.00"]
    assert run("2026-10")[0] == ["diamond,2026-10,level_pay,1200.00", "star,2026-10,level_pay,1080.55"]


def test_the_file_is_plain_utf_8_with_bare_line_ends(company: Company, tmp_path: Path) -> None:
    company.person("star", no="工1")
    file = tmp_path / "pay.csv"
    run(csv=str(file))
    assert file.read_bytes() == "employee_no,month,component,amount\n工1,2026-10,level_pay,1000.00\n".encode()


def test_a_file_that_cannot_be_written_is_said_so(company: Company, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="No such file"):
        run(csv=str(tmp_path / "nowhere" / "pay.csv"))


def test_the_number_of_queries_does_not_grow_with_people(company: Company) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            list(pay_lines(operator(), OCTOBER))
        return len(found)

    company.person("star")
    first = queries()
    for _ in range(5):
        company.person("star")
    assert queries() == first <= 4


def access(role: str, department: Department | None = None) -> Access:
    departments = {role: None if department is None else frozenset({department.pk})}
    return Access(
        account_id=None, employee_id=None, day=date(2026, 11, 10), roles=frozenset({role}), departments=departments
    )


def test_pay_is_read_by_payroll_in_its_scope_and_by_nobody_else_of_the_house(company: Company) -> None:
    other = Department.objects.create(name="另一客服部", parent=company.department)
    company.person("star", no="K1")
    company.person("star", no="K2", department=other)
    numbers = {
        role: [line.employee_no for line in pay_lines(access(role), OCTOBER)] for role in ("payroll", "gm", "auditor")
    }
    assert set(map(tuple, numbers.values())) == {("K1", "K2")}
    assert [line.employee_no for line in pay_lines(access("payroll", other), OCTOBER)] == ["K2"]
    for role in ("hr", "supervisor", "head", "operator", "judge"):
        with pytest.raises(Forbidden):
            pay_lines(access(role), OCTOBER)


def test_the_level_pay_table_is_what_the_pay_run_pays(company: Company) -> None:
    (adoption,) = Adoption.objects.all()
    table = level_pay_table(adoption.version, adoption.values)
    assert table == [
        ("regular", None), ("star", Decimal(1000)), ("diamond", Decimal(1200)), ("crown", Decimal(1300)),
    ]  # fmt: skip
    for tier, _ in table:
        company.person(tier, no=tier)
    paid = {line.employee_no: line.amount for line in pay_lines(operator(), OCTOBER)}
    assert paid == {tier: amount for tier, amount in table if amount is not None}


@pytest.mark.parametrize(
    ("tier", "shown"),
    [("regular", ["Regular now none", "Star 1,000.00 +1,000", "Diamond 1,200.00 +1,200", "Crown 1,300.00 +1,300"]),
     ("diamond", ["Star 1,000.00", "Diamond now 1,200.00", "Crown 1,300.00 +100"])],
)  # fmt: skip
def test_the_panel_shows_the_tier_held_and_what_the_next_ones_add(
    company: Company, tier: str, shown: list[str]
) -> None:
    (adoption,) = Adoption.objects.select_related("version")
    with translation.override("en"):
        panel = level_pay_panel(
            PanelRequest(
                access=operator(),
                employee=company.person(tier),
                day=date(2026, 10, 31),
                version=adoption.version,
                values=adoption.values,
                checked=checked(adoption.version, adoption.values),
                tier=tier,
            )
        )
        assert panel is not None
        html = render_to_string(panel.template, {"panel": panel.context})
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)]
    assert rows == shown
    assert "The source says for 2013 only; the amounts continue until replaced." in html
    assert html.count('class="now"') == 1
