"""Real processes that move an application or a case are killed in the middle: a worker, a web process, a session of the
database. What they had written is gone, and the next one does it all, telling each once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import timezone

from promotion.applications.actions.decide import approve
from promotion.applications.actions.step_finish import finish_step
from promotion.applications.actions.take_effect import take_effects
from promotion.applications.models import Act, Application
from promotion.cases.actions.take_effect import take_demotions
from promotion.cases.models import Proceeding
from promotion.models import LedgerLine
from staff.kernel.access import Access
from staff.models import AuditEntry, OutboxMessage
from tests.applications.test_way import EFFECT_DAY, WHO, Way
from tests.cases.steps import Course
from tests.faults.harness import PATIENCE, SETUP, alone, holding, kill, rows, start, waiting
from tests.web.company import TODAY, make_company

Environment = dict[str, str]
Death = Callable[[Environment, str], None]
#: Whoever writes the outbox waits: what comes before it in a transition is written, and not committed.
NO_MESSAGES = "LOCK TABLE staff_outboxmessage IN SHARE ROW EXCLUSIVE MODE"
NIGHT = (
    SETUP
    + """
from datetime import date
from staff.kernel.access import Access
from promotion.{room}.actions.take_effect import {act}
{act}(access=Access.system(date({day:%Y, %-m, %-d}), "nightly"))
"""
)
#: The handler of the site, as its server calls it.
VISIT = (
    SETUP
    + """
from datetime import date
from django.test import Client
from django.utils import timezone
from staff.models import Account
timezone.localdate = lambda *args: date({day:%Y, %-m, %-d})
client = Client()
client.force_login(Account.objects.get(username="{who}"))
answer = client.post("{path}", {sent})
assert answer.status_code == 302, answer.content.decode()
"""
)


@dataclass
class Town:
    """K2032 stands before the decision and K2041's demotion is decided."""

    way: Way
    row: Application
    course: Course

    @property
    def state(self) -> tuple[str, str, str]:
        self.row.refresh_from_db()
        return (self.row.state, self.row.step, self.course.now.state)

    @property
    def lines(self) -> int:
        return LedgerLine.objects.exclude(policy_version=None).count()

    @property
    def written(self) -> tuple[int, int, int]:
        return (self.lines, AuditEntry.objects.count(), OutboxMessage.objects.count())


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    company = make_company()
    course = Course(company, Proceeding.objects.get(case__employee=company.people["K2041"]))
    way = Way(company)
    return Town(way, way.at_decision(), course.decided())


def killed(environment: Environment, program: str) -> None:
    """The process has written what comes before its messages when it is killed."""
    url = environment["DATABASE_URL"]
    with holding(url, NO_MESSAGES):
        child = start(environment, "-c", program)
        waiting(url)
        kill(child)
    alone(url)


def test_web_process_worker_and_session_are_killed_and_nothing_is_half_done_lost_or_doubled(
    town: Town, process_environment: Environment
) -> None:
    before, stood = town.written, town.state
    visit = VISIT.format(day=TODAY, who="gm", path="/decisions/", sent={"approve": [town.row.pk]})
    killed(process_environment, visit)
    assert (town.state, town.written) == (stood, before)
    approve(access=town.way.of("gm"), application=town.row, words="yes")
    assert town.state[1] == "public_notice"
    assert told("application_approved") == [WHO]

    job = Access.system(date(2026, 11, 20), "nightly")
    finish_step(access=job, application=town.row, step="public_notice", act=Act.CLEARED)
    on = town.course.now.tier_on
    assert on is not None
    nights: list[tuple[Death, str, str, date, Callable[..., int], str, str]] = [
        (killed, "applications", "take_effects", EFFECT_DAY, take_effects, "application_effective", WHO),
        (ended_by_the_database, "cases", "take_demotions", on, take_demotions, "case_effective", "K2041"),
    ]
    for dies, room, act, day, again, kind, who in nights:
        before, stood = town.written, town.state
        dies(process_environment, NIGHT.format(room=room, act=act, day=day))
        assert (town.state, town.written) == (stood, before)
        later = Access.system(day, "nightly")
        assert (again(access=later), again(access=later)) == (1, 0)
        assert town.lines == before[0] + 1
        assert told(kind).count(who) == 1
    assert (town.state[0], town.state[2]) == ("effective", "effective")


def ended_by_the_database(environment: Environment, program: str) -> None:
    """The server ends the session in the middle; the process meets an error, and ends too."""
    url = environment["DATABASE_URL"]
    with holding(url, NO_MESSAGES):
        child = start(environment, "-c", program)
        waiting(url)
        rows(
            url,
            "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l USING (pid)"
            " WHERE a.datname = current_database() AND NOT l.granted",
        )
        assert child.wait(PATIENCE) != 0
    alone(url)


def told(kind: str) -> list[str]:
    found = OutboxMessage.objects.filter(kind=kind).order_by("pk")
    return list(found.values_list("recipient__username", flat=True))
