"""The operator moves a periodic job to another time, or switches it on or off."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb


@transaction.atomic
def change_schedule(
    *, access: Access, task: PeriodicTask, enabled: bool, minute: str, hour: str, day_of_month: str
) -> PeriodicTask:
    """Times as cron writes them, in the company's time zone. Beat reads them within seconds.

    Raises ``Refused`` (what cron does not understand), ``Forbidden``.
    """
    access.require(Thing.JOB, Verb.UPDATE)
    times = {"minute": minute, "hour": hour, "day_of_month": day_of_month, "day_of_week": "*", "month_of_year": "*"}
    wanted = CrontabSchedule(timezone=settings.TIME_ZONE, **times)
    try:
        wanted.full_clean(exclude=["timezone"])
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise Refused(" ".join(problems), code=field) from error
    before = _facts(task)
    task.crontab, _made = CrontabSchedule.objects.get_or_create(timezone=settings.TIME_ZONE, **times)
    task.enabled = enabled
    if before == _facts(task):
        return task
    task.save()
    audit.record(access, "schedule_changed", object_type="job", object_key=task.name, before=before, after=_facts(task))
    return task


def _facts(task: PeriodicTask) -> dict[str, object]:
    cron = task.crontab
    times = f"{cron.minute} {cron.hour} {cron.day_of_month}" if cron else None
    return {"enabled": task.enabled, "times": times}
