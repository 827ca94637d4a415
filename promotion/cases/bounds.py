"""Who does not decide: nobody on themselves or a superior, whoever checked the facts, and of an appeal whoever took
the decision or reports to whoever did (roles, rules 1 and 2).
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from promotion.cases.models import Proceeding
from staff.actions.person_change import require_in_scope
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import Employee, Role
from staff.selectors.access import is_above

HR, HEAD, GM = (frozenset({role.value}) for role in (Role.HR, Role.HEAD, Role.GM))


def person_of(proceeding: Proceeding) -> Employee:
    """A course is always of a person's case."""
    person = proceeding.case.employee
    if person is None:
        raise LookupError(proceeding.pk)
    return person


def require_as(access: Access, proceeding: Proceeding, role: frozenset[str], verb: Verb) -> None:
    """Raises ``Forbidden``: who lacks the role, or has it elsewhere; oneself; a superior of one's line."""
    access.require_person()
    person, acting = person_of(proceeding), access.in_roles(role)
    acting.require_about(person.pk, Thing.PROCEEDING, verb)
    require_in_scope(acting, person, verb, Thing.PROCEEDING)


def require_own(access: Access, proceeding: Proceeding) -> None:
    """Raises ``Forbidden`` for everybody but the person."""
    access.require_person()
    access.require(Thing.PROCEEDING, Verb.CREATE)
    if access.employee_id is None or person_of(proceeding).pk != access.employee_id:
        raise Forbidden(_("Only the person whom the case is about does this."))


def require_first_decision(access: Access, proceeding: Proceeding) -> None:
    """Raises ``Forbidden``: the head of the person's department, who did not check the facts as HR."""
    require_as(access, proceeding, HEAD, Verb.DECIDE)
    if proceeding.checked_by_id in access.accounts:
        raise Forbidden(_("You checked the facts of this case as HR, so somebody else decides."))


def require_appeal_decision(access: Access, proceeding: Proceeding) -> None:
    """Raises ``Forbidden``, saying who decides: whoever HR named, else the general manager."""
    access.require_person()
    if proceeding.decider_id is None:
        require_as(access, proceeding, GM, Verb.DECIDE)
    elif proceeding.decider_id != access.account_id:
        raise Forbidden(_("HR has named %(who)s to decide on this appeal.") % {"who": proceeding.decider})
    for account, employee in access.selves:
        if refusal := bound(proceeding, account, employee, access.day):
            raise Forbidden(refusal)


def bound(proceeding: Proceeding, account_id: int | None, employee_id: int | None, day: date) -> str:
    """Why the account does not decide on the appeal; empty where nothing stands in the way."""
    person = person_of(proceeding).pk
    if employee_id is not None and (employee_id == person or is_above(person, employee_id, day)):
        return _("Nobody decides on their own appeal, nor on that of whoever leads them.")
    if account_id is not None and account_id in (proceeding.decided_by_id, proceeding.checked_by_id):
        return _("They took or advised the decision that is appealed; somebody else decides.")
    first = proceeding.decided_by.employee_id if proceeding.decided_by else None
    if first is not None and employee_id is not None and is_above(first, employee_id, day):
        return _("They report to whoever took the decision; somebody else decides.")
    return ""
