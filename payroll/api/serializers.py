"""Pay records as payroll's programs read and write them, in yuan."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from staff.kernel.api.fields import NumberField, PersonField
from staff.kernel.api.serializers import StrictSerializer, inserted


def _yuan(**kwargs: Any) -> NumberField:
    return NumberField(max_digits=12, decimal_places=2, allow_null=True, **kwargs)


class PaySerializer(serializers.Serializer):
    employee_no = serializers.CharField(source="employee.employee_no")
    base = _yuan()
    post_wage = _yuan()
    performance = _yuan()
    recorded_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        return inserted(super().get_fields(), "employee_no", **{"from": serializers.DateField(source="starts_on")})


class PayRowSerializer(StrictSerializer):
    """The record of the person from that day on: a new one, or the one that is put right. What is left out stays."""

    employee_no = PersonField(source="employee")
    base = _yuan(required=False, help_text=_("Fixed pay."))
    post_wage = _yuan(required=False)
    performance = _yuan(required=False, help_text=_("Monthly performance pay."))

    def get_fields(self) -> dict[str, Any]:
        begins = serializers.DateField(source="starts_on", help_text=_("Holds until the next record begins."))
        return inserted(super().get_fields(), "employee_no", **{"from": begins})
