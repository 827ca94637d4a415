"""The tree of departments with the policies in force at each."""

from __future__ import annotations

from policy.models import Adoption
from staff.admin.departments import DepartmentAdmin
from staff.kernel.access import Access
from staff.kernel.admin import site
from staff.models import Department


class GovernedDepartmentAdmin(DepartmentAdmin):
    def policies(self, access: Access) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        adoptions = (
            Adoption.objects.filter(period__contains=access.day).select_related("version").defer("version__document")
        )
        for adoption in adoptions:
            found.setdefault(adoption.department_id, []).append(adoption.version.title)
        return found


site.register(Department, GovernedDepartmentAdmin)
