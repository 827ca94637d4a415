"""Rounds for the tables of doors: one that takes scores, with a sheet that nobody else may know of, and one that is closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from policy.models import PolicyVersion
from promotion.applications.models import Application
from promotion.applications.process import names_of, transition_to
from promotion.panels.models import Candidate, Judge, Recusal, Round, ScoreSheet
from staff.kernel.periods import Month
from staff.models import Account, Department, Employee
from tests.permissions.canaries import Secret

SHEET = [{"key": "speech", "zh": "演讲", "en": "Speech", "of": "100"}]
COMMENT, POINTS = "canary-of-a-score", "87.31"


def at_the_panel(person: Employee, department: Department, to: str = "diamond") -> Application:
    """Handed in, and at the defence."""
    version = PolicyVersion.objects.filter(key="info-service").latest("number")
    transition = transition_to(version, {}, to)
    found: Application = Application.objects.create(
        employee=person, department=department, kind="applied", version=version, from_tier=str(transition.source),
        to_tier=to, process=names_of(transition), state="open", step="defence", attempt=1,
        standing_month=Month.parse("2026-10"), frozen_digest="0" * 64,
        frozen={"outcome": "eligible", "conditions": [], "triggers": []},
        submitted_at=timezone.now(),
    )  # fmt: skip
    return found


def planted_round(person: Employee, department: Department, judge: Account, state: str) -> Round:
    """``open``: the judge has handed in a sheet, and was challenged in vain. ``closed``: the candidate is tied."""
    application, now = at_the_panel(person, department), timezone.now()
    round = Round.objects.create(
        step="defence", version=application.version, to_tier="diamond", department=department, sheet=SHEET, bar=80,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), state="open",
    )  # fmt: skip
    seat = Judge.objects.create(round=round, account=judge, stance="clear", declared_at=now)
    candidate = Candidate.objects.create(round=round, application=application, ordinal=1)
    Recusal.objects.create(
        judge=seat, candidate=candidate, by_candidate=True, words="?", upheld=False, answer="no", settled_at=now
    )
    comment = COMMENT if state == "open" else "well said"
    ScoreSheet.objects.create(
        judge=seat, candidate=candidate, points={"speech": POINTS}, comment=comment, total=Decimal(POINTS),
        submitted_at=now,
    )  # fmt: skip
    if state == "closed":
        Round.objects.filter(pk=round.pk).update(state="closed", closed_at=now, minutes="asked", vacancies=None)
        Candidate.objects.filter(pk=candidate.pk).update(outcome="tied", total=Decimal(POINTS), rank=1)
    return round


def of_an_open_round(readers: list[str]) -> Secret:
    return Secret("a score of an open round", (COMMENT,), frozenset(readers))
