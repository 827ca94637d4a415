"""A person begins an application, and writes what it must bring; nobody else reads it before it is handed in."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from policy.language.checked import Step
from promotion.applications.actions.step_finish import note, who_was_first
from promotion.applications.models import Act, Application, ApplicationKind, ApplicationState
from promotion.applications.process import APPLICATION, by_confirmation, names_of
from promotion.applications.rights import require_employee, require_own
from promotion.applications.standings import Basis, basis_for
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.kernel.refusals import told
from staff.models import Account, Department, DepartmentPeriod, Employee

#: As much as a work summary may hold.
LONGEST = 20_000
_WRITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)


@transaction.atomic
def open_draft(*, access: Access) -> Application:
    """The person's own, on their standing of record; one that is begun already is returned as it is.

    Raises ``Forbidden`` (an account without an employee), ``Refused`` (not eligible, naming the clauses; one is under way; the
    way begins with HR's confirmation).
    """
    employee = Employee.objects.get(pk=require_employee(access))
    begun = Application.objects.unsettled().filter(employee=employee).first()
    if begun is not None and begun.state in _WRITABLE:
        return begun
    basis = basis_for(employee, access.day)
    refuse_unfiled(basis.transition)
    return begin(access, employee, basis, kind=ApplicationKind.APPLIED, state=ApplicationState.DRAFT, act=Act.OPENED)


@transaction.atomic
def save_draft(*, access: Access, application: Application, summary: str, results: str) -> Application:
    """While it is a draft, or was returned for completion.

    Raises ``Forbidden`` (not one's own), ``Refused`` (too long; handed in meanwhile).
    """
    require_own(access, application)
    texts = {"summary": summary.strip(), "results": results.strip()}
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code=name)
    written = Application.objects.filter(pk=application.pk, state__in=_WRITABLE).update(**texts)
    application.refresh_from_db()
    if not written:
        raise Refused(who_was_first(application), code="state")
    audit.record(
        access, "application_saved", object_type="application", object_key=application.pk,
        employee_id=application.employee_id, after={name: len(text) for name, text in texts.items()},
    )  # fmt: skip
    return application


def refuse_unfiled(transition: Step) -> None:
    """Raises ``Refused`` where nobody files an application: HR's confirmation of the exam opens it."""
    if by_confirmation(transition):
        raise Refused(
            _("For this tier nobody applies: HR confirms the passed exam, and the review begins."),
            code="by_confirmation",
        )


def begin(
    access: Access, employee: Employee, basis: Basis, *, kind: str, state: str, act: str, words: str = "", **more: Any
) -> Application:
    """The row of a new application with its first event. Raises ``Refused`` where the person has an unsettled one.

    For the actions of this room.
    """
    run = basis.standing.run
    application = Application(
        employee=employee, department=department_of(employee, access), kind=kind, version=run.version, values=run.values,
        from_tier=basis.standing.tier, to_tier=basis.transition.target, state=state,
        opened_by=Account.objects.filter(pk=access.account_id).first(),
        **{"process": names_of(basis.transition), **more},
    )  # fmt: skip
    if APPLICATION not in application.process and state != ApplicationState.OPEN:
        application.process = [APPLICATION, *application.process]
    with told(
        {
            "one_unsettled_application_a_person": _("%(name)s has an application already that is not settled.")
            % {"name": employee.name}
        }
    ):
        application.save()
    note(access, application, act, words=words)
    audit.record(
        access, f"application_{act}", object_type="application", object_key=application.pk, employee_id=employee.pk,
        after={"state": application.state, "kind": kind, "to_tier": application.to_tier},
    )  # fmt: skip
    return application


def department_of(employee: Employee, access: Access) -> Department:
    """Where the person belongs on the day. Raises ``Refused`` where nowhere."""
    placed = DepartmentPeriod.objects.filter(employee=employee, period__contains=access.day).select_related(
        "department"
    )
    found = placed.first()
    if found is None:
        raise Refused(_("%(name)s belongs to no department today.") % {"name": employee}, code="department")
    department: Department = found.department
    return department
