"""``sweep`` and ``explain`` from the shell, and the jobs that call the same actions."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg2.extras import DateRange

from promotion import tasks
from promotion.models import Run, RunState
from promotion.sweep.actions.findings_tell import tell_hr_to_seal
from staff.kernel.commands import OperatorCommand
from staff.kernel.periods import Month
from staff.models import Account, OutboxMessage, Role, RoleGrant
from tests.company import TODAY, Company

pytestmark = pytest.mark.django_db
OCTOBER = Month.parse("2026-10")


@pytest.fixture
def company() -> Company:
    return Company()


def run(command: str, *args: str, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(command, *args, stdout=out, stderr=err, language="en", **options)
    return out.getvalue(), err.getvalue()


def test_sweep_prints_how_many_came_to_what(company: Company) -> None:
    company.person("star")
    company.person("crown")
    assert run("sweep", month=OCTOBER) == ("not_yet\t1\ntop\t1\n", "")


def test_sweep_writes_a_line_a_person_in_order_of_their_numbers(company: Company, tmp_path: Path) -> None:
    for number in ("K2", "K10", "K1"):
        company.person("star", no=number)
    file = tmp_path / "sweep.jsonl"
    run("sweep", month=OCTOBER, jsonl=str(file))
    first = file.read_bytes()
    lines = [json.loads(line) for line in first.decode("utf-8").splitlines()]
    assert [line["employee_no"] for line in lines] == ["K1", "K10", "K2"]
    assert list(lines[0]) == [
        "employee_no", "as_of", "policy", "version", "tier", "outcome", "target", "conditions", "triggers",
    ]  # fmt: skip
    run("sweep", month=OCTOBER, jsonl=str(file))
    assert file.read_bytes() == first


def test_sweep_says_so_where_no_policy_is_in_force() -> None:
    Company(policy="")
    assert run("sweep", month=OCTOBER) == ("", "No policy with a ladder is in force on 2026-10-31.\n")


def test_a_file_that_cannot_be_written_is_named_with_the_reason(company: Company, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        run("sweep", month=OCTOBER, jsonl=str(tmp_path / "none" / "sweep.jsonl"))


def test_explain_prints_the_line_of_the_sweep(company: Company, tmp_path: Path) -> None:
    company.person("diamond", no="K1")
    file = tmp_path / "sweep.jsonl"
    run("sweep", month=OCTOBER, jsonl=str(file))
    assert run("explain", "K1", month=OCTOBER) == (file.read_text(encoding="utf-8"), "")


@pytest.mark.parametrize(("number", "told"), [("K9", "There is no employee `K9`."), ("K1", "is under no ladder as of")])
def test_explain_says_who_cannot_be_explained(company: Company, number: str, told: str) -> None:
    company.person("", no="K1")
    with pytest.raises(CommandError, match=told):
        run("explain", number, month=OCTOBER)


@pytest.mark.parametrize("month", ["2026-13", "9999-12", "２０２６-10", "2026-1", "oct"])
def test_what_is_no_month_is_refused_with_an_example(month: str) -> None:
    with pytest.raises(CommandError, match="such as 2026-10"):
        call_command("sweep", "--as-of", month)


def test_the_jobs_leave_work_in_the_database_and_the_shards_do_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    company.person("star")
    tasks.monthly_sweep()
    run_row = Run.objects.get()
    assert (run_row.month, run_row.state, run_row.channel) == (OCTOBER, RunState.QUEUED, "job")
    tasks.ring()
    tasks.work()
    tasks.nightly()
    run_row.refresh_from_db()
    assert (run_row.state, run_row.people, Run.objects.count()) == (RunState.DONE, 1, 1)


def test_hr_is_reminded_to_seal_a_month_once() -> None:
    hr = Account.objects.create(username="hr")
    for role, begins in ((Role.HR, date(2020, 1, 1)), (Role.GM, date(2020, 1, 1))):
        RoleGrant.objects.create(account=hr, role=role, period=DateRange(begins, None), by_operator_command=True)
    assert tell_hr_to_seal(month=OCTOBER, day=TODAY) == 1
    assert tell_hr_to_seal(month=OCTOBER, day=TODAY) == 0
    assert OutboxMessage.objects.get().kind == "month_to_seal"


def test_before_the_first_migration_a_command_says_what_to_run() -> None:
    class Reads(OperatorCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM a_table_of_the_future")

    with pytest.raises(CommandError, match="migrate"), transaction.atomic():
        call_command(Reads(), language="en")
