"""The score of an item in a person's month is entered, put right or taken back, with whoever assessed it."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from assessment.actions.values_save import save_values
from assessment.models import ItemAssessor, Metric
from assessment.selectors.entered import cell_key
from staff.kernel import audit
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Employee


@transaction.atomic
def save_item(
    *,
    access: Access,
    employee: Employee,
    month: Month,
    item: Metric,
    value: Decimal | None,
    assessor: Employee | None,
    reason: str = "",
) -> bool:
    """Whether the score or the assessor changed. ``assessor`` None: nobody is told; a score that is taken back has none.

    Raises as ``save_values``.
    """
    scored = save_values(access=access, employee=employee, month=month, values={item: value}, reason=reason)
    told = assessor if value is not None else None
    of_item = ItemAssessor.objects.filter(employee=employee, month=month, metric=item)
    before = of_item.select_for_update().select_related("assessor").first()
    if (before and before.assessor_id) == (told and told.pk):
        return bool(scored)
    if told is None:
        of_item.delete()
    else:
        ItemAssessor.objects.update_or_create(employee=employee, month=month, metric=item, defaults={"assessor": told})
    audit.record(
        access,
        "item_assessor_saved",
        object_type="value",
        object_key=cell_key(employee, month, item),
        employee_id=employee.pk,
        before=before.assessor.employee_no if before else None,
        after=told.employee_no if told else None,
        reason=reason.strip(),
    )
    return True
