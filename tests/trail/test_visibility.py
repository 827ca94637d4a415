"""Who reads what of the trail: acts and rows, by role, scope and thing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from psycopg2.extras import DateRange

from assessment.models import EmployeeMonth, Event, Metric
from payroll.models import PayRecord
from staff.kernel import audit
from staff.kernel.access import Access, Thing
from staff.kernel.periods import Month
from staff.models import Absence, AuditEntry, DepartmentPeriod, Employee, RowChange
from staff.selectors.access import access_of
from staff.selectors.trail import changes_visible_to, entries_visible_to, sensitive_of, trail_of
from staff.selectors.trail_words import shown, with_texts
from tests.web.company import TODAY, Company

pytestmark = pytest.mark.django_db

CANARY_PAY = Decimal("7316.42")


@pytest.fixture(autouse=True)
def _written(company: Company) -> None:
    """Something of everything, about 林晓 (first team) and 贺宁 (second team)."""
    lin, he = company.people["K2031"], company.people["K1002"]
    for person in (lin, he):
        PayRecord.objects.create(employee=person, starts_on=date(2026, 1, 1), base=CANARY_PAY)
        Absence.objects.create(employee=person, first_day=date(2026, 11, 2), last_day=date(2026, 11, 3), kind="sick")
        Event.objects.create(
            event_no=f"T-{person.pk}", employee=person, day=date(2026, 11, 2), kind_id="violation", note="canary-note"
        )
        Employee.objects.filter(pk=person.pk).update(birth_date=date(1991, 3, 17))
        for action, kind in (
            ("pay_record_saved", "pay_record"),
            ("absence_saved", "absence"),
            ("value_saved", "value"),
        ):
            audit.record(company.access, action, object_type=kind, object_key=person.employee_no, employee_id=person.pk)
    audit.record(company.access, "account_invited", object_type="account", object_key="x")
    audit.record(company.access, "schedule_changed", object_type="job", object_key="nightly")
    audit.record(
        company.access, "records_loaded", object_type="records", object_key="pay.csv", after={"pay": {"rows": 1}}
    )
    for name in ("pay", "values"):
        audit.record(
            company.access, "records_loaded", object_type="records", object_key=f"{name}.csv", after={name: {"rows": 1}}
        )


def reach(company: Company, name: str) -> Access:
    return access_of(company.accounts[name], TODAY)


def things(access: Access) -> set[str]:
    return set(changes_visible_to(access).values_list("thing", flat=True))


def types(access: Access) -> set[str]:
    return set(entries_visible_to(access).values_list("object_type", flat=True))


@pytest.mark.parametrize("role", ["auditor", "gm"])
def test_auditors_and_the_general_manager_read_everything(company: Company, role: str) -> None:
    access = reach(company, role)
    assert changes_visible_to(access).count() == RowChange.objects.count() > 100
    assert entries_visible_to(access).count() == AuditEntry.objects.count()


def test_hr_of_the_company_reads_all_but_pay(company: Company) -> None:
    access = reach(company, "hr")
    assert things(access) >= {"person", "value", "event", "absence", "ledger", "account", "grant", "policy"}
    assert things(access).isdisjoint({"pay", "band"})
    assert types(access).isdisjoint({"pay_record", "pay_table_change"})
    loads = entries_visible_to(access).filter(object_type="records")
    assert [entry.object_key for entry in loads] == ["values.csv"]


def test_hr_of_a_department_reads_of_its_people_alone(company: Company) -> None:
    access = reach(company, "hr-two")
    placed = DepartmentPeriod.objects.filter(department=company.departments["信息客服二组"]).values("employee_id")
    found = changes_visible_to(access)
    assert found.filter(employee=company.people["K1002"]).exists()
    assert not found.exclude(employee__in=placed).exists()
    assert not entries_visible_to(access).exclude(employee__in=placed).exists()
    assert things(access).isdisjoint({"pay", "band", "policy"})


def test_payroll_reads_pay_and_nothing_else(company: Company) -> None:
    access = reach(company, "payroll")
    assert things(access) == {"pay"}
    assert types(access) == {"pay_record"}


def test_payroll_of_a_department_reads_the_pay_of_its_people(company: Company) -> None:
    company.account("payroll-two", role="payroll", department="信息客服二组")
    found = changes_visible_to(reach(company, "payroll-two"))
    assert set(found.values_list("employee__employee_no", flat=True)) == {"K1002"}


def test_operators_read_of_accounts_roles_and_jobs(company: Company) -> None:
    access = reach(company, "operator")
    assert things(access) <= {"account", "grant", "job"}
    assert things(access) >= {"account", "grant"}
    assert types(access) == {"account", "job"}


def test_an_employee_reads_of_their_own_record(company: Company) -> None:
    access = reach(company, "K2031")
    lin = company.people["K2031"]
    assert set(changes_visible_to(access).values_list("employee", flat=True)) == {lin.pk}
    assert things(access) >= {"pay", "absence", "event", "value", "person"}
    assert set(entries_visible_to(access).values_list("employee", flat=True)) == {lin.pk}


@pytest.mark.parametrize("name", ["K1001", "K1000"])
def test_supervisors_and_heads_read_of_themselves_alone(company: Company, name: str) -> None:
    found = set(changes_visible_to(reach(company, name)).values_list("employee__employee_no", flat=True))
    assert found == {name}


def test_nobody_in_particular_reads_nothing() -> None:
    nobody = Access(None, None, TODAY)
    assert not changes_visible_to(nobody).exists()
    assert not entries_visible_to(nobody).exists()


def test_a_token_reads_no_more_than_its_scopes(company: Company) -> None:
    from dataclasses import replace

    from staff.kernel.access import Verb

    access = replace(reach(company, "auditor"), only=frozenset({(Thing.VALUE, Verb.READ)}))
    assert not changes_visible_to(access).exists()


def test_a_role_that_ended_reads_nothing_any_more(company: Company) -> None:
    grant = company.accounts["auditor"].grants.get()
    grant.period = DateRange(date(2026, 1, 1), TODAY)
    grant.save()
    assert not changes_visible_to(reach(company, "auditor")).exists()


def said(access: Access, **narrowed: object) -> str:
    rows = with_texts(changes_visible_to(access).filter(**narrowed))
    return " ".join(f"{c.name}={c.before}→{c.after}" for change in shown(access, rows) for c in change.columns)


def test_sensitive_columns_are_shown_to_whoever_reads_sensitive_facts_of_the_person(company: Company) -> None:
    lin = company.people["K2031"]
    for name, seen in (("auditor", True), ("hr", True), ("K2031", True), ("gm", False)):
        access = reach(company, name)
        text = said(access, employee=lin)
        assert ("1991-03-17" in text, "canary-note" in text) == (seen, seen), name
        assert (lin.pk in sensitive_of(access, [lin.pk, None])) is seen


def test_the_kind_of_an_absence_is_not_shown_to_the_general_manager(company: Company) -> None:
    rows = with_texts(changes_visible_to(reach(company, "gm")).filter(thing="absence"))
    columns = [column for change in shown(reach(company, "gm"), rows) for column in change.columns]
    assert {column.name for column in columns}.isdisjoint({"kind", "Kind", "类别"})
    assert "sick" not in str(columns)


def test_who_changed_a_value_is_said_with_the_metrics_name(company: Company) -> None:
    lin, slot = company.people["K2031"], Metric.objects.get(key="keywords_online")
    with audit.acting(Access(company.accounts["hr"].pk, None, TODAY, channel="admin")):
        EmployeeMonth.objects.create(employee=lin, month=Month.parse("2026-11"), **{f"s{slot.slot}": Decimal("2.5")})
        EmployeeMonth.objects.filter(employee=lin, month=Month.parse("2026-11")).update(**{f"s{slot.slot}": 4})
    access = reach(company, "auditor")
    change = shown(access, with_texts(trail_of(access, things=[Thing.VALUE], employee_id=lin.pk))[:1])[0]
    assert (change.which, change.who, change.row.channel) == ("2026-11", "hr", "admin")
    (column,) = change.columns
    assert (column.name, column.before, column.after) == (slot.zh, "2.5", "4")


def test_what_is_referred_to_goes_by_its_name(company: Company) -> None:
    access = reach(company, "auditor")
    rows = changes_visible_to(access).filter(table_name="staff_supervisorperiod", employee=company.people["K2032"])
    (change,) = shown(access, with_texts(rows))
    assert {c.after for c in change.columns} == {"周岚 K1001", "自 2023-02-01"}


def test_the_history_of_a_thing_about_nobody_goes_by_its_key(company: Company) -> None:
    access = reach(company, "auditor")
    rows = trail_of(access, things=[Thing.MONTH], table="assessment_assessmentmonth", key=Month.parse("2026-10").number)
    assert [row.operation for row in rows] == ["insert"]
    assert shown(access, with_texts(rows))[0].which == "2026-10"
