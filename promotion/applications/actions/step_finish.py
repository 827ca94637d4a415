"""The one way in which an application moves: a step is done, the end is reached early, or it goes back to a step.

Whoever calls has asked for the right to do it; here it is only seen to that it is done once, in order, and told. The row is
claimed by a conditional UPDATE: whoever comes second is told who was first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, Q, Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.applications.models import (
    DECISION,
    EFFECT,
    NOTICE,
    Act,
    Application,
    ApplicationEvent,
    ApplicationState,
)
from promotion.applications.owners import account_of, accounts_at, managers_of
from promotion.applications.process import PANELS, days_of, next_step
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.outbox import Message, tell
from staff.kernel.periods import Month
from staff.kernel.workdays import term_end
from staff.selectors.delegations import behalf_noted

#: While it was handed in and is not settled.
HANDED_IN = (ApplicationState.OPEN, ApplicationState.RETURNED)
#: What whoever acts next is told.
_ASKED = {
    "opinion": "opinion_asked", "review": "review_asked", DECISION: "decision_asked", NOTICE: "notice_asked",
    **dict.fromkeys(PANELS, "round_asked"),
}  # fmt: skip
#: What the person is told.
_TOLD = {
    Act.RETURNED: "application_returned", Act.DECLINED: "application_declined", Act.HALTED: "application_halted",
    Act.APPROVED: "application_approved", Act.EFFECTIVE: "application_effective",
}  # fmt: skip
#: In which of their roles somebody acts, by the act; a decline is by the step.
_AS: Mapping[str, tuple[str, ...]] = {
    Act.OPENED: ("hr",), Act.NOMINATED: ("hr",), Act.CONFIRMED: ("hr",), Act.ARRANGED: ("hr",), Act.PASSED: ("hr",),
    Act.UNSEATED: ("hr",),
    Act.POSTED: ("hr",), Act.CLEARED: ("hr",), Act.UPHELD: ("gm", "hr"), Act.OPINED: ("supervisor", "head"),
    Act.REVIEWED: ("head",), Act.RETURNED: ("head", "hr"), Act.APPROVED: ("gm",), Act.HALTED: ("hr",),
    Act.ACCEPTED: ("employee",), Act.SUBMITTED: ("employee",), Act.WITHDRAWN: ("employee",),
}  # fmt: skip
_DECLINES: Mapping[str, tuple[str, ...]] = {"review": ("head",), "opinion": ("supervisor", "head"), DECISION: ("gm",)}


@transaction.atomic
def finish_step(
    *,
    access: Access,
    application: Application,
    step: str,
    act: str,
    words: str = "",
    public: bool = True,
    data: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Application:
    """From ``step`` on to the next one of its process; ``facts`` are kept beside what the process has yielded before.

    Whoever acts next is told. When the notice is over (``Act.CLEARED``) the day of the effect is set: the first of the month
    after ``data["ended_on"]`` (ISO; without it after the day of ``access``), and never a day that has gone by.
    The same ``key`` again returns the application as it is. Raises ``Refused`` where it stands elsewhere meanwhile.
    """
    onward = next_step(application.process, step)
    changes: dict[str, Any] = {"step_after": onward, "due_on": due_on(application, onward, access.day)}
    if facts:
        changes["facts"] = merged(facts)
    if onward == EFFECT:
        changes["effective_on"] = _effect_after(access.day, data or {})
    return move(
        access=access, application=application, where=at(step), act=act, step=step, words=words, public=public, data=data,
        key=key, **changes,
    )  # fmt: skip


@transaction.atomic
def decline(
    *,
    access: Access,
    application: Application,
    step: str,
    words: str,
    clause: str = "",
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Application:
    """It ends at ``step`` with a reason, by a clause where one says so; the person may appeal.

    Raises ``Refused`` where no reason is given, or it stands elsewhere meanwhile.
    """
    return move(
        access=access, application=application, where=at(step), act=Act.DECLINED, step=step, words=reasoned(words),
        data={**(data or {}), **({"clause": clause} if clause else {})}, key=key,
        state=ApplicationState.DECLINED, step_after="", due_on=None, closed_at=Now(), reason=words.strip(), clause=clause,
    )  # fmt: skip


@transaction.atomic
def halt(*, access: Access, application: Application, words: str, clause: str) -> Application:
    """What happened meanwhile ends it, wherever it stands after it was handed in: a clause of demotion is met.

    Raises ``Refused`` where it is settled, or was never handed in.
    """
    return move(
        access=access, application=application, where=Q(state__in=HANDED_IN), act=Act.HALTED, step=application.step,
        words=reasoned(words), data={"clause": clause} if clause else None,
        state=ApplicationState.HALTED, step_after="", due_on=None, closed_at=Now(), reason=words.strip(), clause=clause,
    )  # fmt: skip


@transaction.atomic
def return_to(
    *, access: Access, application: Application, step: str, back_to: str, act: str, words: str, key: str | None = None
) -> Application:
    """Back from ``step`` to an earlier one, as when an objection to a notice is upheld. Whoever acts there is told again.

    Raises ``Refused`` where no reason is given, or it stands elsewhere meanwhile; ``LookupError`` for a step that does not
    come before.
    """
    if back_to not in application.process[: application.process.index(step)]:
        raise LookupError(back_to)
    return move(
        access=access, application=application, where=at(step), act=act, step=step, words=reasoned(words), key=key,
        step_after=back_to, due_on=due_on(application, back_to, access.day), effective_on=None,
    )  # fmt: skip


def at(step: str) -> Q:
    """Under way, at that very step."""
    return Q(state=ApplicationState.OPEN, step=step)


def merged(facts: Mapping[str, Any]) -> Func:
    """What the process has yielded, with these beside it, whatever was written meanwhile."""
    return Func(F("facts"), Value(dict(facts), JSONField()), template="(%(expressions)s)", arg_joiner=" || ")


def due_on(application: Application, step: str, day: date) -> date | None:
    """The last day of whoever acts at the step, if it begins on ``day``."""
    days = days_of(application, step)
    return None if days is None else term_end(day, days)


def move(
    *,
    access: Access,
    application: Application,
    where: Q,
    act: str,
    step: str = "",
    words: str = "",
    public: bool = True,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    step_after: str | None = None,
    **changes: Any,
) -> Application:
    """The claim, the event, the entry of the trail and the messages of one act. ``where`` says what must still hold;
    ``step`` where it stood. For the actions of this room; others call ``finish_step`` and its like.
    """
    if done_before(application, key):
        return application
    before = {"state": application.state, "step": application.step}
    if step_after is not None:
        changes["step"] = step_after
    if not Application.objects.filter(where, pk=application.pk).update(step_since=_since(access.day), **changes):
        if done_before(application, key):
            return application
        raise Refused(who_was_first(application), code="state")
    application.refresh_from_db()
    event = note(access, application, act, step=step, words=words, public=public, data=data, key=key)
    audit.record(
        access, f"application_{act}", object_type="application", object_key=application.pk,
        employee_id=application.employee_id, before=before,
        after={"state": application.state, "step": application.step},
    )  # fmt: skip
    _tell(access, application, event, moved="step" in changes)
    return application


def _since(day: date) -> datetime:
    """The instant as of the day of the act: terms are counted from that day, also where it is not today."""
    now = timezone.localtime()
    return now if day == now.date() else datetime.combine(day, now.time(), now.tzinfo)


def note(
    access: Access,
    application: Application,
    act: str,
    *,
    step: str = "",
    words: str = "",
    public: bool = True,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> ApplicationEvent:
    """One line of the timeline. It moves nothing."""
    roles = _DECLINES.get(step, ("hr",)) if act == Act.DECLINED else _AS.get(act, ())
    if act == Act.SUBMITTED and not application.own_person_hands_in:
        roles = ("hr",)
    event: ApplicationEvent = ApplicationEvent.objects.create(
        application=application, act=act, step=step, attempt=application.attempt, by_id=access.account_id,
        role=next((role for role in roles if role in access.roles), ""), words=words.strip(), public=public,
        data={**(data or {}), **behalf_noted(access)}, key=key,
    )  # fmt: skip
    return event


def done_before(application: Application, key: str | None) -> bool:
    """Whether this very act was done already; the application is then read anew. Raises ``Refused`` for another's key."""
    event = ApplicationEvent.objects.filter(key=key).first() if key else None
    if event is None:
        return False
    if event.application_id != application.pk:
        raise Refused(_("This key was used for another application. Every act has a key of its own."), code="key")
    application.refresh_from_db()
    return True


def reasoned(words: str) -> str:
    """Trimmed. Raises ``Refused`` where nothing is said."""
    if not words.strip():
        raise Refused(_("Say why: the person reads it, and may answer it."), code="words")
    return words.strip()


def who_was_first(application: Application) -> str:
    """What stands in the way of an act that was possible a moment ago: what was done, by whom, when."""
    last = application.events.select_related("by__employee").last()
    if last is None:
        return _("It is not handed in yet.")
    told = {
        "number": application.number,
        "act": last.get_act_display(),
        "who": last.by or _("the system"),
        "when": timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M"),
    }
    return _("%(number)s stands elsewhere meanwhile: %(act)s by %(who)s at %(when)s. Load the page again.") % told


def _effect_after(day: date, data: Mapping[str, Any]) -> date:
    ended = date.fromisoformat(data["ended_on"]) if "ended_on" in data else day
    first = Month.of(ended).next.first_day
    return first if first >= day else Month.of(day).next.first_day


def _tell(access: Access, application: Application, event: ApplicationEvent, *, moved: bool) -> None:
    found: list[tuple[str, Iterable[int]]] = []
    kind = _TOLD.get(Act(event.act))
    if kind:
        found.append((kind, account_of(application.employee_id)))
    elif event.act in (Act.SUBMITTED, Act.CONFIRMED) and access.employee_id != application.employee_id:
        found.append(("application_submitted", account_of(application.employee_id)))
    if moved and application.state == ApplicationState.OPEN and application.step in _ASKED:
        asked = _ASKED[application.step]
        if application.step == DECISION and not managers_of(application, access.day):
            asked = "application_without_decider"
        found.append((asked, accounts_at(application, application.step, access.day)))
    tell(
        Message(
            f"application:{application.pk}:{event.pk}:{kind}:{account}", account, kind, {"application": application.pk}
        )
        for kind, accounts in found
        for account in accounts
        if account != access.account_id
    )
