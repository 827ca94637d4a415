"""The command as the shell runs it, over a library of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import base

from policy import library
from policy.management.commands.policy import Command
from staff.models import Department

#: What one command gave: exit status, output, errors.
Ran = tuple[int, str, str]
Run = Callable[..., Ran]

TEMPLATE = """policy: template
title: {zh: 模板制度, en: A template}
in_force: 2020-01-01
approved_by: gm
parameters:
  tenure_years: {unit: year, clause: "1"}
  satisfaction_rate: {unit: "%", clause: "2"}
  leave_days: {unit: day, clause: "3", value: 5 days}
ladder:
  tiers:
    - {key: low, zh: 初级, en: Low}
    - {key: high, zh: 高级, en: High}
  promotions:
    - from: low
      to: high
      process: [decision]
      require:
        - clause: "1"
          text: 在岗满若干年。
          rules:
            tenure: completed(hired_on) >= tenure_years
            rate: mean(satisfaction_rate, 3 months) >= param.satisfaction_rate
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    # A process closes its connections at the end; the test's transaction lives in one.
    monkeypatch.setattr(base.connections, "close_all", lambda: None)

    def run_policy(*arguments: object) -> Ran:
        status = 0
        try:
            Command().run_from_argv(["manage.py", "policy", *map(str, arguments)])
        except SystemExit as ended:
            status = int(ended.code or 0)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run_policy


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of the information service's policy and of a template."""
    text = library.text("info-service")
    (tmp_path / "info-service.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def tree(db: None, folder: Path) -> dict[str, Department]:
    """总部 over 客服部 over 一组, and 财务部 beside."""
    root = Department.objects.create(name="总部")
    service = Department.objects.create(name="客服部", parent=root)
    return {
        "总部": root,
        "客服部": service,
        "一组": Department.objects.create(name="一组", parent=service),
        "财务部": Department.objects.create(name="财务部", parent=root),
    }
