"""The one schedule of periodic jobs. Beat only rings: each task looks in the database for what is due.

It is seeded into django-celery-beat after every migration. What the operator changed in the admin (time, on or off)
stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_noop


@dataclass(frozen=True)
class Job:
    """A periodic task, at a minute and hour of the company's time zone; ``"*"`` is each."""

    name: str
    task: str
    description: str
    minute: str
    hour: str = "*"
    day_of_month: str = "*"


JOBS = (
    Job(
        "nightly",
        "promotion.tasks.nightly",
        gettext_noop("Every night: judges anew whom new facts touch, sends what is due"),
        "10",
        "2",
    ),
    Job(
        "monthly sweep",
        "promotion.tasks.monthly_sweep",
        gettext_noop("Every month: sweeps the month that has closed, reminds HR to seal"),
        "40",
        "2",
        "1",
    ),
    Job(
        "morning mail",
        "promotion.tasks.morning_mail",
        gettext_noop("On working mornings, every five minutes: the daily mail of what waits, to whoever wants it"),
        "*/5",
        "8-9",
    ),
    Job("retry bell", "promotion.tasks.ring", gettext_noop("Every minute: takes up work that is not done yet"), "*"),
)


def seed(using: str = "default") -> int:
    """Add the jobs that the database does not have yet; the number added."""
    from django_celery_beat.models import CrontabSchedule, PeriodicTask

    added = 0
    for job in JOBS:
        if PeriodicTask.objects.using(using).filter(name=job.name).exists():
            continue
        times, _ = CrontabSchedule.objects.using(using).get_or_create(
            minute=job.minute,
            hour=job.hour,
            day_of_month=job.day_of_month,
            month_of_year="*",
            day_of_week="*",
            timezone=settings.TIME_ZONE,
        )
        PeriodicTask.objects.using(using).create(
            name=job.name, task=job.task, crontab=times, description=job.description
        )
        added += 1
    return added
