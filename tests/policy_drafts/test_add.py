"""A policy that is none of the library's comes in by the shell too: checked, published, adopted."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policy import library
from policy.models import Adoption, PolicyVersion
from staff.models import Department

pytestmark = pytest.mark.django_db


def policy(*words: str) -> str:
    out = StringIO()
    call_command("policy", *words, "--language", "en", stdout=out)
    return out.getvalue()


def test_a_file_is_published_once_and_adopted_by_its_key_or_an_older_version(tmp_path: Path) -> None:
    Department.objects.create(name="夜班")
    text = library.text("monthly-stars").replace("policy: monthly-stars", "policy: night-stars")
    file = tmp_path / "night.yaml"
    file.write_text(text, encoding="utf-8")
    assert "night-stars, version 1" in policy("add", str(file))
    assert "night-stars, version 1" in policy("add", str(file))
    file.write_text(text.replace("value: 110%", "value: 115%"), encoding="utf-8")
    assert "night-stars, version 2" in policy("add", str(file))
    assert "night-stars" in policy("list")
    assert "night-stars" in policy("show", "night-stars")
    where = ("adopt", "night-stars", "--department", "夜班", "--from")
    policy(*where, "2026-01-01", "--version", "1")
    policy(*where, "2026-06-01")
    assert list(Adoption.objects.order_by("period").values_list("version__number", flat=True)) == [1, 2]
    with pytest.raises(CommandError, match="no version 9"):
        policy(*where, "2026-07-01", "--version", "9")


def test_a_file_with_faults_is_told_by_line_and_not_published(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(library.text("monthly-stars").replace("value: 110%", "value: 110 %%"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        policy("add", str(file))
    assert (ended.value.code, PolicyVersion.objects.count()) == (1, 0)
    with pytest.raises(CommandError):
        policy("add", str(tmp_path / "none.yaml"))
