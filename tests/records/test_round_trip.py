"""What is dumped loads back without a change, into the same database and into an empty one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staff.actions.records_dump import dump_records
from staff.actions.records_load import load_records
from staff.models import AuditEntry, Department, Employee
from tests.records.world import Files, marks, operator

DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31)).map(date.isoformat)
MONTHS = st.integers(0, 60).map(lambda n: f"{2022 + n // 12}-{n % 12 + 1:02d}")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=20).map(str.strip)
WORDS = TEXTS.filter(bool)
#: A key is no formula, holds nothing invisible and no digits but 0-9.
KEYS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("C", "M", "Z", "Nd"), include_characters="0129"), max_size=20
    )
    .filter(bool)
    .filter(lambda text: text[0] not in "=+-@")
)
NUMBERS = st.decimals(0, 100, places=2).map(str)
PEOPLE = [f"K{n}" for n in range(4)]
MAYBE_DAY = st.one_of(st.just(""), DAYS)


@st.composite
def companies(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """table → header and rows, of a company as it might be."""
    department = st.sampled_from(["总部", "总部/一组", "客服部/一组", "客服部"])
    head = "employee_no,name,department,position,hired_on,tier,tier_since,supervisor_no,left_on,im_account,department_since"
    staff = [head.split(",")]
    for place, person in enumerate(PEOPLE):
        hired = draw(st.dates(date(2019, 1, 1), date(2027, 6, 1)))
        later = st.integers(0, 900).map(lambda days, hired=hired: (hired + timedelta(days)).isoformat())
        maybe = st.one_of(st.just(""), later)
        tier = draw(st.sampled_from(["", "star", "钻级客服"]))
        boss = draw(st.sampled_from(["", *PEOPLE[:place]]))
        known = [
            person,
            draw(WORDS),
            draw(department),
            draw(TEXTS),
            hired.isoformat(),
            tier,
            draw(maybe),
            boss,
            draw(maybe),
        ]
        staff.append([*known, draw(TEXTS), draw(MAYBE_DAY)])
    no = st.sampled_from(PEOPLE)
    metric = st.sampled_from(["satisfaction_rate", "collection_rate", "sales"])
    item = st.sampled_from(["knowledge", "satisfaction"])
    absences = draw(st.dictionaries(st.tuples(no, DAYS), st.integers(0, 70), max_size=4))
    values = draw(st.dictionaries(st.tuples(no, MONTHS, metric), NUMBERS, max_size=8))
    items = draw(
        st.dictionaries(st.tuples(no, MONTHS, item), st.tuples(NUMBERS, st.sampled_from(["", *PEOPLE])), max_size=5)
    )
    number = st.one_of(st.just(""), NUMBERS)
    page = st.one_of(st.just(""), st.integers(1, 100).map(str))
    counted = st.one_of(
        st.tuples(st.sampled_from(["complaint", "praise"]), number), st.tuples(st.just("keyword_online"), page)
    )
    event = st.tuples(no, DAYS, counted, st.sampled_from(["", "withdrawn"]), TEXTS, TEXTS, MAYBE_DAY).map(
        lambda e: (e[0], e[1], e[2][0], e[3], e[4], e[2][1], e[5], e[6])
    )
    events = draw(st.dictionaries(KEYS, event, max_size=5))
    pay = draw(st.dictionaries(st.tuples(no, DAYS), st.lists(number, min_size=3, max_size=3), max_size=4))
    departments = [["总部", ""], ["客服部", "总部"], ["总部/一组", "总部"], ["客服部/一组", "客服部"]]
    ends = [[n, d, (date.fromisoformat(d) + timedelta(more)).isoformat(), "sick"] for (n, d), more in absences.items()]
    return {
        "departments": [["department", "parent"], *departments],
        "staff": staff,
        "absences": [["employee_no", "first_day", "last_day", "kind"], *ends],
        "values": [["employee_no", "month", "metric", "value"], *([*key, value] for key, value in values.items())],
        "items": [
            ["employee_no", "month", "item", "value", "assessor_no"],
            *([*key, *value] for key, value in items.items()),
        ],
        "events": [["event_no", "employee_no", "date", "kind", "status", "subject", "quantity", "note", "decided_on"]]
        + [[name, *fields] for name, fields in events.items()],
        "pay": [
            ["employee_no", "from", "base", "post_wage", "performance"],
            *([*key, *row] for key, row in pay.items()),
        ],
    }


def put(tables: dict[str, list[list[str]]], folder: Path) -> None:
    for name, cells in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(cells)


def load(folder: Path) -> dict[str, tuple[int, int]]:
    """Loads a folder: file → (added, changed)."""
    found = {}
    for report in load_records(access=operator(), paths=[folder]):
        assert not report.refused, [str(fault) for fault in report.faults]
        found[Path(report.file).name] = (report.tables[0].added, report.tables[0].changed)
    return found


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of which nothing stays."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(company=companies())
def test_a_dump_loads_back_without_a_change(db: Any, company: dict[str, list[list[str]]]) -> None:
    with TemporaryDirectory() as name:
        first, second, third = (Path(name) / part for part in ("first", "second", "third"))
        first.mkdir()
        put(company, first)
        with undone():
            load(first)
            before = marks()
            assert set(load(first).values()) == {(0, 0)}
            dump_records(access=operator(), folder=second)
            assert set(load(second).values()) == {(0, 0)}
            assert marks() == before
        with undone():
            assert not Employee.objects.exists()
            load(second)
            dump_records(access=operator(), folder=third)
            assert texts(second) == texts(third)


def test_a_dump_into_an_empty_database_brings_the_heads_too(db: Any, files: Files) -> None:
    folder = files.folder / "out"
    with undone():
        files.taken("departments.csv", "department,parent\n总部,\n客服部,总部\n")
        files.taken("staff.csv", "employee_no,name,department,hired_on\nK2,李雷,客服部,2020-03-01\n")
        files.taken("departments.csv", "department,head_no\n客服部,K2\n")
        call_command("dump_records", str(folder))
        assert AuditEntry.objects.filter(action="records_dumped").exists()
    assert (folder / "pay.csv").stat().st_mode & 0o777 == 0o600
    assert (folder / "departments.csv").read_text(encoding="utf-8").splitlines()[0] == "department,parent"
    heads = (folder / "departments-heads.csv").read_text(encoding="utf-8").splitlines()
    assert heads == ["department,head_no", "客服部,K2", "总部,"]
    assert not Employee.objects.exists()
    tables = ["departments", "staff", "absences", "pay", "values", "items", "events", "departments-heads"]
    assert list(load(folder)) == [f"{table}.csv" for table in tables]
    assert Department.objects.get(name="客服部").head.employee_no == "K2"


def test_what_a_spreadsheet_would_run_is_marked_in_the_dump_and_comes_back_whole(company: Files) -> None:
    head = "event_no,employee_no,date,kind,note\n"
    company.taken(
        "events.csv",
        head + "E1,K1,2026-08-01,praise,=1+1\nE2,K1,2026-08-01,praise,'@home\nE3,K1,2026-08-01,praise,'ok\n",
    )
    dump_records(access=operator(), folder=company.folder / "out")
    lines = (company.folder / "out/events.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[7] for line in lines[1:]] == ["'=1+1", "'@home", "''ok"]
    assert load(company.folder / "out")["events.csv"] == (0, 0)


def test_a_folder_that_cannot_be_written_is_told(company: Files) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("dump_records", str(company.write("file", "x") / "below"))
