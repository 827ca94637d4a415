"""A demotion takes effect on its day, when no appeal is open: the ledger's line and the end of the case are one act."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from promotion.applications.owners import account_of
from promotion.cases.actions.move import move
from promotion.cases.bounds import person_of
from promotion.cases.models import CaseAct, Outcome, Proceeding, ProceedingState
from promotion.cases.owners import hr_of
from promotion.ledger.actions.record_transition import record_transition
from promotion.models import LedgerKind, TierPeriod
from staff.kernel.access import Access, Refused, Thing, Verb

S = ProceedingState


def take_demotions(*, access: Access) -> int:
    """Every one that is due on the day of ``access``, each by itself; how many. Raises ``Forbidden``."""
    access.require(Thing.LEDGER, Verb.UPDATE)
    done = 0
    due = Proceeding.objects.filter(_due(access)).select_related("case__employee", "case__version")
    for proceeding in list(due.order_by("tier_on", "pk")):
        try:
            done += take_effect(access=access, proceeding=proceeding).state == S.EFFECTIVE
        except Refused:
            # What the ledger does not take today stays where it is, and is overdue there before HR's eyes.
            continue
    return done


@transaction.atomic
def take_effect(*, access: Access, proceeding: Proceeding) -> Proceeding:
    """One tier down, by the version of the case. Whoever has left, or holds another tier meanwhile, is halted instead.

    Raises ``Forbidden``; ``Refused`` before its day, while it may be appealed, is appealed, or a second time.
    """
    access.require(Thing.LEDGER, Verb.UPDATE)
    row = Proceeding.objects.select_for_update(of=("self",)).filter(_due(access), pk=proceeding.pk).first()
    if row is None or row.tier_on is None:
        proceeding.refresh_from_db()
        raise Refused(
            _("It does not take effect today: it is at “%(state)s”.") % {"state": proceeding.get_state_display()},
            code="state",
        )
    person, case = person_of(row), row.case
    hindrance = _hindrance(row)
    if hindrance:
        return move(
            access=access, proceeding=row, where=_due(access), act=CaseAct.HALTED, role="", words=hindrance,
            state=S.CLOSED, outcome=Outcome.HALTED, due_on=None, tells=[("case_effective", hr_of(row, access.day))],
        )  # fmt: skip
    line = record_transition(
        access=access, employee_id=person.pk, kind=LedgerKind.DEMOTION, ladder=case.policy,
        to_tier=case.evidence["target"], effective_on=row.tier_on, policy_version_id=case.version_id,
        standing_month=case.month,
    )  # fmt: skip
    told = [*account_of(person.pk), *hr_of(row, access.day)]
    return move(
        access=access, proceeding=row, where=_due(access), act=CaseAct.EFFECTIVE, role="",
        data={"line": line.seq, "tier_on": row.tier_on.isoformat(), "pay_on": row.pay_on and row.pay_on.isoformat()},
        state=S.EFFECTIVE, line=line, due_on=None, tells=[("case_effective", told)],
    )  # fmt: skip


def _due(access: Access) -> Q:
    over = Q(state=S.UPHELD) | Q(state=S.DECIDED, appeal_until__lt=access.day)
    return Q(over, tier_on__lte=access.day)


def _hindrance(row: Proceeding) -> str:
    person, case = person_of(row), row.case
    if person.left_on is not None and row.tier_on is not None and person.left_on <= row.tier_on:
        return _("%(name)s left on %(day)s.") % {"name": person.name, "day": person.left_on}
    held = TierPeriod.objects.filter(employee=person, period__contains=row.tier_on).first()
    if held is None or (held.ladder, held.tier) != (case.policy, case.evidence["tier"]):
        return _("The tier was changed in the ledger meanwhile, so that this demotion does not follow from it.")
    return ""
