"""Two at once on one round: whoever comes second finds it done; shown to go wrong without the guard of the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import DateRange

from promotion.panels.actions import round_close, round_open
from promotion.panels.actions.candidates_add import add_candidates
from promotion.panels.actions.judge_replace import replace_judge
from promotion.panels.actions.round_cancel import cancel_round
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.models import Judge, Round, ScoreSheet
from staff.kernel.access import Access, Refused
from staff.models import Account, RoleGrant
from staff.selectors.access import access_of
from tests.company import Company
from tests.panels.planted import SHEET, at_the_panel

pytestmark = pytest.mark.django_db(transaction=True)
HR = Access.system(date.today(), "test")
Ending = Callable[[Round], Any]

ENDINGS: dict[str, Ending] = {
    "close": lambda round: round_close.close_round(access=HR, round_id=round.pk, minutes="m", now=timezone.now()),
    "cancel": lambda round: cancel_round(access=HR, round_id=round.pk, reason="ill"),
    "replace": lambda round: replace_judge(
        access=HR, round_id=round.pk, judge_id=round.judges.get(account__username="j2").pk,
        account_id=Account.objects.get(username="j3").pk, reason="ill", now=timezone.now(),
    ),
}  # fmt: skip


@pytest.fixture
def company(transactional_db: None) -> Company:
    return Company()


@pytest.fixture
def round(company: Company) -> Round:
    """Two judges have handed in; the third is about to."""
    application = at_the_panel(company.person("star"), company.department)
    now = timezone.now()
    found = Round.objects.create(
        step="defence", version=application.version, to_tier="diamond", department=company.department, sheet=SHEET, bar=80,
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1), state="open",
    )  # fmt: skip
    found.candidates.create(application=application, ordinal=1)
    for at in range(4):
        account = Account.objects.create(username=f"j{at}", display_name=f"j{at}")
        RoleGrant.objects.create(
            account=account, role="judge", period=DateRange(date(2020, 1, 1), None), by_operator_command=True
        )
        if at < 3:
            Judge.objects.create(round=found, account=account, stance="clear", declared_at=now)
    for name in ("j0", "j1"):
        hand_in(found, name)
    return found


def hand_in(round: Round, name: str) -> ScoreSheet:
    access, now = access_of(Account.objects.get(username=name), date.today()), timezone.now()
    return submit_sheet(
        access=access, round_id=round.pk, ordinal=1, points={"speech": "90"}, comment="c", typed=now, now=now
    )


def told(act: Callable[[], str]) -> str:
    """What comes of it, on a connection of its own."""
    try:
        return act()
    except Refused as refused:
        return refused.code
    finally:
        connection.close()


def at_once(round: Round, ending: Ending) -> tuple[str, str]:
    """What comes of an ending that is not committed yet when the third sheet is handed in, and of that sheet."""
    barrier = Barrier(2)

    def first() -> str:
        with transaction.atomic():
            ending(round)
            barrier.wait(10)
            time.sleep(0.5)
        return "done"

    def second() -> str:
        barrier.wait(10)
        hand_in(round, "j2")
        return "done"

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(told, first), pool.submit(told, second)
        return one.result(20), two.result(20)


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "without the guard"])
def test_no_score_slips_in_while_a_round_ends_or_its_judge_is_replaced(
    round: Round, name: str, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_close, "is_complete", lambda found: True)
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE promotion_scoresheet DISABLE TRIGGER score_is_final")
    try:
        ended, scored = at_once(round, ENDINGS[name])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE promotion_scoresheet ENABLE TRIGGER score_is_final")
    late = ScoreSheet.objects.filter(judge__account__username="j2").exists()
    assert (ended, scored, late) == (("done", "score_in_an_open_round", False) if guarded else ("done", "done", True))


@pytest.fixture
def arranged(company: Company, round: Round) -> tuple[Round, int]:
    """One that could open, and an application that waits for a panel."""
    other = at_the_panel(company.person("star"), round.department)
    one = at_the_panel(company.person("star"), round.department)
    found = Round.objects.create(
        step="defence", version=round.version, to_tier="diamond", department=round.department, sheet=SHEET, bar=80,
        opens_at=timezone.now(), closes_at=timezone.now() + timedelta(days=1), state="arranged", panel=round.panel,
    )  # fmt: skip
    found.candidates.create(application=one, ordinal=1)
    for seat in round.judges.all():
        Judge.objects.create(round=found, account=seat.account, stance="clear", declared_at=timezone.now())
    return found, other.pk


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "without the guard"])
def test_no_round_opens_while_a_candidate_is_added_on_whom_no_judge_has_declared(
    arranged: tuple[Round, int], guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    round, other = arranged
    if not guarded:
        monkeypatch.setattr(round_open, "locked", lambda access, pk, *states: Round.objects.get(pk=pk))
    barrier = Barrier(2)

    def adds() -> str:
        with transaction.atomic():
            add_candidates(access=HR, round_id=round.pk, applications=[other], now=timezone.now())
            barrier.wait(10)
            time.sleep(0.5)
        return "done"

    def opens() -> str:
        barrier.wait(10)
        round_open.open_round(access=HR, round_id=round.pk, now=timezone.now())
        return "done"

    with ThreadPoolExecutor(2) as pool:
        added, opened = (pool.submit(told, act) for act in (adds, opens))
        said = (added.result(20), opened.result(20))
    round.refresh_from_db()
    assert round.judges.filter(stance="asked").count() == 3
    assert (*said, round.state) == (("done", "undeclared", "arranged") if guarded else ("done", "done", "open"))
