"""A correction that waits is declined by another, or taken back by whoever asked for it."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import LONGEST
from assessment.models.corrections import Correction, CorrectionState
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb


@transaction.atomic
def decline_correction(*, access: Access, correction: Correction, words: str) -> Correction:
    """The fact stays as it was sealed. Raises ``Refused`` (no words, decided meanwhile), ``Forbidden``."""
    require_checker(access, correction)
    words = words.strip()
    if not words:
        raise Refused(_("Say why it is declined."), code="words")
    if len(words) > LONGEST:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code="words")
    decided = Correction.objects.filter(pk=correction.pk, state=CorrectionState.REQUESTED).update(
        state=CorrectionState.DECLINED, decided_by=access.account_id, decided_at=Now(), words=words
    )
    return _settled(access, correction, decided, "correction_declined")


@transaction.atomic
def withdraw_correction(*, access: Access, correction: Correction) -> Correction:
    """By whoever asked for it, while it waits. Raises ``Refused`` (decided meanwhile), ``Forbidden`` (another's)."""
    if access.account_id != correction.requested_by_id:
        raise Forbidden(_("Whoever asked for a correction takes it back; you may decline it."))
    gone = Correction.objects.filter(pk=correction.pk, state=CorrectionState.REQUESTED).update(
        state=CorrectionState.WITHDRAWN
    )
    return _settled(access, correction, gone, "correction_withdrawn")


def require_checker(access: Access, correction: Correction) -> None:
    """Raises ``Forbidden`` for whoever may not decide, whoever asked, and whoever it is about."""
    access.require_about(correction.employee_id, Thing.MONTH, Verb.DECIDE)
    require_in_scope(access, correction.employee, Verb.DECIDE, Thing.MONTH)
    if access.account_id == correction.requested_by_id:
        raise Forbidden(_("Another approves what you asked for. Ask a colleague of HR."))


def refuse_decided(correction: Correction) -> None:
    """Raises ``Refused``: whoever comes second is told that it was settled, and by whom."""
    correction.refresh_from_db()
    who = correction.decided_by or correction.requested_by
    raise Refused(
        _("It is %(state)s by %(who)s already.") % {"state": correction.get_state_display(), "who": who}, code="state"
    )


def _settled(access: Access, correction: Correction, done: int, action: str) -> Correction:
    if not done:
        refuse_decided(correction)
    correction.refresh_from_db()
    audit.record(
        access,
        action,
        object_type="correction",
        object_key=correction.pk,
        employee_id=correction.employee_id,
        before={"state": CorrectionState.REQUESTED},
        after={"state": correction.state},
    )
    return correction
