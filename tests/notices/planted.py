"""Notices for the tables of doors: one that runs, with an objection that is open."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from policy.models import PolicyVersion
from promotion.applications.models import Application
from promotion.notices.models import Notice, NoticeEntry, Objection
from staff.models import Account, Department, Employee


def planted_notice(person: Employee, department: Department, by: Account) -> Notice:
    """About somebody who has withdrawn since, so that their record is free for other tables."""
    version, now = PolicyVersion.objects.filter(key="info-service").latest("number"), timezone.now()
    application = Application.objects.create(
        employee=person, department=department, kind="applied", version=version, from_tier="star", to_tier="diamond",
        process=["application", "decision", "public_notice", "effect"], state="withdrawn", closed_at=now,
    )  # fmt: skip
    today = timezone.localdate()
    notice: Notice = Notice.objects.create(
        year=today.year, serial=Notice.objects.count() + 1, version=version, department=department,
        posted_on=today - timedelta(days=1), days=5, ends_on=today + timedelta(days=6), digest="0" * 64,
    )  # fmt: skip
    entry = NoticeEntry.objects.create(
        notice=notice, application=application, name=person.name, employee_no=person.employee_no,
        department=str(department), from_tier="star", to_tier="diamond", clauses="四.2",
    )  # fmt: skip
    Objection.objects.create(entry=entry, by=by, text="Facts and grounds")
    return notice
