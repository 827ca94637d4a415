"""Months: their state, their window, and how complete they are. Sealing takes a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessment.api.serializers import MonthDetailSerializer, MonthSerializer
from assessment.models import AssessmentMonth, Metric
from assessment.selectors.months import month_row, months_listed
from assessment.selectors.needs import completeness
from assessment.selectors.windows import windows_of
from staff.kernel.access import Thing
from staff.kernel.api.filters import refuse_unknown
from staff.kernel.api.views import ApiViewSet
from staff.kernel.periods import Month
from staff.models import Employee


class MonthsViewSet(ApiViewSet):
    resource, thing = "months", Thing.MONTH
    serializer_class = MonthSerializer
    filter_backends = []
    lookup_url_kwarg = "month"
    lookup_value_regex = "[0-9]{4}-[0-9]{2}"

    @extend_schema(
        summary=_("List months"),
        description=_("The latest first, back to the first one that was closed or sealed."),
        tags=["months"],
    )
    def list(self, request: Request) -> Response:
        refuse_unknown(request, {"page", "page_size"})
        page = self.paginate_queryset(months_listed(self.access.day))
        found = [_as_told(row) for row in page or []]
        return self.get_paginated_response(self.get_serializer(found, many=True).data)

    @extend_schema(
        summary=_("Read one month"),
        description=_("State, window, and what is reported of what the policies in force need."),
        responses=MonthDetailSerializer,
        tags=["months"],
    )
    def retrieve(self, request: Request, month: str) -> Response:
        try:
            asked = Month.parse(month)
        except ValueError as error:
            raise Http404 from error
        told = {**_as_told(month_row(asked)), "completeness": self._teams(asked)}
        return Response(MonthDetailSerializer(told, context=self.get_serializer_context()).data)

    def _teams(self, month: Month) -> Sequence[dict[str, Any]]:
        found = [] if self.access.scope(Thing.VALUE).empty else completeness(self.access, month)
        numbers = dict(
            Employee.objects.filter(pk__in={one.supervisor_id for one in found}).values_list("pk", "employee_no")
        )
        keys = dict(Metric.objects.values_list("pk", "key"))
        return [
            {
                "supervisor_no": numbers.get(one.supervisor_id),
                "metric": keys[one.metric_id],
                "expected": one.expected,
                "reported": one.reported,
                "missing": one.expected - one.reported,
            }
            for one in found
        ]


def _as_told(row: AssessmentMonth) -> dict[str, Any]:
    window = windows_of({row.month: row})[row.month].company
    return {"month": row.month, "state": row.state, "window": window, "sealed_at": row.sealed_at}
