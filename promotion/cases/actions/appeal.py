"""The person appeals against a demotion; HR names an outsider where nobody else is left; another decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from promotion.applications.owners import account_of
from promotion.cases.actions.move import LEAST, done_before, move, said, state_in
from promotion.cases.actions.state import kept_files
from promotion.cases.bounds import HR, bound, person_of, require_appeal_decision, require_as, require_own
from promotion.cases.models import Audience, CaseAct, Outcome, Proceeding, ProceedingState
from promotion.cases.owners import deciders_of, heads, hr_of
from staff.kernel.access import Access, Refused, Verb
from staff.kernel.attachments import File
from staff.kernel.workdays import term_end
from staff.models import Account

#: Working days within which the appeal is decided (a reading).
ANSWER = 10
S = ProceedingState


@transaction.atomic
def raise_appeal(
    *, access: Access, proceeding: Proceeding, words: str, files: Iterable[File] = (), key: str | None = None
) -> Proceeding:
    """Once, until the last day of the term at 24:00. The demotion waits for its end.

    Raises ``Forbidden`` (another's), ``Refused`` (no words; too late; nothing to appeal).
    """
    require_own(access, proceeding)
    if done_before(proceeding, key):
        return proceeding
    words = said(words)
    if proceeding.state == S.DECIDED and proceeding.appeal_until is not None and access.day > proceeding.appeal_until:
        raise Refused(_("It could be appealed until %(day)s.") % {"day": proceeding.appeal_until}, code="late")
    deciders = deciders_of(proceeding, access.day)
    tells = [("case_appealed", deciders)] if deciders else [("case_decider_asked", hr_of(proceeding, access.day))]
    return move(
        access=access, proceeding=proceeding, where=Q(state=S.DECIDED, appeal_until__gte=access.day), act=CaseAct.APPEALED,
        role="employee", words=words, data=kept_files(access, proceeding, files), key=key, state=S.APPEALED,
        due_on=term_end(access.day, ANSWER), tells=tells,
    )  # fmt: skip


@transaction.atomic
def name_decider(*, access: Access, proceeding: Proceeding, account: Account) -> Proceeding:
    """Whoever is named reads the case and decides; another may be named while it is open.

    Raises ``Forbidden``; ``Refused`` (they took or advised the decision, report to whoever took it, are the person or led by
    them; HR names itself; no appeal is open).
    """
    require_as(access, proceeding, HR, Verb.UPDATE)
    refusal = bound(proceeding, account.pk, account.employee_id, access.day)
    if account.pk == access.account_id:
        refusal = _("Nobody names themselves.")
    if not account.is_active:
        refusal = _("This account is closed.")
    if refusal:
        raise Refused(refusal, code="decider")
    return move(
        access=access, proceeding=proceeding, where=state_in(S.APPEALED), act=CaseAct.NAMED, role="hr",
        data={"account": account.pk}, audience=Audience.PARTIES, decider=account, tells=[("case_appealed", [account.pk])],
    )  # fmt: skip


@transaction.atomic
def decide_appeal(
    *,
    access: Access,
    proceeding: Proceeding,
    upheld: bool,
    words: str,
    tier_on: date | None = None,
    pay_on: date | None = None,
    key: str | None = None,
) -> Proceeding:
    """``upheld``: the demotion stands, from the days given or, where those have not gone by, from those decided first.
    Otherwise the appeal has succeeded, and the case is closed.

    Raises ``Forbidden`` (whoever took or advised the decision, or reports to whoever did); ``Refused`` (too few words; an
    effect not after the decision; answered meanwhile).
    """
    require_appeal_decision(access, proceeding)
    if done_before(proceeding, key):
        return proceeding
    words = said(words, LEAST)
    changes: dict[str, Any] = {"state": S.CLOSED, "outcome": Outcome.OVERTURNED, "due_on": None}
    data: dict[str, object] = {"upheld": upheld}
    if upheld:
        days = {"tier_on": tier_on or proceeding.tier_on, "pay_on": pay_on or proceeding.pay_on}
        for code, day in days.items():
            first = max(access.day, proceeding.appeal_until or access.day)
            if day is None or day <= first:
                raise Refused(
                    _("It takes effect after %(day)s at the earliest: name a later day.") % {"day": first}, code=code
                )
        changes = {"state": S.UPHELD, "due_on": None, **days}
        data |= {name: day.isoformat() for name, day in days.items() if day}
    person = person_of(proceeding)
    told = [*account_of(person.pk), *hr_of(proceeding, access.day), *heads(proceeding, access.day)]
    return move(
        access=access, proceeding=proceeding, where=state_in(S.APPEALED), act=CaseAct.ANSWERED,
        role="gm" if proceeding.decider_id is None else "named", words=words, data=data, key=key,
        answered_by=access.account_id, tells=[("case_answered", dict.fromkeys(told))], **changes,
    )  # fmt: skip
