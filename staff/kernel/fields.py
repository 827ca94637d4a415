"""Model fields shared by every app."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from staff.kernel.periods import Month


class MonthField(models.IntegerField):
    """A ``Month`` in Python, its number (``year * 12 + month - 1``) in the database."""

    description = "A calendar month"
    # What the type checker takes it for.
    _pyi_private_set_type: Month  # type: ignore[assignment]
    _pyi_private_get_type: Month  # type: ignore[assignment]
    _pyi_lookup_exact_type: Month  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: object, connection: object) -> Month | None:
        return None if value is None else Month(value)

    def to_python(self, value: Any) -> Month | None:
        if value is None or isinstance(value, Month):
            return value
        if isinstance(value, int):
            return Month(value)
        try:
            return Month.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value: Any) -> int | None:
        month = self.to_python(value)
        return None if month is None else month.number

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return forms.CharField(
            required=not self.blank, label=kwargs.get("label") or self.verbose_name, help_text=self.help_text
        )
