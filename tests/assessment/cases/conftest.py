"""Results of record, as an assessment of a sealed month leaves them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from assessment.actions.cases_raise import Raised, raise_cases
from assessment.models import Assessed, AssessmentMonth, Case, Level, Result
from policy.models import Adoption
from policy.selectors import values_digest
from staff.kernel.periods import Month
from tests.company import Company, operator

OCTOBER = Month.parse("2026-10")


def seal(month: Month = OCTOBER) -> None:
    AssessmentMonth.objects.create(month=month, state="sealed", sealed_at=timezone.now(), digest="0" * 64)


def recorded(
    company: Company, *cases: str, person: Any = None, level: str = Level.MONTH, month: Month = OCTOBER, **more: Any
) -> Result:
    """A result of record of the company's one policy: of a person, or of the department as a team."""
    adoption = Adoption.objects.get()
    key = {"policy": adoption.policy, "level": level, "month": month}
    Assessed.objects.update_or_create(**key, defaults={"watermark": 1, "of_record": True})
    found: Result = Result.objects.create(
        **key, version=adoption.version, values_digest=values_digest(adoption.values), employee=person,
        department=company.department, counts=True, cases=list(cases), **more,
    )  # fmt: skip
    return found


def raised(company: Company, level: str = Level.MONTH, month: Month = OCTOBER, note: str = "") -> Raised:
    policy = Adoption.objects.get().policy
    return raise_cases(access=operator(), policy=policy, level=level, month=month, note=note)


def told() -> list[tuple[str, str, Any]]:
    """(kind, state, whose) of every case."""
    rows = Case.objects.order_by("pk").values_list("kind", "state", "employee__employee_no")
    return list(rows)
