"""Applications for the tables of who may see what: one that has been withdrawn, and one before a panel that has closed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from policy.models import PolicyVersion
from promotion.applications.models import Application
from promotion.panels.models import Candidate, Round
from staff.models import DepartmentPeriod, Employee

_PROCESS = ["application", "review", "defence", "decision", "public_notice", "effect"]


def withdrawn_by(person: Employee) -> Application:
    placed = DepartmentPeriod.objects.filter(employee=person).latest("period")
    version = PolicyVersion.objects.filter(key="info-service").latest("number")
    found: Application = Application.objects.create(
        employee=person, department_id=placed.department_id, kind="applied", version=version, from_tier="star",
        to_tier="diamond", process=_PROCESS, state="withdrawn", closed_at=timezone.now(),
    )  # fmt: skip
    return found


def sat_before_a_panel(application: Application, state: str = "closed") -> Candidate:
    """With a total that only a closed round tells."""
    now, closed = timezone.now(), state == "closed"
    sitting = Round.objects.create(
        step="defence", version=application.version, to_tier="diamond", department=application.department, sheet=[],
        opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1), state=state,
        closed_at=now if closed else None,
    )  # fmt: skip
    found: Candidate = Candidate.objects.create(
        round=sitting, application=application, ordinal=1, total="71.23", rank=1, outcome="failed"
    )
    return found
