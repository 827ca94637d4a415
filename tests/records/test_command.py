"""The command, and loads beside each other."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from assessment.models import EmployeeMonth
from staff.actions.records_load import load_records
from staff.models import AuditEntry
from tests.records.world import Files, operator, rows

VALUES = "employee_no,month,metric,value\n"
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "records"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = 0
    try:
        call_command("load_records", *[str(argument) for argument in arguments])
    except SystemExit as ended:
        status = int(ended.code or 0)
    told = capsys.readouterr()
    return status, told.out, told.err


def test_a_refused_file_does_not_stop_the_others(company: Files, capsys: pytest.CaptureFixture[str]) -> None:
    bad = company.write("values.csv", VALUES + "K9,2026-09,sales,x\n")
    good = company.write(
        "events.csv", "event_no,employee_no,date,kind\nE1,K1,2026-09-01,praise\nE2,K3,2026-09-01,praise\n"
    )
    status, out, err = run(capsys, good, bad, "--language", "en")
    assert status == 1
    assert out.splitlines() == [
        f"{good}: events, 2 rows: 2 added, 0 changed, 0 unchanged",
        f"  {good}:3:2: outside employment (hired 2021-05-01, last day 2026-06-30): kept, and ignored",
    ]
    assert err.splitlines() == [
        f"{bad}:2:1: employee_no `K9`: there is no such employee; load the person in `staff` first",
        f"{bad}:2:4: value `x`: expected a number in the digits 0-9, such as 98.5, with at most 4 decimals",
        f"{bad}: refused for 2 faults; nothing of it was kept",
    ]


def test_paths_that_are_not_there(company: Files, capsys: pytest.CaptureFixture[str]) -> None:
    empty = company.folder / "empty"
    empty.mkdir()
    status, out, err = run(capsys, company.folder / "gone.csv", empty, company.folder / "staff.csv", "--language", "en")
    assert (status, out) == (1, "")
    assert f"{company.folder / 'gone.csv'}:1:1: there is no such file" in err
    assert f"{empty}:1:1: this folder holds no CSV or XLSX file" in err


def test_a_path_that_cannot_be_read_does_not_stop_the_others(
    company: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    good = company.write("values.csv", VALUES + "K1,2026-09,sales,1\n")
    gone, long = company.folder / "nope.csv", company.folder / ("长" * 300 + ".csv")
    # a name that leads nowhere but to itself, and a socket: nothing that the system opens
    ring = company.folder / "events.csv"
    ring.symlink_to(ring)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(company.folder / "items.csv"))
    status, out, err = run(capsys, gone, long, ring, company.folder / "items.csv", good, "--language", "en")
    listening.close()
    assert (status, EmployeeMonth.objects.count()) == (1, 1)
    assert out == f"{good}: values, 1 rows: 1 added, 0 changed, 0 unchanged\n"
    assert f"{gone}:1:1: there is no such file" in err
    assert f"{ring}:1:1: " in err
    for path in (long, company.folder / "items.csv"):
        assert f"{path}:1:1: this file cannot be read: " in err


def test_many_faults_are_counted_and_some_are_told(company: Files, capsys: pytest.CaptureFixture[str]) -> None:
    bad = company.write("values.csv", VALUES + "".join(f"X{n},2026-13,sales,1\n" for n in range(600)) + "K1\n" * 600)
    status, _out, err = run(capsys, bad, "--language", "en")
    assert status == 1
    lines = err.splitlines()
    assert lines[-2:] == ["  … and 800 more", f"{bad}: refused for 1800 faults; nothing of it was kept"]
    assert len(lines) == 1_002


def test_messages_are_chinese_unless_asked_otherwise(company: Files) -> None:
    from django.utils import translation

    with translation.override("zh-hans"):
        [(_line, _column, message)] = company.faults("values.csv", VALUES + "K1,2026-9,sales,1\n")
    assert message.startswith("month `2026-9`")


def test_the_examples_load_in_any_order_and_again_change_nothing(db: Any) -> None:
    paths = sorted(path for path in EXAMPLES.iterdir() if path.suffix == ".csv")
    assert [path.stem for path in paths] == ["absences", "departments", "events", "items", "pay", "staff", "values"]
    first = load_records(access=operator(), paths=paths)
    assert [str(fault) for report in first for fault in report.faults] == []
    assert all(table.added for report in first for table in report.tables)
    second = load_records(access=operator(), paths=[EXAMPLES])
    assert [(t.added, t.changed) for report in second for t in report.tables] == [(0, 0)] * 7
    assert AuditEntry.objects.filter(action="records_loaded").count() == 14


def test_a_file_that_needs_another_waits_for_it(db: Any, files: Files) -> None:
    files.write("departments-2.csv", "department,head_no\n客服部,K1\n")
    files.write("departments.csv", "department,parent\n总部,\n客服部,总部\n")
    files.write("staff-1.csv", "employee_no,name,department,hired_on,supervisor_no\nK1,甲,客服部,2024-01-01,K2\n")
    files.write("staff-2.csv", "employee_no,name,department,hired_on\nK2,乙,客服部,2024-01-01\n")
    files.write("values.csv", VALUES + "K7,2026-09,sales,1\n")
    reports = load_records(access=operator(), paths=[files.folder])
    assert [(Path(r.file).name, r.refused) for r in reports] == [
        ("departments.csv", False),
        ("staff-2.csv", False),
        ("staff-1.csv", False),
        ("departments-2.csv", False),
        ("values.csv", True),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_follow_one_another(files: Files) -> None:
    files.taken("departments.csv", "department,parent\n客服部,\n")
    people = "employee_no,name,department,hired_on\n" + "".join(f"K{n},甲,客服部,2024-01-01\n" for n in range(200))
    values = VALUES + "".join(f"K{n},2026-09,sales,{n}\n" for n in range(200))
    paths = [files.write("staff.csv", people), files.write("values.csv", values)]
    counts: list[tuple[int, int]] = []

    def load() -> None:
        try:
            reports = load_records(access=operator(), paths=paths)
            counts.extend((t.added, t.changed) for report in reports for t in report.tables)
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(counts) == [(0, 0), (0, 0), (200, 0), (200, 0)]
    assert EmployeeMonth.objects.count() == 200
    assert rows("SELECT count(*) FROM staff_departmentperiod") == [(200,)]
