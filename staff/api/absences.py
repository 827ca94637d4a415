"""Absences: listed, entered, put right. Their kinds are sensitive, so they are for whoever reaches those."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from staff.actions.absence_save import save_absence
from staff.api.serializers import AbsenceRowSerializer, AbsenceSerializer
from staff.kernel.access import Thing
from staff.kernel.api.batches import BatchViewSet, DoneSerializer, batch_of, snapshot
from staff.kernel.api.examples import request_example
from staff.kernel.api.filters import MonthFilter, RecordedFilters
from staff.kernel.periods import Month
from staff.models import Absence, AbsenceKind


class AbsenceFilters(RecordedFilters):
    month = MonthFilter(method="touching", label=_("Absences with a day in that month."))
    kind = django_filters.ChoiceFilter(choices=AbsenceKind.choices)

    def touching(self, rows: QuerySet[Any], name: str, value: Month) -> QuerySet[Any]:
        return rows.filter(first_day__lte=value.last_day, last_day__gte=value.first_day)


@extend_schema_view(
    list=extend_schema(summary=_("List absences"), description=_("By employee no., then first day."), tags=["absences"])
)
class AbsencesViewSet(mixins.ListModelMixin, BatchViewSet):
    resource, thing = "absences", Thing.ABSENCE
    queryset = Absence.objects.all()
    serializer_class = AbsenceSerializer
    filterset_class = AbsenceFilters
    row_class = AbsenceRowSerializer
    locked_by = ("employee_no", "first_day")
    refusal_fields = {"absence_in_order": "last_day", "absence_key": "first_day"}

    def get_queryset(self) -> QuerySet[Any]:
        rows = Absence.objects.visible_to(self.access)
        return rows.select_related("employee").order_by("employee__employee_no", "first_day")

    @extend_schema(
        summary=_("Enter absences"),
        description=_(
            "An absence is known by its person and first day: a new one is entered, one that stands there is put right, the "
            "same again changes nothing. A month that absences cover whole does not count for the person."
        ),
        request=batch_of(AbsenceRowSerializer, "AbsencesBatch"),
        responses={200: DoneSerializer},
        examples=[
            request_example(
                {
                    "rows": [
                        {"employee_no": "K2031", "first_day": "2026-11-02", "last_day": "2026-11-04", "kind": "sick"}
                    ]
                }
            )
        ],
        tags=["absences"],
    )
    def create(self, request: Request) -> Response:
        return self.save_all(request)

    def save_row(self, row: dict[str, Any]) -> bool:
        visible = Absence.objects.visible_to(self.access)
        stored = visible.filter(employee=row["employee"], first_day=row["first_day"]).first()
        before = snapshot(stored)
        return snapshot(save_absence(access=self.access, absence=stored, **row)) != before
