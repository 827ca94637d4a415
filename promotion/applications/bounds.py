"""Who does not decide (roles, rule 2): whoever advised it; of an appeal whoever is too near to the decision or the person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from promotion.applications.models import Act, Application, ApplicationEvent
from staff.selectors.access import is_above

#: Whoever did one of these said before the decision what should come of it.
ADVISED = (Act.OPINED, Act.REVIEWED, Act.CONFIRMED, Act.NOMINATED, Act.OPENED)


def advised(application: Application, account_id: int | None) -> str:
    """Why the account does not decide: it opened, nominated, confirmed, advised or reviewed it. Empty where it did not."""
    event = ApplicationEvent.objects.filter(application=application, act__in=ADVISED, by=account_id).first()
    if account_id is None or event is None:
        return ""
    return _(
        "They took part in it before (%(act)s), so another general manager decides; where there is none, HR has one granted."
    ) % {"act": event.get_act_display()}


def advised_by(accounts: Collection[int]) -> Exists:
    """The same of many rows of applications at once."""
    return Exists(ApplicationEvent.objects.filter(application=OuterRef("pk"), act__in=ADVISED, by__in=accounts))


def bound(application: Application, account_id: int | None, employee_id: int | None, day: date) -> str:
    """Why the account does not decide an appeal: it took or advised the decision, reports to whoever took it, or is the person
    or beneath them. Empty where nothing stands in the way.
    """
    if employee_id is not None and employee_id == application.employee_id:
        return _("Nobody decides on their own appeal.")
    if employee_id is not None and is_above(application.employee_id, employee_id, day):
        return _("The person leads them, so they do not decide on this appeal.")
    acts = ApplicationEvent.objects.filter(application=application, act__in=(*ADVISED, Act.DECLINED)).select_related(
        "by"
    )
    for event in acts:
        if account_id is not None and event.by_id == account_id:
            return _("They took or advised the decision that is appealed; somebody else decides.")
        took = event.act == Act.DECLINED and event.by is not None and event.by.employee_id
        if took and employee_id is not None and is_above(took, employee_id, day):
            return _("They report to whoever declined it; somebody else decides.")
    return ""
