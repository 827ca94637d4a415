"""Who does not decide on an appeal: whoever stands too near to the decision, or to the person (roles, rule 2)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from promotion.applications.models import Act, Application, ApplicationEvent
from staff.selectors.access import is_above


def bound(application: Application, account_id: int | None, employee_id: int | None, day: date) -> str:
    """Why the account does not decide an appeal: it took or advised the decision, reports to whoever took it, or is the person
    or beneath them. Empty where nothing stands in the way.
    """
    if employee_id is not None and employee_id == application.employee_id:
        return _("Nobody decides on their own appeal.")
    if employee_id is not None and is_above(application.employee_id, employee_id, day):
        return _("The person leads them, so they do not decide on this appeal.")
    took_part = (Act.OPINED, Act.REVIEWED, Act.DECLINED, Act.CONFIRMED, Act.NOMINATED)
    acts = ApplicationEvent.objects.filter(application=application, act__in=took_part).select_related("by")
    for event in acts:
        if account_id is not None and event.by_id == account_id:
            return _("They took or advised the decision that is appealed; somebody else decides.")
        took = event.act == Act.DECLINED and event.by is not None and event.by.employee_id
        if took and employee_id is not None and is_above(took, employee_id, day):
            return _("They report to whoever declined it; somebody else decides.")
    return ""
