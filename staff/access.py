"""Django's permission hooks, answered from roles alone.

Django asks ``app.verb_model``; the table of roles speaks of things and verbs. One table joins them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils import timezone

from staff.kernel.access import Access, Thing, Verb
from staff.models import Account
from staff.selectors.access import access_of
from staff.selectors.delegations import standing_in

#: Roles that find something to do behind the admin's door.
ADMIN_ROLES = frozenset({"hr", "payroll", "gm", "auditor", "operator"})

#: app_label.model → the thing of the table of roles.
THINGS: dict[str, Thing] = {
    "staff.employee": Thing.PERSON,
    "staff.department": Thing.PERSON,
    "staff.departmentperiod": Thing.PERSON,
    "staff.supervisorperiod": Thing.PERSON,
    "staff.absence": Thing.ABSENCE,
    "staff.account": Thing.ACCOUNT,
    "staff.invitation": Thing.ACCOUNT,
    "staff.apitoken": Thing.ACCOUNT,
    "staff.rolegrant": Thing.GRANT,
    "staff.delegation": Thing.DELEGATION,
    "staff.auditentry": Thing.AUDIT,
    "staff.rowchange": Thing.AUDIT,
    "assessment.metric": Thing.POLICY,
    "assessment.eventkind": Thing.POLICY,
    "assessment.employeemonth": Thing.VALUE,
    "assessment.event": Thing.EVENT,
    "assessment.assessmentmonth": Thing.MONTH,
    "assessment.handin": Thing.MONTH,
    "assessment.chase": Thing.MONTH,
    "assessment.acceptedgap": Thing.MONTH,
    "assessment.doubt": Thing.DOUBT,
    "assessment.feedback": Thing.FEEDBACK,
    "assessment.result": Thing.STANDING,
    "assessment.case": Thing.CASE,
    "policy.policyversion": Thing.POLICY,
    "policy.adoption": Thing.POLICY,
    "policy.adoptionrequest": Thing.POLICY,
    "policy.policydraft": Thing.POLICY,
    "promotion.run": Thing.RUN,
    "promotion.standing": Thing.STANDING,
    "promotion.ledgerline": Thing.LEDGER,
    "promotion.tierperiod": Thing.LEDGER,
    "payroll.payrecord": Thing.PAY,
    "payroll.payband": Thing.BAND,
    "payroll.paytablechange": Thing.BAND,
    "payroll.paytableline": Thing.BAND,
}
_VERBS = {"view": Verb.READ, "add": Verb.CREATE, "change": Verb.UPDATE}
#: The schedule belongs to whoever keeps the jobs.
_JOB_APPS = {"django_celery_beat"}


def today_access(account: Account, channel: str = "admin") -> Access:
    """The account's access now. The clock is read here, at the edge.

    Kept on the account's instance, which lives for a request: a page asks dozens of times, a changed right bites on the
    next request.
    """
    day = timezone.localdate()
    held: dict[date, Access] | None = getattr(account, "_access", None)
    if held is None:
        held = account._access = {}  # type: ignore[attr-defined]
    if day not in held:
        own = access_of(account, day)
        delegation: int | None = getattr(account, "_stands_in", None)
        held[day] = (standing_in(own, delegation) if delegation else None) or own
    return replace(held[day], channel=channel)


def stand_in(account: Account, delegation_id: int) -> None:
    """For the length of this request the account acts in the role that was handed to it, while it holds it."""
    account._stands_in = delegation_id  # type: ignore[attr-defined]


def admin_door_opens(account: Account) -> bool:
    return account.is_active and bool(today_access(account).roles & ADMIN_ROLES)


def has_model_permission(account: Account, permission: str) -> bool:
    """``app.view_model`` and so on. Deleting is off everywhere: rows end, they do not vanish."""
    app, _, codename = permission.partition(".")
    verb_name, _, model = codename.partition("_")
    if app in _JOB_APPS:
        verbs = {**_VERBS, "delete": Verb.UPDATE}
        return verb_name in verbs and today_access(account).may(Thing.JOB, verbs[verb_name])
    thing = THINGS.get(f"{app}.{model}")
    if thing is None or verb_name not in _VERBS:
        return False
    return today_access(account).may(thing, _VERBS[verb_name])
