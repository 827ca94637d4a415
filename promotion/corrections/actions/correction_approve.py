"""A second person approves a correction, having seen what follows; or looks at what would."""

from __future__ import annotations

import hashlib
import json
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessment.actions.correction_request import as_number, days_of, facts_of
from assessment.actions.correction_turn_down import refuse_decided, require_checker
from assessment.models import EmployeeMonth
from assessment.models.corrections import Correction, CorrectionEffect, CorrectionState
from promotion.corrections.carry_out import carry_out, refuse_changed
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Absence


@dataclass(frozen=True, slots=True)
class Preview:
    """What would follow. ``digest`` names it: who approves says which they have seen."""

    effects: list[CorrectionEffect]
    digest: str


class _LookedAt(Exception):
    """Ends the transaction of a preview; nothing of it stays."""


def preview_correction(*, access: Access, correction: Correction) -> Preview:
    """Everything that rests on the fact, judged anew and taken back. For HR of the person.

    Raises ``Refused`` where it is settled, or the fact is not what it was when it was asked for; ``Forbidden``.
    """
    access.require(Thing.MONTH, Verb.UPDATE)
    require_in_scope(access, correction.employee, Verb.UPDATE, Thing.MONTH)
    found: list[CorrectionEffect] = []
    try:
        with transaction.atomic():
            # on a copy: the caller's own goes on saying that nobody has approved
            found = _carried(access, copy(correction), by=None)
            raise _LookedAt
    except _LookedAt:
        return Preview(found, _digest(found))


@transaction.atomic
def approve_correction(*, access: Access, correction: Correction, seen: str) -> Correction:
    """``seen`` is the digest of the preview that was read. The old results stay readable as the correction's effects.

    Raises ``Refused`` (settled meanwhile; other things follow than were seen), ``Forbidden`` (whoever asked for it, whoever
    it is about, out of scope).
    """
    require_checker(access, correction)
    effects = _carried(access, correction, by=access.account_id)
    if _digest(effects) != seen:
        raise Refused(
            _("What follows from it has changed since you looked. Look at it again, then approve."), code="seen"
        )
    correction.refresh_from_db()
    audit.record(
        access,
        "correction_approved",
        object_type="correction",
        object_key=correction.pk,
        employee_id=correction.employee_id,
        before=correction.before,
        after=correction.after,
    )
    _tell(correction)
    return correction


def _carried(access: Access, correction: Correction, *, by: int | None) -> list[CorrectionEffect]:
    """Claims it and carries it out. A preview has nobody who approves: a stand-in that is rolled back with the rest."""
    claimed = Correction.objects.filter(pk=correction.pk, state=CorrectionState.REQUESTED)
    decider = by if by is not None else _anybody_but(correction)
    if not claimed.update(state=CorrectionState.APPROVED, decided_by=decider, decided_at=Now(), began_at=Now()):
        refuse_decided(correction)
    _require_unchanged(correction)
    correction.refresh_from_db()
    carry_out(access, correction)
    return list(correction.effects.select_related("employee"))


def _anybody_but(correction: Correction) -> int | None:
    from staff.models import Account

    return Account.objects.exclude(pk=correction.requested_by_id).values_list("pk", flat=True).first()


def _require_unchanged(correction: Correction) -> None:
    """Raises ``Refused`` where an earlier correction has changed the fact since this one was asked for."""
    stands: Any = None
    if correction.of_absence:
        absence = Absence.objects.filter(pk=correction.absence or 0).first()
        stands = days_of(absence) if absence else None
    elif correction.event is not None:
        stands = facts_of(correction.event)
    else:
        row = EmployeeMonth.objects.filter(employee=correction.employee_id, month=correction.month).first()
        stands = as_number(getattr(row, f"s{correction.metric.slot}")) if row and correction.metric else None
    if stands != correction.before:
        refuse_changed()


def _digest(effects: list[CorrectionEffect]) -> str:
    rows = sorted(
        json.dumps(
            [e.kind, e.employee_id, e.department_id, e.policy, e.level, str(e.month), _key(e), e.before, e.after],
            sort_keys=True,
            ensure_ascii=False,
        )
        for e in effects
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _key(effect: CorrectionEffect) -> str:
    """A case that is raised has another number each time it is looked at."""
    return "" if effect.kind == "case" and effect.before is None else effect.key


def _tell(correction: Correction) -> None:
    """The person, whoever's tier, grade or standing it touches is the record's to say."""
    account = getattr(correction.employee, "account", None)
    if account is not None and account.is_active:
        tell([Message(f"correction:{correction.pk}", account.pk, "value_corrected", {"correction": correction.pk})])
