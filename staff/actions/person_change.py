"""A person's master data changes: what does not depend on time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.addresses import is_address
from staff.kernel.pinyin import sort_key
from staff.kernel.refusals import told
from staff.models import Department, Employee
from staff.selectors.access import is_above

CHANGEABLE = frozenset(
    {"name", "position", "hired_on", "regularised_on", "post_since", "left_on", "birth_date", "email", "im_account"}
)
#: Roles, rule 5.
SENSITIVE = frozenset({"birth_date"})
#: What other apps have against the person's new day of hiring; each raises ``Refused``. Filled as the apps come up.
hiring_checks: list[Callable[[Employee], None]] = []


@transaction.atomic
def change(*, access: Access, employee: Employee, changes: Mapping[str, Any], reason: str = "") -> Employee:
    """``changes``: column → new value, of ``CHANGEABLE``. What stays as it is writes nothing, not even a trail.

    A new day of hiring moves the start of the first department and supervisor with it. Raises ``Refused`` (dates out of
    order, an empty name, a day of hiring after a later move or after a tier), ``Forbidden`` (also for oneself and outside
    one's scope).
    """
    access.require_about(employee.pk, Thing.PERSON, Verb.UPDATE)
    require_in_scope(access, employee, Verb.UPDATE)
    new = {key: value for key, value in checked_changes(changes).items() if value != getattr(employee, key)}
    if SENSITIVE & new.keys():
        access.require(Thing.SENSITIVE, Verb.UPDATE)
    if not new:
        return employee
    before = {key: as_text(getattr(employee, key)) for key in new}
    hired_before = employee.hired_on
    for key, value in new.items():
        setattr(employee, key, value)
    if "name" in new:
        employee.pinyin = sort_key(employee.name)
    with told({"employee_hired_before_leaving": _("The last day of work lies before the day of hiring.")}):
        employee.save(update_fields=[*new, "pinyin"])
    if "hired_on" in new:
        _move_start(employee, hired_before)
        for check in hiring_checks:
            check(employee)
    audit.record(
        access,
        "person_changed",
        object_type="employee",
        object_key=employee.employee_no,
        employee_id=employee.pk,
        before=before,
        after={key: as_text(value) for key, value in new.items()},
        reason=reason,
    )
    return employee


def require_in_scope(access: Access, employee: Employee, verb: Verb, thing: Thing = Thing.PERSON) -> None:
    """Raises ``Forbidden`` for a person outside the scope in which one has the verb, and for a superior in one's line."""
    if any(is_above(employee.pk, pk, access.day) for pk in sorted(access.people)):
        raise Forbidden(
            _("%(name)s is above you in your own line. Ask a colleague of another line.") % {"name": employee}
        )
    if not Employee.objects.visible_to(access, verb, thing).filter(pk=employee.pk).exists():
        raise Forbidden(_("%(name)s is outside your scope. Ask HR of their department.") % {"name": employee})


def reject_strangers(access: Access, department: Department, verb: Verb) -> None:
    """Raises ``Forbidden`` for a department outside the scope in which one has the verb on people."""
    scope = access.scope(Thing.PERSON, verb)
    if not scope.company and department.pk not in scope.departments:
        raise Forbidden(_("%(department)s is outside your scope.") % {"department": department})


def checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Trimmed. Raises ``Refused`` (an empty name, a bad address), ``KeyError`` for a column that is not changed this way."""
    if unknown := changes.keys() - CHANGEABLE:
        raise KeyError(sorted(unknown))
    found = {key: value.strip() if isinstance(value, str) else value for key, value in changes.items()}
    if "name" in found and not found["name"]:
        raise Refused(_("A name is needed."), code="name")
    if found.get("email") and not is_address(found["email"]):
        raise Refused(
            _("`%(email)s` is no address such as name@example.com.") % {"email": found["email"]}, code="email"
        )
    return found


def as_text(value: Any) -> Any:
    """A value as the trail keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _move_start(employee: Employee, hired_before: date) -> None:
    """The first placement began with the hiring and goes on doing so."""
    for periods in (employee.department_periods, employee.supervisor_periods):
        first = periods.order_by("period").first()
        if first is None or first.period.lower != hired_before:
            continue
        if first.period.upper is not None and first.period.upper <= employee.hired_on:
            raise Refused(
                _("The person changes department or supervisor on %(day)s, before that day of hiring.")
                % {"day": first.period.upper},
                code="hired_on",
            )
        first.period = DateRange(employee.hired_on, first.period.upper)
        first.save(update_fields=["period"])
