"""Who may do what with an application, beyond the table of roles: whose it is, who leads the person, who stands apart."""

from __future__ import annotations

from django.utils.translation import gettext as _

from promotion.applications.bounds import advised
from promotion.applications.models import Application
from promotion.applications.owners import opining
from staff.actions.person_change import require_in_scope
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import Employee


def require_own(access: Access, application: Application) -> None:
    """Raises ``Forbidden``: the person does it themselves."""
    require_employee(access)
    if application.employee_id != access.employee_id:
        raise Forbidden(_("Only the person whose application it is does this."))


def require_employee(access: Access) -> int:
    """The reader's own employee. Raises ``Forbidden`` for an account that has none."""
    access.require(Thing.APPLICATION, Verb.CREATE)
    if access.employee_id is None or "employee" not in access.roles:
        raise Forbidden(_("This account belongs to nobody on the payroll, so it has nothing to apply for."))
    return access.employee_id


def require_hr(access: Access, employee: Employee, verb: Verb = Verb.UPDATE) -> None:
    """Raises ``Forbidden``: HR of the person's department, and nobody about themselves or a superior."""
    others = access.others()
    others.require_about(employee.pk, Thing.APPLICATION, verb)
    require_in_scope(others, employee, verb, Thing.APPLICATION)


def require_opinion(access: Access, application: Application) -> None:
    """Raises ``Forbidden``: whoever leads the person directly on the day; where nobody does who can sign in, or the document
    says so, a head.
    """
    employee = application.employee
    access.require_about(employee.pk, Thing.OPINION, Verb.CREATE)
    direct = opining(application, access.day)
    if access.role_account_id in direct and "supervisor" in access.roles:
        return
    if direct:
        raise Forbidden(_("The opinion is given by whoever leads the person directly today."))
    as_head = access.in_roles(frozenset({"head"}))
    as_head.require(Thing.OPINION, Verb.CREATE)
    require_in_scope(as_head, employee, Verb.CREATE, Thing.OPINION)


def require_review(access: Access, application: Application) -> None:
    """Raises ``Forbidden``: a head of the person's department."""
    access.require_about(application.employee_id, Thing.REVIEW, Verb.CREATE)
    require_in_scope(access, application.employee, Verb.CREATE, Thing.REVIEW)


def require_decision(access: Access, application: Application) -> None:
    """Raises ``Forbidden``: the general manager, never about themselves or a superior, nor where they took part before."""
    access.require_about(application.employee_id, Thing.APPLICATION, Verb.DECIDE)
    require_in_scope(access, application.employee, Verb.DECIDE, Thing.APPLICATION)
    for account in sorted(access.accounts):
        if refusal := advised(application, account):
            raise Forbidden(refusal)
