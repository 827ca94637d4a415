"""A demotion whose facts a correction took away is undone: the tier is given back, and from when pay is owed is kept."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.applications.owners import account_of
from promotion.cases.actions.move import LEAST, done_before, move, said, state_in
from promotion.cases.bounds import GM, person_of, require_as
from promotion.cases.models import CaseAct, Outcome, Proceeding, ProceedingState
from promotion.cases.owners import hr_of
from promotion.ledger.actions.record_transition import record_transition
from promotion.models import LedgerKind
from staff.kernel.access import Access, Refused, Verb


@transaction.atomic
def restore_tier(*, access: Access, proceeding: Proceeding, words: str, key: str | None = None) -> Proceeding:
    """By the general manager, from the day of ``access``. Pay is owed from the day of the effect until then: the days are kept
    here without an amount, and the next pay run names the difference.

    Raises ``Forbidden``; ``Refused`` (too few words; nothing to restore; the ledger does not take the line).
    """
    require_as(access, proceeding, GM, Verb.DECIDE)
    if done_before(proceeding, key):
        return proceeding
    words = said(words, LEAST)
    row = Proceeding.objects.select_for_update(of=("self",)).get(pk=proceeding.pk)
    line = row.line
    if row.state != ProceedingState.RESTORING or line is None or row.pay_on is None:
        raise Refused(_("There is nothing to restore in this case."), code="state")
    # The ledger is written by the product, on the decision of the person whom the act names.
    back = record_transition(
        access=Access.system(access.day, "restoration"), employee_id=person_of(row).pk, kind=LedgerKind.RESTORATION,
        ladder=line.ladder, to_tier=line.from_tier, effective_on=max(access.day, line.effective_on),
        policy_version_id=line.policy_version_id, standing_month=line.standing_month,
    )  # fmt: skip
    until = back.effective_on - timedelta(days=1)
    owed = until >= row.pay_on
    data = {"line": back.seq, **({"back_pay": [row.pay_on.isoformat(), until.isoformat()]} if owed else {})}
    told = [*account_of(person_of(row).pk), *hr_of(row, access.day)]
    return move(
        access=access, proceeding=row, where=state_in(ProceedingState.RESTORING), act=CaseAct.RESTORED, role="gm",
        words=words, data=data, key=key, state=ProceedingState.CLOSED, outcome=Outcome.RESTORED, restoration=back,
        back_pay_until=until if owed else None, due_on=None, tells=[("case_restored", told)],
    )  # fmt: skip
