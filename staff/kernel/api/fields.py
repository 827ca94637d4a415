"""Fields of the interface: people, departments and months by their names; numbers as they are, without padding."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from staff.kernel.api.names import Names
from staff.kernel.periods import Month
from staff.models import Department, Employee

MONTH_SCHEMA = {"type": "string", "pattern": "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", "example": "2026-10"}


class MonthField(serializers.Field):
    """``YYYY-MM`` ↔ ``Month``."""

    default_error_messages = {"invalid": _("`{text}` is not a month; write YYYY-MM, such as 2026-10.")}

    def to_internal_value(self, data: Any) -> Month:
        try:
            return Month.parse(data if isinstance(data, str) else "")
        except ValueError:
            self.fail("invalid", text=data)

    def to_representation(self, value: Month) -> str:
        return str(value)


MonthField = extend_schema_field(MONTH_SCHEMA)(MonthField)  # type: ignore[misc]


class PersonField(serializers.CharField):
    """An employee no. ↔ ``Employee``; for whom there is none in scope, a fault that says so."""

    default_error_messages = {"unknown": _("There is no employee no. `{text}` among the people you may see.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data: Any) -> Employee:  # type: ignore[override]
        text = super().to_internal_value(data)
        names: Names = self.context["view"].names
        return names.person(text) or self.fail("unknown", text=text)

    def to_representation(self, value: Any) -> str:
        return value.employee_no if isinstance(value, Employee) else str(value)


class DepartmentField(serializers.CharField):
    """A department's name, or its path where names repeat ↔ ``Department``."""

    default_error_messages = {
        "unknown": _("There is no one department `{text}` among those you may see; where names repeat, write the path.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, **kwargs)

    def to_internal_value(self, data: Any) -> Department:  # type: ignore[override]
        text = super().to_internal_value(data)
        names: Names = self.context["view"].names
        return names.department(text) or self.fail("unknown", text=text)

    def to_representation(self, value: Department | int) -> str:  # type: ignore[override]
        """Also of a department's id, as lists are annotated with it."""
        names: Names = self.context["view"].names
        return names.name_of(value.pk if isinstance(value, Department) else value)


class NumberField(serializers.DecimalField):
    """An exact number; as text on the way out, without zeros at its end. At most four decimals."""

    def __init__(self, *, max_digits: int = 20, decimal_places: int = 4, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        return f"{value.normalize():f}"
