"""What the teams have waiting goes to their groups: kept once a day, sent at least once."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime

from apprise import Apprise
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from staff.actions.messages_send import RETRY_AFTER
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.team_news import News, news_on
from staff.kernel.workdays import Workdays
from staff.models import Department, DepartmentClosure, Robot, RobotMessage

logger = logging.getLogger(__name__)


@transaction.atomic
def gather_news(*, access: Access) -> int:
    """One message a robot and working day, where something waits; the number that were new. Raises ``Forbidden``."""
    access.require(Thing.JOB, Verb.UPDATE)
    robots = list(Robot.objects.filter(enabled=True))
    if not robots or not Workdays.known().works(access.day):
        return 0
    news = news_on(access.day)
    names = dict(Department.objects.values_list("pk", "name"))
    below: dict[int, set[int]] = {}
    for above, under in DepartmentClosure.objects.values_list("ancestor_id", "descendant_id"):
        below.setdefault(above, set()).add(under)
    told = set(RobotMessage.objects.filter(day=access.day).values_list("robot_id", flat=True))
    with translation.override(settings.LANGUAGE_CODE):
        texts = {robot.pk: _text(robot, news, names, below) for robot in robots if robot.pk not in told}
    new = [RobotMessage(robot_id=pk, day=access.day, text=text) for pk, text in texts.items() if text]
    RobotMessage.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def speak_due(*, now: datetime, most: int = 50) -> int:
    """Sends up to ``most`` messages that are due; the number sent. Two senders at once share the work."""
    sent = 0
    for _turn in range(most):
        done = _speak_next(now)
        if done is None:
            break
        sent += done
    return sent


@transaction.atomic
def _speak_next(now: datetime) -> bool | None:
    """None where nothing is due. A process that dies between sending and marking sends once more, with the same number."""
    due = RobotMessage.objects.filter(sent_at__isnull=True, next_attempt_at__lte=now, attempts__lte=len(RETRY_AFTER))
    message = (
        due.filter(robot__enabled=True)
        .select_related("robot")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_attempt_at")
        .first()
    )
    if message is None:
        return None
    if _say(message):
        message.sent_at = now
    else:
        message.next_attempt_at = now + RETRY_AFTER[min(message.attempts, len(RETRY_AFTER) - 1)]
        message.attempts += 1
    message.save(update_fields=["sent_at", "attempts", "next_attempt_at"])
    return message.sent_at is not None


def _say(message: RobotMessage) -> bool:
    robot = message.robot
    address = f"{robot.kind}://{f'{robot.secret}@' if robot.secret else ''}{robot.token}"
    service = Apprise()
    if not service.add(address):
        logger.warning("a robot's address is not understood", extra={"robot": robot.pk})
        return False
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Promotion: what waits")
    body = f"{message.text}\n{settings.SITE_URL.rstrip('/')}/inbox/ · #{message.pk}"
    try:
        return bool(service.notify(title=title, body=body))
    except Exception:  # a robot that breaks keeps no other from speaking
        logger.warning("a robot could not speak", extra={"robot": robot.pk}, exc_info=True)
        return False


def _text(robot: Robot, news: list[News], names: dict[int, str], below: dict[int, set[int]]) -> str:
    """A line a kind and department of the robot's scope."""
    counted: Counter[tuple[str, int]] = Counter()
    said = {}
    for one in news:
        if robot.department_id is None or one.department_id in below.get(robot.department_id, set()):
            key = (one.kind, one.department_id)
            counted[key] += one.number
            said[key] = one.said
    return "\n".join(said[key](n, names[key[1]]) for key, n in counted.items())
