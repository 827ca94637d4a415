"""The jobs. Each is one call to an action; the clock is read here, at the edge."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from assessment.actions.cases_raise import raise_missing_cases
from assessment.actions.feedback_answer import lapse_feedback
from assessment.actions.months_close_due import close_due_months
from assessment.actions.periods_assess import assess_ended
from assessment.actions.results_assess import assess_month
from promotion.applications.actions.take_effect import take_effects
from promotion.bell import ring as ring_bell
from promotion.cases.actions.take_effect import take_demotions
from promotion.notices.actions.notice_end import end_due_notices
from promotion.sweep.actions.findings_tell import tell_hr_to_seal
from promotion.sweep.actions.shard_work import close_runs, open_shards, work_one
from promotion.sweep.actions.sweep_request import request_sweep
from promotion.sweep.selectors import months_to_keep
from staff.actions.calendar_fill import fill_calendar
from staff.actions.digests_send import gather_digests, send_digests
from staff.actions.messages_send import send_due
from staff.actions.overdue_remind import remind_overdue
from staff.actions.request_answer import forget_answers
from staff.actions.robots_speak import gather_news, speak_due
from staff.actions.uploads_expire import expire_uploads
from staff.kernel.access import Access
from staff.kernel.periods import Month


@shared_task(name="promotion.tasks.nightly")
def nightly() -> None:
    """Ends intakes whose window is over; assesses and judges anew what new facts touched, in every month that is kept up to
    date; raises cases of record that nobody has raised; drops old uploads and answers; sends what is due.
    """
    access = Access.system(timezone.localdate(), "nightly")
    close_due_months(access=access, now=timezone.now())
    for month in months_to_keep(access.day):
        assess_month(access=access, month=month)
        request_sweep(access=access, month=month)
    assess_ended(access=access)
    raise_missing_cases(access=access)
    end_due_notices(access=access)
    take_effects(access=access)
    take_demotions(access=access)
    fill_calendar(access=access)
    lapse_feedback(access=access)
    remind_overdue(access=access)
    gather_news(access=access)
    expire_uploads(now=timezone.now())
    forget_answers(now=timezone.now())
    send_due(now=timezone.now())


@shared_task(name="promotion.tasks.monthly_sweep")
def monthly_sweep() -> None:
    """Assesses and sweeps the month that has just closed (provisional until HR seals it), assesses the quarter and the year
    that have ended, and reminds HR to seal.
    """
    access = Access.system(timezone.localdate(), "monthly sweep")
    month = Month.of(access.day).previous
    assess_month(access=access, month=month)
    assess_ended(access=access)
    request_sweep(access=access, month=month)
    tell_hr_to_seal(month=month, day=access.day)
    send_due(now=timezone.now())


@shared_task(name="promotion.tasks.ring")
def ring() -> None:
    """Rings for whatever is open: a lost bell, a dead worker and a broker that was down all end here."""
    close_runs()
    ring_bell(open_shards().count())
    send_due(now=timezone.now())
    send_digests(now=timezone.now())
    speak_due(now=timezone.now())


@shared_task(name="promotion.tasks.morning_mail")
def morning_mail() -> None:
    """On a working morning, one mail to each who wants it and for whom something waits; a part of the people each time."""
    gather_digests(access=Access.system(timezone.localdate(), "morning mail"))
    send_digests(now=timezone.now())


@shared_task(name="promotion.tasks.work")
def work() -> None:
    """One shard; then a bell for the next."""
    if work_one():
        ring_bell(1)
