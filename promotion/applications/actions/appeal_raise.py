"""A person appeals against a decline."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.applications.models import Act, Appeal, Application, ApplicationState
from promotion.applications.owners import deciders_of
from promotion.applications.rights import require_own
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.outbox import Message, tell
from staff.kernel.refusals import told
from staff.kernel.workdays import term_end
from staff.models import Role
from staff.selectors.grants import accounts_of_role

#: Working days after the decline within which it can be appealed, and within which the appeal is answered (readings).
WINDOW, ANSWER = 10, 10
LONGEST = 5000


@transaction.atomic
def raise_appeal(*, access: Access, application: Application, text: str) -> Appeal:
    """Once for each decline, within ten working days. The general manager is told, or HR where the general manager took or
    advised the decision, so that they name somebody else.

    Raises ``Forbidden`` (not one's own), ``Refused`` (not declined; too late; no words; raised already).
    """
    require_own(access, application)
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refused(
            _("Say in up to %(most)s characters what speaks against the decision.") % {"most": LONGEST}, code="text"
        )
    # The row is held, so that an application is not reopened under the appeal.
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.state != ApplicationState.DECLINED:
        raise Refused(
            _("%(number)s is not declined, so there is nothing to appeal.") % {"number": row.number}, code="state"
        )
    if access.day > last_day(row):
        raise Refused(_("It could be appealed until %(day)s.") % {"day": last_day(row)}, code="late")
    appeal = Appeal(
        application=row, attempt=row.attempt, text=text, due_on=term_end(access.day, ANSWER),
        step=row.events.filter(act=Act.DECLINED).latest("pk").step,
    )  # fmt: skip
    with told({"one_appeal_a_decline": _("You have appealed against this decision already.")}):
        appeal.save()
    audit.record(
        access, "application_appealed", object_type="application", object_key=row.pk, employee_id=row.employee_id,
        after={"appeal": appeal.pk, "step": appeal.step},
    )  # fmt: skip
    tell_deciders(appeal, access.day)
    return appeal


def last_day(application: Application) -> date:
    """Until when a decline can be appealed."""
    if application.closed_at is None:
        raise ValueError("an application that is under way has no decline")
    return term_end(timezone.localdate(application.closed_at), WINDOW)


def tell_deciders(appeal: Appeal, day: date) -> None:
    """Whoever decides; HR where nobody is there yet who may."""
    application = appeal.application
    accounts = deciders_of(appeal, day)
    kind = "appeal_to_decide" if accounts else "appeal_without_decider"
    tell(
        Message(f"appeal:{appeal.pk}:{kind}:{account}", account, kind, {"application": application.pk})
        for account in accounts or accounts_of_role(Role.HR, application.employee, day)
    )
