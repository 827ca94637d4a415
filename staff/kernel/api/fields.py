"""Fields of the interface: people, departments and months by their names; numbers as they are, without padding."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

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


class NamedField(serializers.CharField):
    """A name that is looked up among what the reader may see; an unknown one is a fault that says so."""

    @property
    def names(self) -> Names:
        found: Names = self.context["view"].names
        return found

    def look_up(self, name: str) -> Any:
        raise NotImplementedError

    def run_validation(self, data: Any = empty) -> Any:
        text = super().run_validation(data)
        return None if text is None else self.look_up(text) or self.fail("unknown", text=text)


class PersonField(NamedField):
    """An employee no. ↔ ``Employee``."""

    default_error_messages = {"unknown": _("There is no employee no. `{text}` among the people you may see.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def look_up(self, name: str) -> Employee | None:
        return self.names.person(name)

    def to_representation(self, value: Employee) -> str:  # type: ignore[override]
        return value.employee_no


class DepartmentField(NamedField):
    """A department's name, or its path where names repeat ↔ ``Department``."""

    default_error_messages = {
        "unknown": _("There is no one department `{text}` among those you may see; where names repeat, write the path.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, **kwargs)

    def look_up(self, name: str) -> Department | None:
        return self.names.department(name)

    def to_representation(self, value: Department | int) -> str:  # type: ignore[override]
        """Also of a department's id, as lists are annotated with it."""
        return self.names.name_of(value.pk if isinstance(value, Department) else value)


class NumberField(serializers.DecimalField):
    """An exact number; as text on the way out, without zeros at its end. At most four decimals."""

    def __init__(self, *, max_digits: int = 20, decimal_places: int = 4, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        return f"{value.normalize():f}"
