"""The steps of a clause of dismissal. The product dismisses nobody and prepares no resignation: it keeps what people did."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from promotion.applications.owners import account_of, supervisor_of
from promotion.cases.actions.move import LEAST, done_before, move, said
from promotion.cases.bounds import HR, person_of, require_as
from promotion.cases.models import Audience, CaseAct, Outcome, Proceeding, ProceedingState, Track
from staff.kernel.access import Access, Refused, Verb

S = ProceedingState


@transaction.atomic
def arrange(*, access: Access, proceeding: Proceeding, words: str, until: date, key: str | None = None) -> Proceeding:
    """Training or another post, dated, after the person was heard. Also under protection.

    Raises ``Forbidden``; ``Refused`` (the term of the statement not over, a day that has gone by, stands elsewhere).
    """
    require_as(access, proceeding, HR, Verb.UPDATE)
    if done_before(proceeding, key):
        return proceeding
    words = said(words)
    if until <= access.day:
        raise Refused(_("It lasts until a day to come."), code="until")
    heard = Q(state=S.STATED) | Q(state=S.SERVED, statement_due__lt=access.day)
    person = person_of(proceeding)
    return move(
        access=access, proceeding=proceeding, where=Q(heard, track=Track.DISMISSAL), act=CaseAct.ARRANGED, role="hr",
        words=words, data={"until": until.isoformat()}, audience=Audience.PLAN, key=key, state=S.ARRANGED,
        arranged_until=until, due_on=until,
        tells=[("case_arranged", [*account_of(person.pk), *supervisor_of(person, access.day)])],
    )  # fmt: skip


@transaction.atomic
def reassess(*, access: Access, proceeding: Proceeding, words: str, key: str | None = None) -> Proceeding:
    """What the months since say. Raises ``Forbidden``; ``Refused`` (under protection; what was arranged is not over)."""
    require_as(access, proceeding, HR, Verb.UPDATE)
    if done_before(proceeding, key):
        return proceeding
    words = said(words)
    require_unprotected(proceeding)
    if proceeding.arranged_until is not None and access.day <= proceeding.arranged_until:
        raise Refused(_("What was arranged lasts until %(day)s.") % {"day": proceeding.arranged_until}, code="early")
    return move(
        access=access, proceeding=proceeding, act=CaseAct.REASSESSED, role="hr", words=words, key=key,
        where=Q(state=S.ARRANGED, track=Track.DISMISSAL, protected=False, arranged_until__lt=access.day),
        state=S.REASSESSED, due_on=None,
        tells=[("case_reassessed", account_of(person_of(proceeding).pk))],
    )  # fmt: skip


@transaction.atomic
def record_outcome(
    *, access: Access, proceeding: Proceeding, words: str, counsel: str, key: str | None = None
) -> Proceeding:
    """What HR did by law, with counsel's note. It has no effect in the product. Protection is answered anew after
    the assessment.

    Raises ``Forbidden``; ``Refused`` (under protection, or not asked anew; too few words; no note of counsel's).
    """
    require_as(access, proceeding, HR, Verb.UPDATE)
    if done_before(proceeding, key):
        return proceeding
    words = said(words, LEAST)
    if not counsel.strip():
        raise Refused(_("Counsel's note is missing."), code="counsel")
    require_unprotected(proceeding)
    assessed = proceeding.acts.filter(act=CaseAct.REASSESSED).order_by("-pk").first()
    checked = proceeding.acts.filter(act=CaseAct.CHECKED).order_by("-pk").first()
    if assessed is not None and (checked is None or checked.pk < assessed.pk):
        raise Refused(
            _("Answer the items of protection anew: they were answered before the new assessment."), code="protection"
        )
    return move(
        access=access, proceeding=proceeding, where=Q(state=S.REASSESSED, protected=False, checks=F("checks")),
        act=CaseAct.RECORDED, role="hr", words=words, data={"counsel": counsel.strip()}, audience=Audience.HR, key=key,
        state=S.CLOSED, outcome=Outcome.RECORDED, due_on=None,
        tells=[("case_recorded", account_of(person_of(proceeding).pk))],
    )  # fmt: skip


def require_unprotected(proceeding: Proceeding) -> None:
    """Raises ``Refused``: a hard stop, which nobody waives."""
    if proceeding.protected is not False:
        raise Refused(
            _("Under protection (Labour Contract Law, art. 42) this case goes no further. There is no way around it: when the "
              "ground has ended, answer the items anew."),
            code="protected",
        )  # fmt: skip
