"""A write is done once: the same key again gets the same answer, another request under it is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from assessment.api.facts import ValuesViewSet
from promotion.models import Run
from promotion.tasks import nightly
from staff.actions.request_answer import Answer, UnderWay, answer_once, forget_answers
from staff.models import Absence, Account, AnsweredRequest, AuditEntry
from tests.api.conftest import Program, Programs, token_for
from tests.web.company import Company, make_company

ABSENCE = {"employee_no": "K2031", "first_day": "2026-11-02", "last_day": "2026-11-03", "kind": "sick"}
PERSON = {"employee_no": "K3001", "name": "李青", "department": "信息客服一组", "hired_on": "2026-11-02"}


def test_a_write_without_a_key_is_refused_and_does_nothing(program: Programs) -> None:
    for key in ("", "x" * 81, "with space"):
        response = program("hr").rows("/absences", ABSENCE, key=key)
        assert response.status_code == 400
        assert response.json()["type"] == "/api/docs/problems/idempotency-key-missing/"
    assert not Absence.objects.filter(employee__employee_no="K2031").exists()


def test_the_same_request_again_gets_the_same_answer_and_does_nothing_twice(program: Programs) -> None:
    hr = program("hr")
    first, again = (hr.post("/people", PERSON, key="hire-K3001") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert AuditEntry.objects.filter(action="person_hired", object_key="K3001").count() == 1


def test_another_request_under_the_same_key_is_refused(program: Programs) -> None:
    hr = program("hr")
    assert hr.post("/people", PERSON, key="k").status_code == 201
    for path, body in (("/people", {**PERSON, "name": "李清"}), ("/departments", PERSON)):
        response = hr.post(path, body, key="k")
        assert response.status_code == 422
        assert response.json()["type"] == "/api/docs/problems/idempotency-key-reused/"
    assert hr.patch("/people/K3001", PERSON, key="k").status_code == 422


def test_keys_of_two_accounts_have_nothing_to_do_with_each_other(program: Programs) -> None:
    hr, other = program("hr"), program("hr-two")
    assert hr.rows("/absences", ABSENCE, key="same").status_code == 200
    mine = {**ABSENCE, "employee_no": "K1002"}
    assert other.rows("/absences", mine, key="same").json() == {"rows": 1, "changed": 1}


def test_what_was_answered_about_a_person_is_not_told_again_once_they_are_out_of_reach(
    company: Company, program: Programs
) -> None:
    hr = program("hr-two")
    hired = {**PERSON, "department": "信息客服二组", "birth_date": "1991-01-02"}
    writes = [
        lambda: hr.post("/people", hired, key="hire"),
        lambda: hr.patch("/people/K1002", {"birth_date": "1990-01-02"}, key="change"),
        lambda: hr.post("/people/K1002/supervisor", {"supervisor_no": None, "from": "2026-12-01"}, key="move"),
        lambda: hr.post("/departments", {"name": "三组", "parent": "信息客服二组"}, key="found"),
    ]
    assert [write().status_code for write in writes] == [201, 200, 200, 201]
    assert [write().status_code for write in writes] == [201, 200, 200, 201]
    company.accounts["hr-two"].grants.update(department=company.departments["财务部"])
    assert [write().status_code for write in writes] == [404] * 4
    company.accounts["hr-two"].grants.update(department=company.departments["信息客服二组"])
    assert [write()["Idempotency-Replayed"] for write in writes] == ["true"] * 4


def test_a_refusal_is_an_answer_too_and_is_kept(program: Programs) -> None:
    hr = program("hr")
    taken = {**PERSON, "employee_no": "K2031"}
    first, again = (hr.post("/people", taken, key="taken") for _ in range(2))
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotency-Replayed"] == "true"


def test_what_is_refused_before_anything_was_done_leaves_the_key_free(program: Programs) -> None:
    payroll = program("payroll")
    assert payroll.post("/people", PERSON, key="free").status_code == 403
    assert program("hr").post("/people", "{", key="free").status_code == 400
    assert not AnsweredRequest.objects.exists()
    assert program("hr").post("/people", PERSON, key="free").status_code == 201


def test_an_effect_that_fails_keeps_neither_effect_nor_answer(company: Company) -> None:
    account = company.accounts["hr"].pk

    def perform() -> Answer:
        Absence.objects.create(
            employee=company.people["K2031"], first_day="2026-11-02", last_day="2026-11-02", kind="sick"
        )
        raise RuntimeError

    with pytest.raises(RuntimeError):
        answer_once(account_id=account, key="k", digest="d", perform=perform)
    assert not AnsweredRequest.objects.exists()
    assert not Absence.objects.filter(employee__employee_no="K2031").exists()
    assert answer_once(account_id=account, key="k", digest="d", perform=lambda: Answer(200, {})) == Answer(200, {})


def test_a_failure_of_the_server_is_not_kept(company: Company) -> None:
    account = company.accounts["hr"].pk
    answer_once(account_id=account, key="k", digest="d", perform=lambda: Answer(503, {}))
    assert not AnsweredRequest.objects.exists()


def test_answers_are_forgotten_after_a_day_by_the_nightly_job(program: Programs, company: Company) -> None:
    program("hr").rows("/absences", ABSENCE, key="old")
    program("hr").rows("/absences", ABSENCE, key="young")
    now = timezone.now()
    AnsweredRequest.objects.filter(key="old").update(at=now - timedelta(days=1, seconds=1))
    AnsweredRequest.objects.filter(key="young").update(at=now - timedelta(hours=23))
    nightly()
    assert list(AnsweredRequest.objects.values_list("key", flat=True)) == ["young"]
    assert forget_answers(now=now) == 0


def test_a_sweep_is_asked_for_once(program: Programs) -> None:
    hr = program("hr")
    first, again = (hr.post("/runs", {"month": "2026-09"}, key="september") for _ in range(2))
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert Run.objects.filter(month="2026-09").count() == 1


@pytest.fixture
def at_large(transactional_db: None) -> Company:
    """The company for everybody to see: each thread has a connection of its own."""
    return make_company()


def _in_threads(count: int, ask: Callable[[int], Any]) -> list[Any]:
    def one(at: int) -> Any:
        try:
            return ask(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_done_and_the_other_is_told_so(at_large: Company) -> None:
    """Both stand at the barrier; the one that comes first waits inside until the other has been answered."""
    account = at_large.accounts["hr"].pk
    gate, refused = Barrier(2), Event()
    done: list[int] = []

    def perform() -> Answer:
        done.append(1)
        assert refused.wait(20)
        return Answer(201, {"done": len(done)})

    def ask(at: int) -> Any:
        gate.wait(20)
        try:
            return answer_once(account_id=account, key="race", digest="d", perform=perform)
        except UnderWay as told:
            refused.set()
            return told.code

    found = _in_threads(2, ask)
    assert sorted(found, key=str) == sorted([Answer(201, {"done": 1}), "under_way"], key=str)
    assert done == [1]
    assert answer_once(account_id=account, key="race", digest="d", perform=perform).replayed


@pytest.mark.django_db(transaction=True)
def test_many_clients_with_one_key_hire_one_person(at_large: Company) -> None:
    token = token_for(Account.objects.get(username="hr"))
    gate = Barrier(6)

    def ask(at: int) -> tuple[int, str]:
        program = Program(Client(), token)
        gate.wait(20)
        response = program.post("/people", PERSON, key="one-hiring")
        return response.status_code, response.json().get("type", "")

    found = _in_threads(6, ask)
    assert (201, "") in found
    assert set(found) <= {(201, ""), (409, "/api/docs/problems/under-way/")}
    assert AuditEntry.objects.filter(action="person_hired").count() == 1
    assert AnsweredRequest.objects.get().status == 201


def test_a_key_is_free_again_when_whoever_held_it_is_gone(company: Company) -> None:
    account = company.accounts["hr"].pk
    with pytest.raises(RuntimeError), transaction.atomic():
        answer_once(account_id=account, key="k", digest="d", perform=lambda: _raise())
    assert answer_once(account_id=account, key="k", digest="d", perform=lambda: Answer(204, None)).status == 204


def _raise() -> Answer:
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_two_batches_in_opposite_order_both_go_through(at_large: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits behind its first row until the other has written one too, or cannot."""
    token, gate = token_for(Account.objects.get(username="hr")), Barrier(2)
    people = ("K2031", "K2032")
    for no in people:
        at_large.values(no, "excellent_cases", {"2026-11": 9})
    save = ValuesViewSet.save_row

    def slowly(view: ValuesViewSet, row: dict[str, Any]) -> bool:
        changed = save(view, row)
        with suppress(BrokenBarrierError):
            gate.wait(1)
        return changed

    monkeypatch.setattr(ValuesViewSet, "save_row", slowly)

    def ask(at: int) -> int:
        rows = [
            {"employee_no": no, "month": "2026-11", "metric": "excellent_cases", "value": str(at), "reason": "late"}
            for no in (people if at else reversed(people))
        ]
        status: int = Program(Client(raise_request_exception=False), token).rows("/values", *rows).status_code
        return status

    assert _in_threads(2, ask) == [200, 200]
