"""Each address × role × own, in scope, out of scope × verb: the table that the interface keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessment.models import Metric
from config.api import router
from payroll.models import PayRecord
from policy.models import Adoption
from staff.models import Absence, Employee
from tests.api.conftest import Program, Programs
from tests.api.test_schema import OPERATIONS
from tests.applications.planted import sat_before_a_panel, withdrawn_by
from tests.assessment.cases.planted import raised_for
from tests.web.company import Company

#: role → account, and whom of the company it is about: oneself, somebody in scope, somebody outside
WHO: dict[str, tuple[str, str, str, str]] = {
    "employee": ("K2031", "K2031", "", "K2032"),
    "supervisor": ("K1001", "K1001", "K2031", "K2052"),
    "head": ("K1000", "K1000", "K2031", "K2052"),
    "hr": ("hr-two", "", "K1002", "K2031"),
    "hr-all": ("hr", "", "K2031", ""),
    "payroll": ("payroll", "", "K2031", ""),
    "gm": ("gm", "", "K2031", ""),
    "auditor": ("auditor", "", "K2031", ""),
    "operator": ("operator", "", "", "K2031"),
}
#: Of oneself, in scope, outside: y there is something, n nothing, x refused naming who can, - does not arise.
READS = """
                employee supervisor head hr  hr-all payroll gm  auditor operator
people          y-n      yyn        yyn  -yn -y-    -y-     -y- -y-     --x
values          y-n      yyn        yyn  -yn -y-    -x-     -y- -y-     --x
items           y-n      yyn        yyn  -yn -y-    -x-     -y- -y-     --x
events          y-n      yyn        yyn  -yn -y-    -x-     -y- -y-     --x
absences        y-n      ynn        ynn  -yn -y-    -x-     -x- -y-     --x
pay             y-n      ynn        ynn  -xx -x-    -y-     -y- -y-     --x
cases           y-n      yyn        yyn  -yn -y-    -x-     -y- -y-     --x
applications    y-n      yyn        yyn  -yn -y-    -x-     -y- -y-     --x
"""
#: y done, x refused naming who can, u there is nobody of that number, - does not arise.
WRITES = """
                employee supervisor head hr  hr-all payroll gm  auditor operator
values          x-x      xyu        xyu  -yu -y-    -x-     -x- -x-     --x
items           x-x      xyu        xyu  -yu -y-    -x-     -x- -x-     --x
events          x-x      xyu        xyu  -yu -y-    -x-     -x- -x-     --x
absences        x-x      xxx        xxx  -yu -y-    -x-     -x- -x-     --x
pay             x-x      xxx        xxx  -xx -x-    -y-     -x- -x-     --x
people          x-x      xxx        xxx  -yu -y-    -x-     -x- -x-     --x
department      x-x      xxx        xxx  -yu -y-    -x-     -x- -x-     --x
supervisor      x-x      xxx        xxx  -yu -y-    -x-     -x- -x-     --x
"""
#: What is about nobody in particular: the reader's verbs. v those in force alone.
OTHERS = """
                employee supervisor head hr  hr-all payroll gm  auditor operator
departments     r        r          r    rw  rw     r       r   r       x
months          r        r          r    r   r      r       r   r       x
policies        v        v          v    r   r      v       r   r       x
adoptions       v        v          v    r   r      v       r   r       x
runs            x        x          x    rw  rw     x       r   r       rw
"""

#: Every operation with nothing in it: y answered, be it that there is no such person for the reader (404) or that the body
#: says nothing (400, 422); x refused naming who can, before the body is looked at.
EVERY = """
                                          employee supervisor head hr hr-all payroll gm auditor operator
get   /absences/                          y        y          y    y  y      x       x  y       x
post  /absences/                          x        x          x    y  y      x       x  x       x
get   /adoptions/                         y        y          y    y  y      y       y  y       x
get   /applications/                      y        y          y    y  y      x       y  y       x
get   /applications/{id}/                 y        y          y    y  y      x       y  y       x
get   /cases/                             y        y          y    y  y      x       y  y       x
get   /cases/{id}/                        y        y          y    y  y      x       y  y       x
get   /departments/                       y        y          y    y  y      y       y  y       x
post  /departments/                       x        x          x    y  y      x       x  x       x
patch /departments/{id}/                  x        x          x    y  y      x       x  x       x
get   /events/                            y        y          y    y  y      x       y  y       x
post  /events/                            x        y          y    y  y      x       x  x       x
get   /explanations/{employee_no}/        y        y          y    y  y      x       y  y       x
get   /items/                             y        y          y    y  y      x       y  y       x
post  /items/                             x        y          y    y  y      x       x  x       x
get   /months/                            y        y          y    y  y      y       y  y       x
get   /months/{month}/                    y        y          y    y  y      y       y  y       x
get   /notices/                           y        y          y    y  y      y       y  y       y
get   /notices/{id}/                      y        y          y    y  y      y       y  y       y
get   /pay/                               y        y          y    x  x      y       y  y       x
post  /pay/                               x        x          x    x  x      y       x  x       x
get   /people/                            y        y          y    y  y      y       y  y       x
post  /people/                            x        x          x    y  y      x       x  x       x
get   /people/{employee_no}/              y        y          y    y  y      y       y  y       x
patch /people/{employee_no}/              x        x          x    y  y      x       x  x       x
post  /people/{employee_no}/department/   x        x          x    y  y      x       x  x       x
post  /people/{employee_no}/supervisor/   x        x          x    y  y      x       x  x       x
get   /policies/                          y        y          y    y  y      y       y  y       x
get   /policies/{key}/{number}/           y        y          y    y  y      y       y  y       x
get   /runs/                              x        x          x    y  y      x       y  y       y
post  /runs/                              x        x          x    y  y      x       x  x       y
get   /runs/{id}/                         x        x          x    y  y      x       y  y       y
get   /standings/                         y        y          y    y  y      y       y  y       x
get   /values/                            y        y          y    y  y      x       y  y       x
post  /values/                            x        y          y    y  y      x       x  x       x
"""


def cells(table: str) -> list[tuple[str, str, str, str]]:
    """(address, role, person or "", expected)"""
    head, *lines = table.strip().splitlines()
    found = []
    for name, *row in (line.split() for line in lines):
        for role, letters in zip(head.split(), row, strict=True):
            if len(letters) < 3:
                found.append((name, role, "", letters))
                continue
            found += [(name, role, no, one) for no, one in zip(WHO[role][1:], letters, strict=True) if one != "-"]
    return found


@pytest.fixture(scope="module")
def full_house(house: Company, django_db_blocker: Any) -> Company:
    """Everybody has a row of everything."""
    with django_db_blocker.unblock():
        _fill(house)
    return house


@pytest.fixture
def facts(full_house: Company, company: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    """It is the fifth of December, when November is entered."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 5))
    return full_house


def _fill(company: Company) -> None:
    Metric.objects.create(key="service", kind="item", zh="服务", en="service", slot=60)
    for at, (no, person) in enumerate(company.people.items()):
        PayRecord.objects.create(employee=person, starts_on=date(2025, 1, 1), base=f"8675309{at:02d}.17")
        Absence.objects.create(employee=person, first_day="2026-11-04", last_day="2026-11-05", kind="medical")
        company.values(no, "excellent_cases", {"2026-09": 1})
        company.values(no, "service", {"2026-09": 8})
        company.event(no, "2026-09-09", "praise", note="CANARYNOTE")
        raised_for(person)
        sat_before_a_panel(withdrawn_by(person), "open")
    Employee.objects.update(birth_date="1991-02-03")


@pytest.mark.parametrize(("name", "role", "no", "expected"), cells(READS))
def test_a_list_shows_those_in_scope_and_no_others(
    facts: Company, program: Programs, name: str, role: str, no: str, expected: str
) -> None:
    response = program(WHO[role][0]).get(f"/{name}", employee_no=no)
    if expected == "x":
        assert response.status_code == 403, response.content
        assert "roles" in response.json()["detail"]
        return
    found = response.json()["results"]
    assert {row["employee_no"] for row in found} == ({no} if expected == "y" else set())


@pytest.mark.parametrize(
    ("name", "role", "no", "expected"), [cell for cell in cells(READS) if cell[0] in ("people", "values")]
)
def test_one_person_outside_ones_scope_is_not_there(
    facts: Company, program: Programs, name: str, role: str, no: str, expected: str
) -> None:
    """The explanation follows the table of values: who reads what was reported reads what follows from it."""
    if name == "people":
        response = program(WHO[role][0]).get(f"/people/{no}")
        assert response.status_code == {"y": 200, "n": 404, "x": 403}[expected]
        return
    response = program(WHO[role][0]).get(f"/explanations/{no}", as_of="2026-10")
    governed = facts.people[no].tier_periods.exists()
    assert response.status_code == {"y": 200 if governed else 404, "n": 404, "x": 403}[expected]


def _row(name: str, no: str) -> dict[str, Any]:
    return {
        "values": {"month": "2026-11", "metric": "excellent_cases", "value": 1},
        "items": {"month": "2026-11", "item": "service", "value": "7.5"},
        "events": {"event_no": "API-1", "date": "2026-11-02", "kind": "complaint", "status": "alleged"},
        "absences": {"first_day": "2026-11-10", "last_day": "2026-11-11", "kind": "sick"},
        "pay": {"from": "2026-12-01", "base": "4000"},
    }[name] | {"employee_no": no}


@pytest.mark.parametrize(("name", "role", "no", "expected"), cells(WRITES))
def test_a_write_is_done_for_those_in_scope_by_those_who_may(
    facts: Company, program: Programs, name: str, role: str, no: str, expected: str
) -> None:
    who = program(WHO[role][0])
    if name == "people":
        response = who.patch(f"/people/{no}", {"position": "客服"})
        statuses = {"y": 200, "x": 403, "u": 404}
    elif name in ("department", "supervisor"):
        boss = {"K2031": "K1002", "K1002": "K2031"}.get(no)
        body = (
            {"department": "信息客服二组"}
            if name == "department"
            else {"supervisor_no": boss if role == "hr-all" else None}
        )
        response = who.post(f"/people/{no}/{name}", {**body, "from": "2026-12-01"})
        statuses = {"y": 200, "x": 403, "u": 404}
    else:
        response = who.rows(f"/{name}", _row(name, no))
        statuses = {"y": 200, "x": 403, "u": 422}
    assert response.status_code == statuses[expected], response.content
    if expected == "y" and name in ("values", "items", "events", "absences", "pay"):
        assert response.json() == {"rows": 1, "changed": 1}


@pytest.mark.parametrize(("name", "role", "no", "expected"), cells(OTHERS))
def test_what_is_about_nobody_in_particular(
    facts: Company, program: Programs, name: str, role: str, no: str, expected: str
) -> None:
    who = program(WHO[role][0])
    assert who.get(f"/{name}").status_code == (403 if expected == "x" else 200)
    if name == "departments":
        parent = "信息客服二组" if role == "hr" else "信息客服一组"
        response = who.post("/departments", {"name": "新组", "parent": parent})
        assert response.status_code == (201 if "w" in expected else 403), response.content
    if name == "runs":
        assert who.post("/runs", {"month": "2026-09"}).status_code == (202 if "w" in expected else 403)
    if name == "adoptions" and expected != "x":
        before = who.get("/adoptions").json()["count"]
        Adoption.objects.update(period=(date(2017, 1, 1), date(2026, 12, 1)))
        assert who.get("/adoptions").json()["count"] == (0 if expected == "v" else before)
        assert who.get("/policies/info-service/1").status_code == (404 if expected == "v" else 200)


#: Words that stand in nobody's response but that of whoever may read them of that very person.
CANARIES = {
    "CANARYNOTE": {"employee", "supervisor", "head", "hr", "hr-all", "auditor"},
    "1991-02-03": {"employee", "supervisor", "head", "hr", "hr-all", "auditor"},
    "medical": {"employee", "supervisor", "head", "hr", "hr-all", "auditor"},
    "8675309": {"employee", "supervisor", "head", "payroll", "gm", "auditor"},
}
PATHS = {
    "id": "1",
    "employee_no": "K2041",
    "month": "2026-10",
    "key": "info-service",
    "number": "1",
}


def responses(who: Any) -> Iterator[tuple[str, str]]:
    """(address, what it answers) of every reading operation that is described."""
    for operation in OPERATIONS:
        if operation.method == "get":
            path = operation.path.removeprefix("/api/v1").format(**PATHS)
            more = {"as_of": "2026-10"} if "explanations" in path else {}
            paged = {"page_size": 200} if path.count("/") == 2 and path != "/months/" else {}
            yield path, who.get(path, **more, **paged).content.decode()


def every() -> list[tuple[str, str, list[str]]]:
    """(method, path, answers to each role)"""
    return [(line.split()[0], line.split()[1], line.split()[2:]) for line in EVERY.strip().splitlines()[1:]]


def asked(who: Any, method: str, path: str) -> Any:
    address = path.format(**PATHS)
    return who.get(address) if method == "get" else who.post(address, {}, method=method)


def test_no_operation_and_no_address_is_missing_from_the_table() -> None:
    described = {(operation.method, operation.path.removeprefix("/api/v1")) for operation in OPERATIONS}
    assert described == {(method, path) for method, path, _answers in every()}
    routed = {
        (method, pattern.name)
        for pattern in router.urls
        for method in pattern.callback.actions.keys() - {"head"}  # type: ignore[attr-defined]
    }
    assert len(routed) == len(described)


@pytest.mark.parametrize("role", WHO)
def test_every_operation_asks_the_table_first_and_no_refusal_tells_a_secret(
    facts: Company, program: Programs, role: str
) -> None:
    who, at, wrong = program(WHO[role][0]), list(WHO).index(role), []
    for method, path, answers in every():
        response = asked(who, method, path)
        refused = response.status_code == 403
        if refused is (answers[at] == "y") or response.status_code in {401, 405, 429} or response.status_code >= 500:
            wrong.append(f"{method} {path}: {response.status_code}")
        if response.status_code >= 400:
            wrong += [f"{method} {path} tells {word}" for word in CANARIES if word in response.content.decode()]
    assert not wrong, "\n".join(wrong)


def test_whoever_is_not_signed_in_is_told_so_and_methods_that_are_not_described_are_not_taken(
    facts: Company, program: Programs
) -> None:
    nobody, hr, described = Program(Client()), program("hr"), {(method, path) for method, path, _answers in every()}
    for method, path, _answers in every():
        assert asked(nobody, method, path).status_code == 401, (method, path)
        for other in {"put", "delete", "patch", "post"}:
            if (other, path) not in described:
                assert asked(hr, other, path).status_code in {403, 405}, (other, path)


@pytest.mark.parametrize("role", WHO)
def test_no_answer_holds_what_its_reader_may_not_see(facts: Company, program: Programs, role: str) -> None:
    own = WHO[role][1]
    seen = dict(responses(program(WHO[role][0])))
    assert len(seen) > 12
    for word, readers in CANARIES.items():
        there = {path for path, text in seen.items() if word in text}
        assert bool(there) is (role in readers), (word, there)
        if role in ("employee", "supervisor", "head"):  # of themselves alone
            whole = sum(text.count(word) for text in seen.values())
            assert whole <= 1, (word, there, own)


def test_payroll_reads_the_tier_of_a_standing_and_nothing_else(facts: Company, program: Programs) -> None:
    payroll = program("payroll")
    rows = payroll.get("/standings", month="2026-10").json()["results"]
    assert rows
    for row in rows:
        assert row["tier"]
        assert not row.keys() & {"outcome", "target"}
    for outcome in ("eligible", "not_yet", "demotion_proposed"):
        assert payroll.get("/standings", outcome=outcome).json()["count"] == 0
    assert program("hr").get("/standings", outcome="eligible").json()["count"] > 0


def test_who_may_not_write_notes_is_told_so(facts: Company, program: Programs) -> None:
    row = {**_row("events", "K2031"), "note": "said on the phone"}
    assert program("K1001").rows("/events", row).status_code == 403
    assert program("hr").rows("/events", row).status_code == 200


def test_a_name_outside_ones_scope_is_told_as_one_that_does_not_exist(facts: Company, program: Programs) -> None:
    hr = program("hr-two")
    for name in ("财务部", "没有的部"):
        body = {"employee_no": "K3001", "name": "李青", "department": name, "hired_on": "2026-12-01"}
        response = hr.post("/people", body)
        assert response.status_code == 422
        assert response.json()["errors"][0]["code"] == "unknown"
        assert hr.get("/people", department=name).status_code == 400
    for no in ("K2052", "K9999"):
        assert hr.get(f"/people/{no}").json()["title"] == "There is no such thing"


def test_a_changed_right_bites_on_the_next_request(facts: Company, program: Programs) -> None:
    hr = program("hr")
    assert hr.get("/people/K2031").status_code == 200
    facts.accounts["hr"].grants.update(period=(date(2026, 1, 1), date(2026, 12, 5)))
    assert hr.get("/people/K2031").status_code == 403


@pytest.mark.parametrize("scope", ["values:read", "items:write", "people:read", "months:read"])
def test_a_token_opens_what_its_scopes_name_and_nothing_else(facts: Company, program: Programs, scope: str) -> None:
    resource = scope.partition(":")[0]
    who = program("hr", scope)
    for operation in OPERATIONS:
        if operation.method == "get":
            path = operation.path.removeprefix("/api/v1").format(**PATHS)
            opened = path.split("/")[1] == resource or (resource == "people" and path.startswith("/departments"))
            status = who.get(path, as_of="2026-10").status_code if "explanations" in path else who.get(path).status_code
            assert (status == 403) is (not opened), (path, status)
    row = _row("items", "K2031")
    assert who.rows("/items", row).status_code == (200 if scope == "items:write" else 403)
