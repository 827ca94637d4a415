"""People and departments by the names of the interface: an employee no., a name or path (``总部/客服部``)."""

from __future__ import annotations

from dataclasses import replace

from django.utils.functional import cached_property

from staff.kernel.access import Access
from staff.models import Department, Employee
from staff.selectors.department_names import department_names


class Names:
    """Of one request: each name is looked up once.

    Known are those whom the *account* may see, whatever its token is for; what may be done about them, actions decide.
    """

    def __init__(self, access: Access) -> None:
        self._access = replace(access, only=None)
        self._people: dict[str, Employee | None] = {}

    def person(self, employee_no: str) -> Employee | None:
        if employee_no not in self._people:
            seen = Employee.objects.visible_to(self._access)
            self._people[employee_no] = seen.filter(employee_no=employee_no).first()
        return self._people[employee_no]

    def department(self, name: str) -> Department | None:
        """None also where several are called so."""
        return self._departments.get(self._all_names[0].get(name.strip()))

    def name_of(self, department_id: int) -> str:
        """The shortest name that is the department's own. For departments of rows that the reader sees."""
        return self._all_names[1][department_id]

    def sees(self, department_id: int | None) -> bool:
        return department_id in self._departments

    @cached_property
    def _departments(self) -> dict[int | None, Department]:
        return {one.pk: one for one in Department.objects.visible_to(self._access).select_related("head")}

    @cached_property
    def _all_names(self) -> tuple[dict[str, int | None], dict[int, str]]:
        return department_names()
