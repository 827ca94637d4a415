"""Pay records: only for those whom the roles give amounts, through this door as through every other."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from payroll.actions.pay_record_save import save_pay_record
from payroll.api.serializers import PayRowSerializer, PaySerializer
from payroll.models import PayRecord
from staff.kernel.access import Thing
from staff.kernel.api.batches import BatchViewSet, DoneSerializer, batch_of, snapshot
from staff.kernel.api.examples import request_example
from staff.kernel.api.filters import MonthFilter, RecordedFilters
from staff.kernel.periods import Month


class PayFilters(RecordedFilters):
    month = MonthFilter(method="begun_in", label=_("Records that begin in that month."))

    def begun_in(self, rows: QuerySet[Any], name: str, value: Month) -> QuerySet[Any]:
        return rows.filter(starts_on__range=(value.first_day, value.last_day))


@extend_schema_view(
    list=extend_schema(
        summary=_("List pay records"),
        description=_("By employee no., then day. One's own, without a role."),
        tags=["pay"],
    )
)
class PayViewSet(mixins.ListModelMixin, BatchViewSet):
    resource, thing = "pay", Thing.PAY
    queryset = PayRecord.objects.all()
    serializer_class = PaySerializer
    filterset_class = PayFilters
    row_class = PayRowSerializer
    locked_by = ("employee_no", "from")
    refusal_fields = {"pay_record_key": "from", "pay_is_not_negative": "base"}

    def get_queryset(self) -> QuerySet[Any]:
        rows = PayRecord.objects.visible_to(self.access)
        return rows.select_related("employee").order_by("employee__employee_no", "starts_on")

    @extend_schema(
        summary=_("Enter pay records"),
        description=_(
            "A record is known by its person and first day: a new one is entered, one that stands there is put right, the same "
            "again changes nothing."
        ),
        request=batch_of(PayRowSerializer, "PayBatch"),
        responses={200: DoneSerializer},
        examples=[
            request_example(
                {
                    "rows": [
                        {
                            "employee_no": "K2031",
                            "from": "2026-12-01",
                            "base": "4200.00",
                            "post_wage": "600.00",
                            "performance": None,
                        }
                    ]
                }
            )
        ],
        tags=["pay"],
    )
    def create(self, request: Request) -> Response:
        return self.save_all(request)

    def save_row(self, row: dict[str, Any]) -> bool:
        visible = PayRecord.objects.visible_to(self.access)
        stored = visible.filter(employee=row["employee"], starts_on=row["starts_on"]).first()
        before = snapshot(stored)
        amounts = {name: before.get(name) for name in ("base", "post_wage", "performance")}
        return snapshot(save_pay_record(access=self.access, record=stored, **{**amounts, **row})) != before
