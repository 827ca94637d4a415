"""Words that stand in one place of the database each, and what an answer shows of them: whoever meets one met the secret.

A secret is planted through the actions where there is one, so that the trail holds it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

from allauth.mfa.models import Authenticator
from django.utils import timezone

from assessment.actions.event_save import save_event
from assessment.models import Doubt, EventKind, Metric
from payroll.actions.pay_record_save import save_pay_record
from staff.actions.absence_save import save_absence
from staff.actions.person_change import change
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Account, ApiToken, Employee

#: What nobody reads through any door.
NOBODY: frozenset[str] = frozenset()
SECOND_FACTOR, DIGEST = "gAAAAcanarysealedsecret", "c0ffee" * 10 + "cafe"


@dataclass(frozen=True, slots=True)
class Secret:
    """``texts``: every way in which a page would write it. ``readers``: the accounts that may meet it. ``printed``: routes on
    which the bare word stands for everybody, about nobody.
    """

    what: str
    texts: tuple[str, ...]
    readers: frozenset[str]
    printed: tuple[str, ...] = ()

    def met(self, body: str) -> list[str]:
        return [text for text in self.texts if text in body]


@dataclass(frozen=True, slots=True)
class Planted:
    """What was planted about one person. Figures differ from person to person by ``at``, below ten."""

    person: Employee
    at: int

    @property
    def pay(self) -> Decimal:
        return Decimal(f"73{self.at}6.42")

    @property
    def born(self) -> date:
        return date(1987, 2, 11 + self.at)

    @property
    def away(self) -> date:
        return date(2025, 3, 11 + self.at)

    @property
    def note(self) -> str:
        return f"canary-note-{self.at}"

    @property
    def doubt(self) -> str:
        return f"canary-doubt-{self.at}"

    def secrets(self, pay: Iterable[str], sensitive: Iterable[str], doubts: Iterable[str]) -> list[Secret]:
        """Days away are told to whoever reads their kind, and by the trail, without it, to the general manager."""
        no = self.person.employee_no
        return [
            Secret(f"the pay of {no}", _figures(self.pay), frozenset(pay)),
            Secret(f"the birth date of {no}", _days(self.born), frozenset(sensitive)),
            Secret(f"the absence of {no}", _days(self.away), frozenset(sensitive) | {"gm"}),
            Secret(f"the note on {no}", (self.note,), frozenset(sensitive)),
            Secret(f"the doubt of {no}", (self.doubt,), frozenset(doubts)),
        ]


def plant(access: Access, person: Employee, at: int, *, month: Month) -> Planted:
    """One of everything that is secret about the person."""
    planted = Planted(person, at)
    change(access=access, employee=person, changes={"birth_date": planted.born}, reason="canary")
    save_absence(access=access, employee=person, first_day=planted.away, last_day=planted.away, kind="injury")
    save_pay_record(
        access=access, employee=person, starts_on=date(2025, 1, 1), base=planted.pay, post_wage=None, performance=None
    )  # fmt: skip
    save_event(
        access=access, employee=person, event_no=f"CANARY-{at}", day=date(2026, 9, 3), note=planted.note,
        kind=EventKind.objects.get(key="complaint"), status="upheld",
    )  # fmt: skip
    Doubt.objects.create(
        employee=person, month=month, metric=Metric.objects.get(key="excellent_cases"), text=planted.doubt, shown="2"
    )  # fmt: skip
    return planted


def plant_sign_in(account: Account) -> list[Secret]:
    """A second factor and a token: what they rest on is shown to nobody, not even to whoever they belong to."""
    Authenticator.objects.create(user=account, type="totp", data={"secret": SECOND_FACTOR})
    ApiToken.objects.create(
        account=account, name="feed", hint="jsk_", digest=DIGEST, scopes=["people:read"],
        expires_at=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    return [Secret("a second factor", (SECOND_FACTOR,), NOBODY), Secret("a token's digest", (DIGEST,), NOBODY)]


def kind_of_absence(readers: Iterable[str]) -> Secret:
    """Only whoever reads absences at all meets the word: it also stands in their filters and forms."""
    return Secret("a kind of absence", ("injury", "工伤"), frozenset(readers), printed=("schema",))


def amounts(what: str, amounts: Iterable[Decimal], readers: Iterable[str]) -> Secret:
    return Secret(what, tuple(text for amount in amounts for text in _figures(amount)), frozenset(readers))


def told(response: Any) -> str:
    """Everything that the answer holds: where it leads, and the parts of a workbook too."""
    body = response.getvalue() if response.streaming else response.content
    if is_zipfile(BytesIO(body)):
        with ZipFile(BytesIO(body)) as parts:
            body = b"\n".join(parts.read(name) for name in parts.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return headers + "\n" + body.decode(errors="ignore")


def leaks(response: Any, who: str, secrets: Iterable[Secret], route: str = "") -> list[str]:
    """What the answer tells to an account that may not know it."""
    body = told(response)
    kept = [one for one in secrets if who not in one.readers and route not in one.printed]
    return [f"{one.what} ({text})" for one in kept for text in one.met(body)]


def _figures(amount: Decimal) -> tuple[str, ...]:
    return (str(amount), f"{amount:,}")


def _days(day: date) -> tuple[str, ...]:
    """As a file, a Chinese page, an English page and a workbook's cell write it."""
    return (
        day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%B} {day.day}, {day.year}",
        f">{(day - date(1899, 12, 30)).days}<",
    )  # fmt: skip
