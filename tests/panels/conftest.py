"""The company of the pages' tests, with people who stand before a panel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from policy.actions.policy_adopt import adopt
from policy.models import PolicyVersion
from promotion.applications.models import Application, ApplicationKind
from promotion.applications.process import names_of, transition_to
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.round_arrange import Sitting, arrange_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.models import Round, ScoreSheet
from staff.kernel.access import Access
from staff.models import Account
from staff.selectors.access import access_of
from tests.web.company import LADDER, MONTH, TODAY, Company
from tests.web.conftest import company, house, visitor

__all__ = ["company", "house", "visitor"]

#: Today at two o'clock the panel sits.
OPENS = datetime(2026, 11, 12, 6, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=3)
NOW = OPENS + timedelta(hours=1)
BEFORE = OPENS - timedelta(hours=5)
JUDGES = ("judge-a", "judge-b", "judge-c", "judge-d", "judge-e")
SHEET = {"speech": "40", "questions": "30", "material": "30"}


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "localdate", lambda value=None, *args: value.date() if value else TODAY)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cache.clear()
    with translation.override("en"):
        yield


@dataclass
class Panel:
    """Five judges from elsewhere; ``hr`` arranges."""

    company: Company

    def of(self, username: str, day: date = TODAY) -> Access:
        return access_of(Account.objects.get(username=username), day)

    @property
    def hr(self) -> Access:
        return self.of("hr")

    def judge_accounts(self) -> list[int]:
        known = self.company.accounts
        return [(known.get(name) or self.company.account(name)).pk for name in JUDGES]

    def applying(self, no: str, *, step: str = "defence", ladder: str = LADDER, to: str = "diamond") -> Application:
        """Handed in and at the step; what was frozen says one clause met and one to be attested."""
        version = PolicyVersion.objects.filter(key=ladder).latest("number")
        transition = transition_to(version, {}, to)
        person = self.company.people[no]
        found: Application = Application.objects.create(
            employee=person, department=self.company.departments["信息客服一组"], kind=ApplicationKind.APPLIED,
            version=version, from_tier=str(transition.source), to_tier=to, process=names_of(transition), state="open",
            step=step, attempt=1, standing_month=MONTH, frozen=FROZEN, frozen_digest="0" * 64, submitted_at=BEFORE,
            summary=f"What {no} did", opened_by=self.company.accounts.get(no),
        )  # fmt: skip
        return found

    def arranged(self, *nos: str, **more: Any) -> Round:
        rows = [self.applying(no, **more) for no in nos]
        return self.arrange(rows)

    def arrange(self, rows: list[Application], *, vacancies: int | None = None, judges: int = 5) -> Round:
        return arrange_round(
            access=self.hr, applications=[row.pk for row in rows], judges=self.judge_accounts()[:judges], now=BEFORE,
            sitting=Sitting(self.company.departments["信息客服部"], OPENS, CLOSES, "三楼会议室", vacancies),
        )  # fmt: skip

    def open(self, round: Round) -> Round:
        for seat in round.judges.filter(replaced_at=None, stance="asked"):
            declare(access=self.of(seat.account.username), round_id=round.pk, conflict=False, now=BEFORE)
        return open_round(access=self.hr, round_id=round.pk, now=BEFORE)

    def score(self, round: Round, judge: str, ordinal: int, total: str, now: datetime = NOW) -> ScoreSheet:
        return submit_sheet(
            access=self.of(judge), round_id=round.pk, ordinal=ordinal, points=points(round, total), comment=f"{judge} says",
            typed=now, now=now,
        )  # fmt: skip

    def score_all(self, round: Round, *totals: tuple[str, ...]) -> None:
        """For each candidate the totals of the judges, in order."""
        seats = list(round.judges.filter(replaced_at=None).select_related("account").order_by("pk"))
        for at, given in enumerate(totals, 1):
            for seat, total in zip(seats, given, strict=True):
                self.score(round, seat.account.username, at, total)


def points(round: Round, total: str) -> dict[str, str]:
    """A total laid out over the lines of the sheet, from the first on."""
    left, found = Decimal(total), {}
    for line in round.sheet:
        given = min(left, Decimal(line["of"]))
        found[line["key"]] = str(given)
        left -= given
    assert left == 0
    return found


FROZEN = {
    "outcome": "eligible",
    "conditions": [
        {"clause": "四.2.7", "rule": "cases", "text": "半年内提供优秀发布案例≧4篇。", "observed": 5, "op": ">=", "threshold": 4,
         "unit": "count", "verdict": "met", "missing": []},
        {"clause": "四.2.2", "rule": None, "text": "具有较强的发布技巧、总结能力", "observed": None, "op": None,
         "threshold": None, "unit": None, "verdict": "unknown", "missing": []},
    ],
    "triggers": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def panel_house(house: Company, django_db_blocker: Any) -> Company:
    """A ladder with a competition beside the other."""
    with django_db_blocker.unblock():
        adopt(
            access=house.access, key="tiered-exam", department=house.departments["财务部"], starts_on=date(2026, 12, 1)
        )
        for name in JUDGES:
            house.account(name)
    return house


@pytest.fixture
def panel(panel_house: Company, db: None) -> Panel:
    return Panel(panel_house)
