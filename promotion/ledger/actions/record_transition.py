"""One person's change of tier is written into the ledger."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from policy.tier_names import tier_names
from promotion.ledger.models import LedgerKind, LedgerLine, LedgerNote
from promotion.ledger.reasons import digest_of, new_salt
from promotion.ledger.selectors import standing_lines
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee

#: Kinds that say from which tier one comes, so that they need one.
_FROM_A_TIER = (LedgerKind.PROMOTION, LedgerKind.DEMOTION, LedgerKind.SKIP, LedgerKind.RESTORATION)


@transaction.atomic
def record_transition(
    *,
    access: Access,
    employee_id: int,
    kind: str,
    ladder: str,
    to_tier: str,
    effective_on: date,
    reason: str = "",
    replaces: int | None = None,
    policy_version_id: int | None = None,
    standing_month: Month | None = None,
) -> LedgerLine:
    """Appends a line. ``to_tier`` empty takes the person off the ladder; ``replaces``: the number of the line that a
    correction takes the place of; ``standing_month``: the month whose standing it rests on.

    Raises ``Refused`` (unknown kind, ladder or tier; a day before hiring or before the last transition; a correction
    without a line to replace, or without a reason) and ``Forbidden`` (not allowed, oneself, a superior, out of scope).
    """
    access.require_about(employee_id, Thing.LEDGER, Verb.UPDATE)
    # Two transitions of one person follow one another.
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    require_in_scope(access, employee, Verb.UPDATE, Thing.LEDGER)
    _check_words(kind, ladder, to_tier)
    if effective_on < employee.hired_on:
        raise Refused(
            _("%(day)s lies before the day of hiring, %(hired)s.") % {"day": effective_on, "hired": employee.hired_on},
            code="effective_on",
        )
    from_tier = (
        _correct(employee, replaces, reason) if kind == LedgerKind.CORRECTION else _follow(employee, kind, effective_on)
    )
    salt = new_salt() if reason else ""
    LedgerLine.objects.bulk_create([
        LedgerLine(
            seq=0, employee=employee, kind=kind, ladder=ladder, from_tier=from_tier, to_tier=to_tier,
            effective_on=effective_on, replaces_id=replaces, policy_version_id=policy_version_id,
            standing_month=standing_month, author_id=access.account_id, channel=access.channel,
            reason_digest=digest_of(salt, reason) if reason else "",
        )
    ])  # fmt: skip
    line = _appended(employee)
    if reason:
        LedgerNote.objects.create(line=line, salt=salt, text=reason)
    audit.record(
        access,
        "transition_recorded",
        object_type="ledger",
        object_key=line.seq,
        employee_id=employee.pk,
        before={"tier": from_tier},
        after={"tier": to_tier, "kind": kind, "ladder": ladder, "effective_on": effective_on.isoformat()},
    )
    return line


def _check_words(kind: str, ladder: str, to_tier: str) -> None:
    if kind not in LedgerKind.values:
        raise Refused(_("There is no kind of transition `%(kind)s`.") % {"kind": kind}, code="kind")
    tiers = [name.tier for name in tier_names() if name.ladder == ladder]
    if not tiers:
        raise Refused(_("There is no ladder `%(ladder)s`.") % {"ladder": ladder}, code="ladder")
    if to_tier and to_tier not in tiers:
        raise Refused(
            _("The ladder `%(ladder)s` has no tier `%(tier)s`; it has: %(tiers)s.")
            % {"ladder": ladder, "tier": to_tier, "tiers": ", ".join(tiers)},
            code="tier",
        )


def _correct(employee: Employee, replaces: int | None, reason: str) -> str:
    """The tier of the line that is replaced."""
    if not reason.strip():
        raise Refused(_("A correction takes a reason."), code="reason")
    line = standing_lines().filter(employee=employee, seq=replaces).first() if replaces else None
    if line is None:
        raise Refused(_("A correction names a line of this person that stands."), code="replaces")
    return line.to_tier


def _follow(employee: Employee, kind: str, effective_on: date) -> str:
    """The tier held until then. Raises ``Refused`` where the line would not be the person's last."""
    last = standing_lines().filter(employee=employee).order_by("-effective_on", "-seq").first()
    held = last.to_tier if last else ""
    if last is not None and effective_on < last.effective_on:
        raise Refused(
            _("The ledger has a transition on %(day)s already; what lies before it is put right by a correction.")
            % {"day": last.effective_on},
            code="effective_on",
        )
    if kind in _FROM_A_TIER and not held:
        raise Refused(_("The person has no tier yet; the first one is an entry."), code="kind")
    if kind == LedgerKind.ENTRY and held:
        raise Refused(_("The person has a tier already: %(tier)s.") % {"tier": held}, code="kind")
    return held


def _appended(employee: Employee) -> LedgerLine:
    """The line just written: the head row stays locked until the transaction ends, so it is the last one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM promotion_ledgerhead WHERE id = 1")
        return LedgerLine.objects.get(seq=cursor.fetchone()[0], employee=employee)
