"""Whose turn it is in a course, in words for a list of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from promotion.cases.models import Proceeding, ProceedingState, Track
from staff.kernel.access import Access
from staff.models import Role

S = ProceedingState
#: States in which a role acts, whatever the track.
_ROLES = {
    S.PROPOSED: Role.HR, S.CHECKED: Role.HR, S.ARRANGED: Role.HR, S.REASSESSED: Role.HR, S.PLANNED: Role.SUPERVISOR,
    S.RESTORING: Role.GM,
}  # fmt: skip


def turns_of(access: Access, cases: Sequence[int]) -> dict[int, str]:
    """Case → whose turn it is on the day of ``access``, of those whose course the reader sees; while a term of the person
    runs, the person's. One query.
    """
    rows = Proceeding.objects.visible_to(access).filter(case__in=cases) if cases else ()
    return {row.case_id: said for row in rows if (said := _turn(row, access.day))}


def _turn(row: Proceeding, day: date) -> str:
    after = Role.HR if row.track == Track.DISMISSAL else Role.HEAD
    if row.state == S.SERVED and row.statement_due is not None and day <= row.statement_due:
        return _("the person until %(day)s, then: %(who)s") % {"day": row.statement_due, "who": after.label}
    if row.state in (S.SERVED, S.STATED):
        return str(after.label)
    if row.state == S.DECIDED and row.appeal_until is not None:
        return _("the person may appeal until %(day)s") % {"day": row.appeal_until}
    if row.state == S.APPEALED:
        return str(Role.GM.label) if row.decider_id is None else _("whoever HR has named")
    role = _ROLES.get(S(row.state))
    return str(role.label) if role is not None else ""
