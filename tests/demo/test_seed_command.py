"""The command around the seed: all or nothing, the logins for their owner alone, a second time without effect."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from payroll.actions import demo_seed
from payroll.actions.demo_accounts import Login
from payroll.actions.demo_seed import seed_demo
from staff.models import AuditEntry, Employee
from tests.company import operator

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The months of history, and the story that rests on them, are another test's."""
    monkeypatch.setattr(demo_seed, "SWEPT", 1)
    monkeypatch.setattr(demo_seed, "rated_from", lambda last: last)
    monkeypatch.setattr(demo_seed, "play_story", lambda stage: 0)


def test_what_goes_wrong_at_the_end_leaves_nothing_behind() -> None:
    def broken(logins: list[Login]) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        seed_demo(access=operator(DAY), now=NOW, tell=lambda line: None, keep=broken)
    assert not Employee.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_command_prints_the_logins_and_keeps_them_for_their_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMOTION_HOME", str(tmp_path))
    first, second = StringIO(), StringIO()
    call_command("seed_demo", day=DAY, stdout=first, language="en")
    file = tmp_path / "demo-logins.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = file.read_text(encoding="utf-8")
    assert kept in first.getvalue()
    assert [line.split()[:2] for line in kept.splitlines()[1:2]] == [["employee", "林晓"]]
    call_command("seed_demo", day=DAY, stdout=second, language="en")
    assert "nothing was changed" in second.getvalue()
    assert file.read_text(encoding="utf-8") == kept
