"""A notice whose last day is over ends: every name without an open objection goes on to its effect."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import finish_step
from promotion.applications.models import NOTICE, Act, ApplicationState
from promotion.notices.models import Notice, NoticeEntry, NoticeState, Objection, ObjectionState
from promotion.notices.rights import require_ender
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb

_OVER = (ApplicationState.DECLINED, ApplicationState.HALTED, ApplicationState.WITHDRAWN)


def end_due_notices(*, access: Access) -> int:
    """Every one whose last day is over on the day of ``access``; how many names went on. Raises ``Forbidden``."""
    access.require(Thing.NOTICE, Verb.DECIDE)
    due = Notice.objects.filter(state=NoticeState.POSTED, ends_on__lt=access.day).order_by("pk")
    return sum(_end(access, pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def end_notice(*, access: Access, notice_id: int) -> Notice:
    """By HR, as the nightly job does it. A name with an open objection stays, and the notice with it, until it is answered.

    Raises ``Forbidden`` (not HR of the department; named on it), ``Refused`` (its last day is not over; ended already; nothing
    but names with open objections is left).
    """
    notice = Notice.objects.select_related("department").get(pk=notice_id)
    require_ender(access, notice)
    if notice.state == NoticeState.ENDED:
        raise Refused(_("%(number)s has ended.") % {"number": notice.number}, code="state")
    if access.day <= notice.ends_on:
        raise Refused(
            _("%(number)s stays posted until %(day)s, 24:00.") % {"number": notice.number, "day": notice.ends_on},
            code="early",
        )
    moved = _end(access, notice_id)
    notice.refresh_from_db()
    if not moved and notice.state == NoticeState.POSTED:
        raise Refused(_("An objection is open. Answer it first; until then the notice does not end."), code="open")
    return notice


@transaction.atomic
def _end(access: Access, notice_id: int) -> int:
    """In one transaction: names that went on, those that are over otherwise, and the notice's own end. Objections and answers
    wait for its row.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.state != NoticeState.POSTED or access.day <= notice.ends_on:
        return 0
    objected = set(
        Objection.objects.filter(entry__notice=notice, state=ObjectionState.OPEN).values_list("entry_id", flat=True)
    )
    entries = notice.entries.filter(taken_back_on=None).select_related("application__employee", "application__version")
    moved = 0
    for entry in entries.order_by("pk"):
        if entry.pk not in objected:
            moved += _settle(access, notice, entry)
    if not objected:
        ended_on = _ended_on(notice.ends_on, Objection.objects.filter(entry__notice=notice))
        Notice.objects.filter(pk=notice.pk).update(state=NoticeState.ENDED, ended_on=ended_on)
        audit.record(
            access, "notice_ended", object_type="notice", object_key=notice.pk,
            before={"state": NoticeState.POSTED}, after={"number": notice.number, "ended_on": ended_on.isoformat()},
        )  # fmt: skip
    return moved


def _settle(access: Access, notice: Notice, entry: NoticeEntry) -> bool:
    application = entry.application
    if application.state in _OVER:
        # It ended for reasons of its own meanwhile; a notice tells that it did, and not why.
        NoticeEntry.objects.filter(pk=entry.pk).update(taken_back_on=access.day)
    if application.state != ApplicationState.OPEN or application.step != NOTICE:
        return False
    ended_on = _ended_on(notice.ends_on, entry.objections.all())
    finish_step(
        access=access, application=application, step=NOTICE, act=Act.CLEARED,
        data={"notice": notice.number, "ended_on": ended_on.isoformat()}, key=f"notice:{notice.pk}:{application.pk}:cleared",
    )  # fmt: skip
    return True


def _ended_on(last_day: date, objections: object) -> date:
    """The last day, or the day of the last answer where that came later."""
    answered = objections.aggregate(last=Max("answered_at"))["last"]  # type: ignore[attr-defined]
    return max(last_day, timezone.localdate(answered)) if answered else last_day
