"""A person joins: master data, the first department and the first supervisor, from the day of hiring."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from staff.actions.person_change import SENSITIVE, checked_changes, reject_strangers
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.pinyin import sort_key
from staff.kernel.refusals import told
from staff.models import Department, DepartmentPeriod, Employee, SupervisorPeriod
from staff.person_records import WITHOUT_ADDRESS


@transaction.atomic
def hire(
    *,
    access: Access,
    employee_no: str,
    name: str,
    department: Department,
    hired_on: date,
    supervisor: Employee | None = None,
    **details: Any,
) -> Employee:
    """``details`` are further columns of ``Employee``: position, regularised_on, post_since, birth_date, email, im_account.

    The department must lie in the scope of the right. Raises ``Refused`` (number taken, dates out of order), ``Forbidden``.
    """
    access.require(Thing.PERSON, Verb.CREATE)
    reject_strangers(access, department, Verb.CREATE)
    if SENSITIVE & {key for key, value in details.items() if value}:
        access.require(Thing.SENSITIVE, Verb.CREATE)
    values = checked_changes({"name": name, **details})
    if not employee_no.strip():
        raise Refused(_("An employee no. is needed."), code="employee_no")
    if re.search(WITHOUT_ADDRESS, employee_no.strip()):
        raise Refused(
            _("employee no. `%(no)s` has no address: a part between slashes may not be empty, `.` or `..`")
            % {"no": employee_no.strip()},
            code="employee_no",
        )
    with told(
        {
            "staff_employee_employee_no_key": _("The employee no. %(no)s is taken.") % {"no": employee_no},
            "employee_hired_before_leaving": _("The last day of work lies before the day of hiring."),
        }
    ):
        employee = Employee.objects.create(
            employee_no=employee_no.strip(), hired_on=hired_on, pinyin=sort_key(values["name"]), **values
        )
    DepartmentPeriod.objects.create(employee=employee, department=department, period=DateRange(hired_on, None))
    if supervisor:
        SupervisorPeriod.objects.create(employee=employee, supervisor=supervisor, period=DateRange(hired_on, None))
    audit.record(
        access,
        "person_hired",
        object_type="employee",
        object_key=employee.employee_no,
        employee_id=employee.pk,
        after={
            "department": department.name,
            "hired_on": hired_on.isoformat(),
            "supervisor": supervisor.employee_no if supervisor else None,
        },
    )
    return employee
