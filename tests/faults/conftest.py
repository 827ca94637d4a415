from __future__ import annotations

from datetime import date

import pytest

from promotion.models import Run, Standing
from promotion.sweep.actions import sweep_request
from promotion.sweep.actions.sweep_request import request_sweep
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.selectors import sweep_lines
from staff.kernel.periods import Month
from tests.company import Company, job, operator

OCTOBER = Month.parse("2026-10")


class Town:
    """A company whose sweep has several shards, and what its standings must be."""

    def __init__(self) -> None:
        self.company = Company()
        self.people = [self.company.person(tier) for tier in ("regular", "star", "diamond", "crown") * 2]
        for person in self.people:
            self.company.every_month(person, "excellent_cases", 1, "2026-05", "2026-10")
            self.company.event(person, "exam", date(2026, 6, 18), subject="diamond", status="passed")
        self.company.every_month(self.people[1], "keywords_online", 0, "2026-08", "2026-10")
        run_sweep(access=operator(), month=OCTOBER)
        self.undisturbed = list(sweep_lines(OCTOBER))
        Standing.objects.all().delete()
        Run.objects.all().delete()

    def request(self, channel: str = "command") -> Run:
        """Shards of two people. Through ``command`` no bell rings."""
        access = operator() if channel == "command" else job()
        (run,) = request_sweep(access=access, month=OCTOBER)
        return run

    def holds(self, run: Run) -> None:
        """The run is done, each person has one standing of its month, and they are those of an undisturbed sweep."""
        run.refresh_from_db()
        assert (run.state, run.people, run.written) == ("done", len(self.people), len(self.people))
        assert list(sweep_lines(OCTOBER)) == self.undisturbed
        assert Standing.objects.filter(month=OCTOBER).count() == len(self.people)


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(sweep_request, "SHARD_SIZE", 2)
    return Town()


@pytest.fixture
def url(process_environment: dict[str, str]) -> str:
    return process_environment["DATABASE_URL"]
