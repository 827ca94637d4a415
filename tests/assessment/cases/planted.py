"""A case of somebody for the tables of who may see what."""

from __future__ import annotations

from assessment.models import Case
from policy.models import PolicyVersion
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod, Employee

MONTH = Month.parse("2026-10")


def raised_for(person: Employee, kind: str = "praise") -> Case:
    """A praise, or another kind, by whichever version there is."""
    version = PolicyVersion.objects.order_by("pk").first()
    placed = DepartmentPeriod.objects.filter(employee=person).latest("period")
    case: Case = Case.objects.create(
        kind=kind, policy=version.key, version=version, clause="五.1.3", month=MONTH, employee=person,
        department_id=placed.department_id, owner="hr",
        evidence={"total": 92.5, "rule": {"zh": "等级为优秀", "en": "grade is excellent"}},
    )  # fmt: skip
    return case
