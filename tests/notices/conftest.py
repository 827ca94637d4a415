"""The company of the pages' tests, with people whose promotions were approved and wait to be posted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from policy.models import PolicyVersion
from promotion.applications.models import DECISION, NOTICE, Application, ApplicationKind
from promotion.applications.process import names_of, transition_to
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.actions.objection_raise import raise_objection
from promotion.notices.models import Notice, Objection
from staff.kernel.access import Access
from staff.models import Account
from staff.selectors.access import access_of
from tests.panels.conftest import FROZEN
from tests.web.company import LADDER, MONTH, TODAY, Company
from tests.web.conftest import company, house, visitor

__all__ = ["company", "house", "visitor"]

NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The twelfth of November, a Thursday, unless a test says otherwise by ``at``."""
    set_clock(monkeypatch, NOON)
    cache.clear()
    with translation.override("en"):
        yield


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Everything that reads the clock reads this instant; days are those of Shanghai."""
    zone = timezone.get_default_timezone()
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(timezone, "localdate", lambda value=None, *args: (value or now).astimezone(zone).date())


@dataclass
class Office:
    """``hr`` posts and answers; ``K2042`` and others object."""

    company: Company

    def of(self, username: str, day: date = TODAY) -> Access:
        return access_of(Account.objects.get(username=username), day)

    def approved(
        self, no: str, *, to: str = "diamond", kind: str = ApplicationKind.APPLIED, step: str = NOTICE
    ) -> Application:
        """Approved by the general manager and waiting to be posted; at another ``step`` where one is named."""
        version = PolicyVersion.objects.filter(key=LADDER).latest("number")
        transition = transition_to(version, {}, to)
        person = self.company.people[no]
        found: Application = Application.objects.create(
            employee=person, department=self.company.departments["信息客服一组"], kind=kind, version=version,
            from_tier=str(transition.source), to_tier=to, process=names_of(transition), state="open", step=step, attempt=1,
            standing_month=MONTH, frozen=FROZEN, frozen_digest="0" * 64, submitted_at=NOON - timedelta(days=9),
            summary=f"What {no} did", merit="merit" if kind == ApplicationKind.SKIP else "",
            due_on=TODAY if step == DECISION else None,
        )  # fmt: skip
        return found

    def post(self, *rows: Application, day: date = TODAY) -> Notice:
        return post_notice(access=self.of("hr", day), applications=[row.pk for row in rows])

    def posted(self, *nos: str, day: date = TODAY) -> Notice:
        return self.post(*(self.approved(no) for no in nos), day=day)

    def object(
        self, notice: Notice, by: str = "K2031", day: date = TODAY, text: str = "Facts and grounds"
    ) -> Objection:
        entry = notice.entries.order_by("pk").first()
        assert entry is not None
        return raise_objection(access=self.of(by, day), entry_id=entry.pk, text=text)


@pytest.fixture
def office(house: Company, db: None) -> Office:
    return Office(house)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``clock(instant)``: from now on it is then."""
    return lambda now: set_clock(monkeypatch, now)
