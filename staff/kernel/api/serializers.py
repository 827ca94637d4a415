"""What the serializers of the interface share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, Case, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from staff.kernel.access import Access, Thing, Verb
from staff.models.querysets import within


class StrictSerializer(serializers.Serializer):
    """Refuses a field that is not known: a misspelt one must not be left out in silence."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(data.keys() - self.fields.keys()) if isinstance(data, Mapping) else []
        try:
            found = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **_unknown(unknown)}) from error  # type: ignore[dict-item]
        if unknown:
            raise ValidationError(_unknown(unknown))
        return found


class GuardedSerializer(serializers.Serializer):
    """Leaves out of a row what its reader does not reach: ``guards`` names fields by the mark that lets them through."""

    guards: Mapping[str, tuple[str, ...]] = {}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().to_representation(instance)
        for mark, names in self.guards.items():
            if not getattr(instance, mark):
                for name in names:
                    found.pop(name, None)
        return found


def reaches(access: Access, thing: Thing, path: str = "") -> Combinable:
    """A mark on each row of a list: whether the reader reaches that thing of the row's person (roles, rules 4 and 5)."""
    scope = access.scope(thing, Verb.READ)
    if scope.company or scope.empty:
        return Value(scope.company, output_field=BooleanField())
    return Case(When(within(scope, access.day, path), then=Value(True)), default=Value(False))


def inserted(fields: dict[str, Any], after: str, **more: serializers.Field) -> dict[str, Any]:
    """The fields with more of them behind one: names such as ``from`` are no names in a class."""
    found = {}
    for name, field in fields.items():
        found[name] = field
        if name == after:
            found |= more
    return found


def _unknown(names: list[str]) -> dict[str, list[ErrorDetail]]:
    return {name: [ErrorDetail(str(_("Not known here.")), code="unknown")] for name in names}
