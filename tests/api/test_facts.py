"""What programs read and write: people, values, items, events, absences, pay, standings, months, policies, runs."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2.extras import DateRange

from assessment.models import EmployeeMonth, Event, ItemAssessor, Metric
from payroll.models import PayRecord
from promotion.models import Run
from staff.models import Absence, AuditEntry, Department, Employee, SupervisorPeriod
from tests.api.conftest import Program, Programs, faults
from tests.web.company import MONTH, Company

VALUE = {"employee_no": "K2032", "month": "2026-11", "metric": "excellent_cases", "value": "2"}
EVENT = {"event_no": "API-1", "employee_no": "K2032", "date": "2026-11-02", "kind": "complaint", "status": "upheld"}


def listed(program: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    response = program.get(path, **query)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def test_a_value_that_was_entered_is_read_as_it_was_sent(program: Programs) -> None:
    hr = program("hr")
    assert hr.rows("/values", VALUE).json() == {"rows": 1, "changed": 1}
    (row,) = listed(hr, "/values", employee_no="K2032", month="2026-11")
    assert {name: row[name] for name in VALUE} == VALUE


def test_the_same_values_again_change_nothing_and_a_changed_one_takes_a_reason(program: Programs) -> None:
    hr = program("hr")
    hr.rows("/values", VALUE)
    assert hr.rows("/values", VALUE).json() == {"rows": 1, "changed": 0}
    assert faults(hr.rows("/values", {**VALUE, "value": 3})) == [("#/rows/0/reason", "reason")]
    assert hr.rows("/values", {**VALUE, "value": 3, "reason": "counted anew"}).json()["changed"] == 1


def test_a_value_is_taken_back_with_null(program: Programs) -> None:
    hr = program("hr")
    hr.rows("/values", VALUE)
    assert hr.rows("/values", {**VALUE, "value": None, "reason": "of somebody else"}).json()["changed"] == 1
    assert listed(hr, "/values", employee_no="K2032", month="2026-11") == []


def test_many_values_are_one_request(program: Programs, company: Company) -> None:
    numbers = [no for no in company.people if no.startswith("K20")]
    rows = [{**VALUE, "employee_no": no, "month": str(MONTH - back)} for back in range(24, 34) for no in numbers]
    assert len(rows) > 100
    assert program("hr").rows("/values", *rows).json() == {"rows": len(rows), "changed": len(rows)}


def test_an_item_keeps_who_assessed_it(program: Programs) -> None:
    hr = program("hr")
    Metric.objects.create(key="service", kind="item", zh="服务", en="service", slot=60)
    item = {"employee_no": "K2032", "month": "2026-11", "item": "service", "value": "7.5", "assessor_no": "K1001"}
    assert hr.rows("/items", item).json()["changed"] == 1
    assert hr.rows("/items", item).json()["changed"] == 0
    (row,) = listed(hr, "/items", month="2026-11")
    assert {name: row[name] for name in item} == item
    assert hr.rows("/items", {**item, "assessor_no": "K1002"}).json()["changed"] == 1
    assert AuditEntry.objects.filter(action="item_assessor_saved").count() == 2
    assert hr.rows("/items", {**item, "value": None, "reason": "twice"}).json()["changed"] == 1
    assert not ItemAssessor.objects.exists()
    assert faults(hr.rows("/items", {**item, "item": "excellent_cases"})) == [("#/rows/0/item", "does_not_exist")]


def test_an_event_is_entered_put_right_and_withdrawn_by_its_number(program: Programs) -> None:
    hr = program("hr")
    assert hr.rows("/events", {**EVENT, "note": "by phone"}).json() == {"rows": 1, "changed": 1}
    assert hr.rows("/events", EVENT).json() == {"rows": 1, "changed": 0}
    assert Event.objects.get(event_no="API-1").note == "by phone"
    assert hr.rows("/events", {**EVENT, "status": "withdrawn"}).json() == {"rows": 1, "changed": 1}
    (row,) = listed(hr, "/events", event_no="API-1")
    assert (row["status"], row["note"]) == ("withdrawn", "by phone")
    assert faults(hr.rows("/events", {**EVENT, "employee_no": "K2033"})) == [("#/rows/0/employee_no", "other_person")]


def test_only_a_kind_on_which_nobody_finds_has_no_status(program: Programs) -> None:
    hr = program("hr")
    assert faults(hr.rows("/events", {**EVENT, "status": ""})) == [("#/rows/0/status", "status")]
    assert hr.rows("/events", {**EVENT, "kind": "praise", "status": ""}).json() == {"rows": 1, "changed": 1}


def test_a_supervisor_reports_as_alleged_alone(program: Programs) -> None:
    boss = program("K1001")
    refused = boss.rows("/events", EVENT)
    assert refused.status_code == 409
    assert faults(refused) == [("#/rows/0/status", "status")]
    assert boss.rows("/events", {**EVENT, "status": "alleged"}).json()["changed"] == 1


def test_an_absence_is_known_by_its_person_and_first_day(program: Programs) -> None:
    hr = program("hr")
    row = {"employee_no": "K2031", "first_day": "2026-11-02", "last_day": "2026-11-03", "kind": "sick"}
    assert [hr.rows("/absences", row).json()["changed"] for _ in range(2)] == [1, 0]
    assert hr.rows("/absences", {**row, "last_day": "2026-11-06"}).json()["changed"] == 1
    assert Absence.objects.get(employee__employee_no="K2031").last_day == date(2026, 11, 6)
    assert faults(hr.rows("/absences", {**row, "last_day": "2026-11-01"})) == [
        ("#/rows/0/last_day", "absence_in_order")
    ]
    assert [one["employee_no"] for one in listed(hr, "/absences", month="2026-11")] == ["K2031"]


def test_a_pay_record_is_known_by_its_person_and_day_and_keeps_what_is_left_out(program: Programs) -> None:
    payroll = program("payroll")
    row = {"employee_no": "K2031", "from": "2026-12-01", "base": "4200.00", "post_wage": "600"}
    assert [payroll.rows("/pay", row).json()["changed"] for _ in range(2)] == [1, 0]
    assert payroll.rows("/pay", {"employee_no": "K2031", "from": "2026-12-01", "base": "4300"}).json()["changed"] == 1
    (found,) = listed(payroll, "/pay")
    assert (found["from"], found["base"], found["post_wage"], found["performance"]) == (
        "2026-12-01",
        "4300",
        "600",
        None,
    )
    assert faults(payroll.rows("/pay", {**row, "base": "-1"})) == [("#/rows/0/base", "pay_is_not_negative")]


def test_a_person_is_hired_changed_and_moved(program: Programs) -> None:
    hr = program("hr")
    body = {
        "employee_no": "K3001", "name": "李青", "department": "信息客服部/信息客服一组", "hired_on": "2026-12-01",
        "supervisor_no": "K1001", "birth_date": "2000-02-03",
    }  # fmt: skip
    found = hr.post("/people", body)
    assert found.status_code == 201, found.content
    assert found.json()["birth_date"] == "2000-02-03"
    assert hr.patch("/people/K3001", {"position": "客服", "reason": "x"}).json()["position"] == "客服"
    moved = hr.post("/people/K3001/department", {"department": "信息客服二组", "from": "2026-12-10"})
    assert moved.json() == {"department": "信息客服二组", "from": "2026-12-10"}
    led = hr.post("/people/K3001/supervisor", {"supervisor_no": None, "from": "2026-12-10"})
    assert led.json() == {"supervisor_no": None, "from": "2026-12-10"}
    person = Employee.objects.get(employee_no="K3001")
    assert person.department_periods.count() == 2
    assert hr.patch("/people/K3001", {"employee_no": "K1"}).status_code == 422


def test_whoever_moves_a_person_out_of_their_scope_is_answered_all_the_same(
    program: Programs, company: Company
) -> None:
    company.grant(company.accounts["hr-two"], "hr", "财务部")
    company.hire("K3002", "新人", "xinren xr", department="财务部", boss=None)
    two = program("hr-two")
    assert two.post("/people/K3002/department", {"department": "信息客服二组", "from": "2026-11-12"}).status_code == 200
    assert two.post("/people/K3002/department", {"department": "信息客服一组", "from": "2026-11-12"}).status_code == 422


def test_a_department_is_founded_and_moved_by_name(program: Programs) -> None:
    hr = program("hr")
    found = hr.post("/departments", {"name": "三组", "parent": "信息客服部", "head_no": "K1002"}).json()
    assert (found["department"], found["parent"], found["head_no"]) == ("三组", "信息客服部", "K1002")
    hr.post("/departments", {"name": "三组", "parent": "财务部"})
    names = {row["department"] for row in listed(hr, "/departments")}
    assert {"信息客服部/三组", "财务部/三组"} <= names
    moved = hr.patch(f"/departments/{found['id']}", {"parent": None}).json()
    assert (moved["department"], moved["parent"], moved["head_no"]) == ("/三组", None, "K1002")
    assert hr.get("/people", department="三组").status_code == 400
    assert faults(hr.patch(f"/departments/{found['id']}", {"parent": "三组"})) == [("#/parent", "unknown")]


@pytest.mark.parametrize("words", ["林晓", "linxiao", "lx", "K2031", "lin K20"])
def test_people_are_found_by_name_number_and_pinyin(program: Programs, words: str) -> None:
    assert [row["employee_no"] for row in listed(program("hr"), "/people", search=words)] == ["K2031"]


def test_lists_are_narrowed(program: Programs, company: Company) -> None:
    hr = program("hr")
    everybody = {row["employee_no"] for row in listed(hr, "/people")}
    working = {row["employee_no"] for row in listed(hr, "/people", employed="true")}
    assert everybody - working == {"K2054"}
    assert {row["employee_no"] for row in listed(hr, "/people", department="财务部")} == {"K2052"}
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    for path in ("/people", "/values", "/events", "/absences"):
        assert listed(hr, path, updated_since=later) == [], path
        assert listed(hr, path, updated_since="2026-01-01T00:00:00Z"), path
        assert hr.get(path, updated_since="0001-01-01T00:00:00+23:59").status_code == 400
    assert {row["kind"] for row in listed(hr, "/events", kind="exam")} == {"exam"}
    assert {row["metric"] for row in listed(hr, "/values", metric="keywords_online")} == {"keywords_online"}
    assert {row["outcome"] for row in listed(hr, "/standings", outcome="eligible")} == {"eligible"}
    for told_twice_or_unknown in ("/values?metric=none", "/items?item=keywords_online", "/people?q=a&q=b"):
        assert hr.get(told_twice_or_unknown).status_code == 400, told_twice_or_unknown


def test_pages_hold_at_most_two_hundred_and_stay_in_order(program: Programs) -> None:
    hr = program("hr")
    whole = listed(hr, "/values", page_size=200)
    assert len(whole) > 100
    assert [*listed(hr, "/values", page_size=60), *listed(hr, "/values", page_size=60, page=2)] == whole[:120]
    keys = [(row["employee_no"], row["month"], row["metric"]) for row in whole]
    assert keys == sorted(keys)
    for size in ("0", "201", "5000", "-1", "many", "²"):
        refused = hr.get("/values", page_size=size)
        assert (refused.status_code, faults(refused)) == (400, [("page_size", "invalid")])
        assert "1 to 200" in refused.json()["errors"][0]["detail"]


def test_an_explanation_is_the_object_of_the_command(program: Programs) -> None:
    said = StringIO()
    call_command("explain", "K2031", "--as-of", "2026-10", stdout=said)
    assert program("hr").get("/explanations/K2031", as_of="2026-10").json() == json.loads(said.getvalue())
    assert program("hr").get("/explanations/K2052", as_of="2026-10").status_code == 404
    assert program("hr").get("/explanations/K2031").status_code == 400


def test_a_month_tells_its_state_its_window_and_how_complete_it_is(program: Programs) -> None:
    found = program("hr").get("/months/2026-10").json()
    assert found["state"] == "sealed"
    assert found["window"] == {"first": "2026-11-01", "last": "2026-11-10"}
    teams = {(row["supervisor_no"], row["metric"]): row for row in found["completeness"]}
    row = teams["K1001", "keywords_online"]
    assert row["expected"] == row["reported"] + row["missing"]
    assert row["missing"] > 0
    for method in ("post", "patch", "put", "delete"):
        assert program("hr").post("/months/2026-09", {"state": "sealed"}, method=method).status_code == 405


def test_a_policy_is_read_with_its_document_in_the_language_asked_for(program: Programs) -> None:
    english = program("hr", language="en").get("/policies/info-service/1").json()
    chinese = program("hr", language="zh-CN").get("/policies/info-service/1").json()
    assert english["document"] == chinese["document"]
    assert "Tiers" in english["text"]
    assert "级别" in chinese["text"]
    assert program("hr").get("/policies/info-service/99").status_code == 404


def test_a_run_is_asked_for_and_its_progress_is_read(program: Programs, company: Company) -> None:
    hr = program("hr")
    hr.rows("/values", {**VALUE, "month": "2026-09", "value": "4", "reason": "late"})
    response = hr.post("/runs", {"month": "2026-09"})
    assert response.status_code == 202
    (run,) = response.json()["runs"]
    assert hr.get(f"/runs/{run['id']}").json() == run
    assert (run["state"], run["progress"]) == ("queued", {"done": 0, "all": 1})
    assert Run.objects.get(pk=run["id"]).channel == "api"
    for month, status in (("2026-11", 409), ("2027-01", 409), ("2026-13", 422), ("2001-01", 409)):
        assert hr.post("/runs", {"month": month}).status_code == status, month


LISTS = [
    "/people", "/people/K2031", "/departments", "/absences", "/values", "/items", "/events", "/months", "/months/2026-10",
    "/policies", "/adoptions", "/standings", "/cases", "/explanations/K2031?as_of=2026-10", "/runs",
]  # fmt: skip


def _counted(program: Program, path: str) -> int:
    program.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert program.get(path).status_code == 200
    return len(queries)


def _grow(company: Company) -> None:
    for n in range(45):
        no = f"K8{n:03d}"
        team = f"组{n}"
        company.departments[team] = Department.objects.create(name=team, parent=company.departments["信息客服部"])
        person = company.hire(no, "众人", "zhongren zr", department=team, boss=None)
        SupervisorPeriod.objects.create(
            employee=person, supervisor=company.people["K1001"], period=DateRange(person.hired_on, None)
        )
        PayRecord.objects.create(employee=person, starts_on=date(2025, 1, 1), base=4000)
        Absence.objects.create(employee=person, first_day="2026-11-04", last_day="2026-11-05", kind="sick")
        EmployeeMonth.objects.create(employee=person, month="2026-09", s1=1, s2=2)
        company.event(no, "2026-09-09", "praise")


@pytest.mark.parametrize("who", ["hr", "K1001", "K1000"])
def test_a_list_takes_the_same_few_queries_however_many_rows_there_are(
    program: Programs, company: Company, who: str
) -> None:
    reader = program(who)
    paths = [path for path in LISTS if path != "/runs" or who == "hr"]
    few = {path: _counted(reader, path) for path in paths}
    _grow(company)
    many = {path: _counted(reader, path) for path in paths}
    assert few == many
    assert {path: n for path, n in many.items() if n > 12} == {}


def test_pay_takes_the_same_few_queries(program: Programs, company: Company) -> None:
    PayRecord.objects.create(employee=company.people["K2031"], starts_on=date(2025, 1, 1), base=4000)
    few = _counted(program("payroll"), "/pay")
    _grow(company)
    assert _counted(program("payroll"), "/pay") == few <= 12


def test_a_month_that_has_not_begun_takes_no_value_but_gives_one_back(company: Company, program: Programs) -> None:
    hr, row = program("hr"), {"employee_no": "K2031", "month": "2026-12", "metric": "excellent_cases"}
    refused = hr.rows("/values", {**row, "value": "1"})
    assert (refused.status_code, faults(refused)) == (409, [("#/rows/0/month", "month")])
    company.values("K2031", "excellent_cases", {"2026-12": 1})
    assert hr.rows("/values", {**row, "value": None, "reason": "loaded too early"}).status_code == 200
