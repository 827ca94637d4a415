"""Many rows in one write: all of them or none, and every fault told with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from staff.kernel.access import Refused
from staff.kernel.api.problems import INVALID, REFUSED, Fault, Kind, Problem, faults_of, kind_of_refusal
from staff.kernel.api.views import ApiViewSet

MOST_ROWS = 1000


class DoneSerializer(serializers.Serializer):
    rows = serializers.IntegerField(help_text=gettext_lazy("How many rows were sent."))
    changed = serializers.IntegerField(
        help_text=gettext_lazy("How many of them entered or changed something; the others stood there already.")
    )


def batch_of(row: type[serializers.Serializer], name: str) -> serializers.Serializer:
    """The body of a batch, for the description."""
    rows: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=row(), min_length=1, max_length=MOST_ROWS, help_text=gettext_lazy("All are kept, or none.")
    )
    return inline_serializer(name, {"rows": rows})


class BatchViewSet(ApiViewSet):
    """``POST {"rows": […]}`` calls ``save_row`` for each, all in one transaction.

    ``row_class`` reads a row; ``refusal_fields`` says at which of its fields a refusal's code belongs. ``locked_by`` names the
    fields that say what a row locks: all batches take these in one order, so that no two wait for each other.
    """

    row_class: ClassVar[type[serializers.Serializer]]
    locked_by: ClassVar[tuple[str, ...]]
    refusal_fields: ClassVar[Mapping[str, str]] = {}

    def save_row(self, row: dict[str, Any]) -> bool:
        """One call to one action; whether it entered or changed something. Raises ``Refused``, ``ValidationError``."""
        raise NotImplementedError

    def save_all(self, request: Request) -> Response:
        rows = _rows_of(request.data)
        changed = 0
        faults: dict[int, list[Fault]] = {}
        kinds: set[Kind] = set()
        with transaction.atomic():
            for at, row in sorted(enumerate(rows), key=lambda one: self._locks(one[1])):
                try:
                    with transaction.atomic():
                        changed += self.save_row(self._read(row))
                except ValidationError as error:
                    kinds.add(INVALID)
                    faults[at] = list(faults_of(error.detail, f"/rows/{at}"))
                except Refused as refused:
                    kinds.add(kind_of_refusal(refused))
                    faults[at] = [self._told(refused, at)]
            if faults:
                told = [fault for at in sorted(faults) for fault in faults[at]]
                raise Problem(_kind_of_all(kinds), _("Nothing was kept of all these rows."), faults=told)
        return Response({"rows": len(rows), "changed": changed})

    def _read(self, row: Any) -> dict[str, Any]:
        serializer = self.row_class(data=row, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _locks(self, row: Any) -> list[str]:
        return [str(row.get(name)).strip() for name in self.locked_by] if isinstance(row, dict) else []

    def _told(self, refused: Refused, at: int) -> Fault:
        field = self.field_of(refused.code)
        return {
            "pointer": f"#/rows/{at}" + (f"/{field}" if field else ""),
            "detail": refused.message,
            "code": refused.code,
        }

    def field_of(self, code: str) -> str:
        """The row's field that a refusal is about, by its code; empty for the row as a whole."""
        named = self.refusal_fields.get(code, code)
        return named if named in self.row_class().fields else ""


def snapshot(row: models.Model | None) -> dict[str, Any]:
    """The columns of a row as they are, to be held against what they are later."""
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields} if row else {}


def _kind_of_all(kinds: set[Kind]) -> Kind:
    """What is not valid comes first; faults of one kind are that kind; else the records refuse."""
    if INVALID in kinds:
        return INVALID
    return kinds.pop() if len(kinds) == 1 else REFUSED


def _rows_of(data: Any) -> list[Any]:
    rows = data.get("rows") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        detail = _("1 to %(most)s rows are expected.") % {"most": MOST_ROWS}
        raise Problem(INVALID, faults=[{"pointer": "#/rows", "detail": detail, "code": "rows"}])
    return rows
