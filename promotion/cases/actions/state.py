"""The person's statement on the letter, with files beside it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from promotion.cases.actions.move import done_before, move, said
from promotion.cases.bounds import person_of, require_own
from promotion.cases.models import CaseAct, Proceeding, ProceedingState, Track
from promotion.cases.owners import heads, hr_of
from staff.kernel.access import Access, Refused
from staff.kernel.attachments import File, keep_all
from staff.kernel.workdays import term_end

#: Working days within which the head decides (a reading).
DECIDE = 5


@transaction.atomic
def make_statement(
    *, access: Access, proceeding: Proceeding, words: str, files: Iterable[File] = (), key: str | None = None
) -> Proceeding:
    """Once, until the last day of the term at 24:00. Whoever decides takes it up.

    Raises ``Forbidden`` (another's), ``Refused`` (no words; too late; made already; a file that is not taken).
    """
    require_own(access, proceeding)
    if done_before(proceeding, key):
        return proceeding
    words = said(words)
    if (
        proceeding.state == ProceedingState.SERVED
        and proceeding.statement_due
        and access.day > proceeding.statement_due
    ):
        raise Refused(_("The letter could be answered until %(day)s.") % {"day": proceeding.statement_due}, code="late")
    due = term_end(access.day, DECIDE)
    told = hr_of(proceeding, access.day) if proceeding.track == Track.DISMISSAL else heads(proceeding, access.day)
    return move(
        access=access, proceeding=proceeding, where=Q(state=ProceedingState.SERVED, statement_due__gte=access.day),
        act=CaseAct.STATED, role="employee", words=words, data=kept_files(access, proceeding, files), key=key,
        state=ProceedingState.STATED, due_on=due, tells=[("case_stated", told)],
    )  # fmt: skip


def kept_files(access: Access, proceeding: Proceeding, files: Iterable[File]) -> dict[str, list[dict[str, object]]]:
    """``{"files": [{"id", "name", "sha256"}]}``; empty where there are none."""
    stored = keep_all(access, files, about_employee_id=person_of(proceeding).pk)
    found: list[dict[str, object]] = [{"id": one.pk, "name": one.name, "sha256": one.sha256} for one in stored]
    return {"files": found} if found else {}
