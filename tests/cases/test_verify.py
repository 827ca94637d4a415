"""``verify`` finds each kind of tampering, by an owner of the database too, and finds none where there is none."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from promotion.evidence.bundle import bundle_of
from tests.cases.steps import Course


@pytest.fixture
def effective(course: Course) -> Course:
    course.decided()
    course.night(course.now.tier_on or course.day + timedelta(days=40))
    return course


def verify(*args: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify", *args, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def as_owner(statement: str, *params: object) -> None:
    """Past every trigger."""
    table = statement.split()[1]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, params)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


TAMPERED: dict[str, Callable[[Course], None]] = {
    "ledger line": lambda c: as_owner("UPDATE promotion_ledgerline SET to_tier = 'regular' WHERE seq = %s", c.now.line_id),
    "not as it was written": lambda c: as_owner(
        "UPDATE promotion_proceedingact SET words = words || '!' WHERE proceeding_id = %s AND act = 'served'", c.row.pk
    ),
    "does not come out as stored": lambda c: as_owner(
        "UPDATE promotion_standing SET tier_since = tier_since + 90, bits = bits # 1 WHERE employee_id = %s AND month = %s",
        c.now.case.employee_id, c.now.case.month.number,
    ),
}  # fmt: skip


@pytest.mark.parametrize("says", TAMPERED)
def test_each_kind_of_tampering_is_said(effective: Course, says: str) -> None:
    assert verify("--all") == (0, "nothing differs\n")
    TAMPERED[says](effective)
    status, out = verify("--all")
    assert status == 1, out
    assert says in out, out


def test_a_file_is_checked_against_itself_and_against_what_is_stored(effective: Course, tmp_path: Path) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(bundle_of(effective.now, "hr"))
    assert verify(str(path)) == (0, "nothing differs\n")
    import zipfile

    with zipfile.ZipFile(path) as archive:
        data = json.loads(archive.read("case.json"))
    data["course"]["tier_on"] = "2026-12-01"
    changed = tmp_path / "case.json"
    changed.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    status, out = verify(str(changed))
    assert status == 1
    assert "its digest" in out
    assert "course.tier_on" in out
    as_owner("UPDATE promotion_proceeding SET pay_on = pay_on + 31 WHERE case_id = %s", effective.row.pk)
    status, out = verify(str(path))
    assert status == 1
    assert "course.pay_on" in out


def test_what_was_erased_is_no_difference(effective: Course, tmp_path: Path) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(bundle_of(effective.now, "hr"))
    effective.row.acts.filter(act="stated").update(words="***", data={})
    assert verify("--all")[0] == 0
    assert verify(str(path)) == (0, "nothing differs\n")


def test_what_is_no_evidence_is_refused(tmp_path: Path, db: None) -> None:
    path = tmp_path / "x.json"
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("verify", str(path))
