"""A promotion takes effect on its day: the ledger's line and the end of the application are one act."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import at, halt, move, note
from promotion.applications.models import EFFECT, Act, Application, ApplicationKind, ApplicationState
from promotion.ledger.actions.record_transition import record_transition
from promotion.models import LedgerKind, TierPeriod
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Role
from staff.selectors.grants import accounts_of_role


def take_effects(*, access: Access) -> int:
    """Every one that is due on the day of ``access``, each by itself; how many. Raises ``Forbidden``."""
    access.require(Thing.LEDGER, Verb.UPDATE)
    done = 0
    for application in effects_due(access.day):
        try:
            done += take_effect(access=access, application=application).state == ApplicationState.EFFECTIVE
        except Refused as refused:
            tell_hindrance(access=access, application=application, words=refused.message)
    return done


@transaction.atomic
def tell_hindrance(*, access: Access, application: Application, words: str) -> None:
    """What the ledger does not take stays at its step: the timeline says why, once a reason, and HR is told. Every night it is
    tried again.
    """
    access.require(Thing.LEDGER, Verb.UPDATE)
    row = Application.objects.select_for_update(of=("self",)).filter(at(EFFECT), pk=application.pk).first()
    last = application.events.last()
    if row is None or (last is not None and (last.act, last.words) == (Act.HINDERED, words)):
        return
    event = note(access, row, Act.HINDERED, step=EFFECT, words=words, public=False)
    audit.record(
        access, "application_hindered", object_type="application", object_key=row.pk, employee_id=row.employee_id,
        after={"event": event.pk},
    )  # fmt: skip
    tell(
        Message(f"application:{row.pk}:{event.pk}:{account}", account, "application_refused", {"application": row.pk})
        for account in accounts_of_role(Role.HR, row.employee, access.day)
    )


def effects_due(day: date) -> list[Application]:
    """At their last step, their day come; the oldest first."""
    rows = Application.objects.filter(at(EFFECT), effective_on__lte=day)
    return list(rows.select_related("employee", "version").order_by("effective_on", "pk"))


@transaction.atomic
def take_effect(*, access: Access, application: Application) -> Application:
    """Writes the line and says so. Whoever has left meanwhile, or holds another tier, is halted instead: no line is written
    that does not follow from the last.

    Raises ``Forbidden``; ``Refused`` before its day, twice, or where the ledger does not take the line.
    """
    access.require(Thing.LEDGER, Verb.UPDATE)
    due = Q(at(EFFECT), effective_on__lte=access.day)
    row = Application.objects.select_for_update(of=("self",)).filter(due, pk=application.pk).first()
    if row is None or row.effective_on is None:
        raise Refused(_not_now(application), code="state")
    hindrance = _hindrance(row, row.effective_on)
    if hindrance:
        return halt(access=access, application=row, words=hindrance, clause="")
    line = record_transition(
        access=access, employee_id=row.employee_id,
        kind=LedgerKind.SKIP if row.kind == ApplicationKind.SKIP else LedgerKind.PROMOTION, ladder=row.version.key,
        to_tier=row.to_tier, effective_on=row.effective_on, policy_version_id=row.version_id,
        standing_month=row.standing_month,
    )  # fmt: skip
    return move(
        access=access, application=row, where=due, act=Act.EFFECTIVE, step=EFFECT, data={"line": line.seq},
        state=ApplicationState.EFFECTIVE, step_after="", closed_at=Now(), line=line,
    )  # fmt: skip


def _hindrance(row: Application, day: date) -> str:
    left = row.employee.left_on
    if left is not None and left <= day:
        return _("%(name)s left on %(day)s.") % {"name": row.employee.name, "day": left}
    held = TierPeriod.objects.filter(employee=row.employee_id, period__contains=day).first()
    if held is None or (held.ladder, held.tier) != (row.version.key, row.from_tier):
        return _("The tier was changed in the ledger meanwhile, so that this promotion does not follow from it.")
    return ""


def _not_now(application: Application) -> str:
    application.refresh_from_db()
    if application.step == EFFECT:
        return _("It takes effect on %(day)s, and not before.") % {"day": application.effective_on}
    return _("%(number)s does not wait for its day: it is %(state)s.") % {
        "number": application.number, "state": application.get_state_display(),
    }  # fmt: skip
