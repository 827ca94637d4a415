"""The one way in which a case moves: the row is claimed, the act is written down with its digest, and whoever it
concerns is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment.models import Case, CaseState
from promotion.cases.bounds import person_of
from promotion.cases.digests import digest_of
from promotion.cases.models import Audience, Outcome, Proceeding, ProceedingAct, ProceedingState
from promotion.ledger.reasons import new_salt
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.outbox import Message, tell
from staff.selectors.delegations import behalf_noted

LONGEST = 5000
#: What a decision must at least say, without its blanks.
LEAST = 20


@transaction.atomic
def move(
    *,
    access: Access,
    proceeding: Proceeding,
    where: Q,
    act: str,
    role: str,
    words: str = "",
    data: Mapping[str, Any] | None = None,
    audience: str = Audience.PARTIES,
    key: str | None = None,
    tells: Iterable[tuple[str, Iterable[int]]] = (),
    **changes: Any,
) -> Proceeding:
    """``where`` says what must still hold. ``tells``: kinds of messages with the accounts they go to.

    The same ``key`` again changes nothing. Raises ``Refused`` where the case stands elsewhere meanwhile, saying who was first.
    For the actions of this room: the right to act they have asked for themselves.
    """
    if done_before(proceeding, key):
        return proceeding
    before = proceeding.state
    if "state" in changes:
        changes["since"] = Now()
    if not Proceeding.objects.filter(where, pk=proceeding.pk).update(**changes or {"track": proceeding.track}):
        if done_before(proceeding, key):
            return proceeding
        proceeding.refresh_from_db()
        raise Refused(who_was_first(proceeding), code="state")
    proceeding.refresh_from_db()
    written = write_down(access, proceeding, act, role=role, words=words, data=data, audience=audience, key=key)
    if proceeding.state in (ProceedingState.CLOSED, ProceedingState.EFFECTIVE) and proceeding.restoration_id is None:
        _end(access, proceeding)
    audit.record(
        access, f"case_{act}", object_type="proceeding", object_key=proceeding.pk,
        employee_id=proceeding.case.employee_id, before={"state": before}, after={"state": proceeding.state},
    )  # fmt: skip
    tell(
        Message(f"{kind}:{proceeding.pk}:{written.pk}:{account}", account, kind, {"case": proceeding.pk})
        for kind, accounts in tells
        for account in accounts
        if account != access.account_id
    )
    return proceeding


def write_down(
    access: Access,
    proceeding: Proceeding,
    act: str,
    *,
    role: str,
    words: str = "",
    data: Mapping[str, Any] | None = None,
    audience: str = Audience.PARTIES,
    key: str | None = None,
) -> ProceedingAct:
    """One line of the course, with its digest."""
    salt, said, facts = new_salt(), words.strip(), {**(data or {}), **behalf_noted(access)}
    written: ProceedingAct = ProceedingAct.objects.create(
        proceeding=proceeding, act=act, by_id=access.account_id, role=role, day=access.day, audience=audience, words=said,
        data=facts, salt=salt, digest=digest_of(salt, act, said, facts), key=key,
    )  # fmt: skip
    return written


def done_before(proceeding: Proceeding, key: str | None) -> bool:
    """Whether this very act was done already. Raises ``Refused`` for the key of an act of another case."""
    act = ProceedingAct.objects.filter(key=key).first() if key else None
    if act is None:
        return False
    if act.proceeding_id != proceeding.pk:
        raise Refused(_("This key was used for another case. Every act has a key of its own."), code="key")
    proceeding.refresh_from_db()
    return True


def who_was_first(proceeding: Proceeding) -> str:
    """What stands in the way of an act that was possible a moment ago."""
    if proceeding.outcome == Outcome.WITHDRAWN or proceeding.state == ProceedingState.RESTORING:
        return _("The facts were corrected meanwhile and do not raise this case any more. Load the page again.")
    last = proceeding.acts.select_related("by__employee").last()
    told = {
        "state": proceeding.get_state_display(),
        "act": last.get_act_display() if last else _("raised"),
        "who": (last and last.by) or _("the system"),
        "when": timezone.localtime(last.at if last else proceeding.since).strftime("%Y-%m-%d %H:%M"),
    }
    return _("The case is at “%(state)s”: %(act)s by %(who)s at %(when)s. This cannot be done there.") % told


def said(words: str, least: int = 1) -> str:
    """Trimmed. Raises ``Refused`` where too little or too much is said; blanks do not count."""
    words = words.strip()
    has = len("".join(words.split()))
    if has < least:
        if least == 1:
            raise Refused(_("Say why: whoever is concerned reads it."), code="words")
        raise Refused(
            _(
                "At least %(least)s characters, %(has)s now. Say which facts it rests on, and what you hold of the statement."
            )
            % {"least": least, "has": has},
            code="words",
        )
    if len(words) > LONGEST:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code="words")
    return words


def state_in(*states: str) -> Q:
    return Q(state__in=states)


def _end(access: Access, proceeding: Proceeding) -> None:
    """The case itself ends with its course, in words without anything about the person."""
    with translation.override("zh-hans"):
        label = proceeding.get_outcome_display() if proceeding.outcome else proceeding.get_state_display()
    Case.objects.filter(pk=proceeding.pk, state=CaseState.OPEN).update(
        state=CaseState.DONE, note=str(label), handled_by=access.account_id, handled_at=Now()
    )
    proceeding.case.refresh_from_db()


def about(proceeding: Proceeding) -> str:
    return person_of(proceeding).name
