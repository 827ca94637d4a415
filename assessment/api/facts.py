"""Values, items and events: listed, and written in batches."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessment.actions.event_save import save_event
from assessment.actions.item_save import save_item
from assessment.actions.values_save import save_values
from assessment.api import serializers
from assessment.models import EmployeeMonth, Event, Metric, MetricKind
from assessment.selectors.reported import ReportedNumbers
from staff.kernel.access import Forbidden, Thing, Verb
from staff.kernel.api.batches import BatchViewSet, DoneSerializer, batch_of, snapshot
from staff.kernel.api.examples import request_example
from staff.kernel.api.filters import MonthFilter, RecordedFilters, bad_parameters
from staff.kernel.api.serializers import reaches
from staff.kernel.periods import Month
from staff.models import Employee
from staff.selectors.people import things_reached


class MonthlyFilters(RecordedFilters):
    month = MonthFilter(field_name="month")


class ValueFilters(MonthlyFilters):
    metric = django_filters.CharFilter(method="of_metric", label=gettext_lazy("A metric's key."))

    def of_metric(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        view = self.request.parser_context["view"]
        if not Metric.objects.filter(kind=view.metric_kind, key=value).exists():
            raise bad_parameters({name: [_("There is no key `%(text)s`.") % {"text": value}]})
        view.metric_keys = {value}
        return rows


class ItemFilters(ValueFilters):
    metric = None
    item = django_filters.CharFilter(method="of_metric", label=gettext_lazy("An item's key."))


class MonthlyViewSet(mixins.ListModelMixin, BatchViewSet):
    """The numbers of one kind of metric."""

    thing = Thing.VALUE
    verbs = {"create": Verb.UPDATE}
    locked_by = ("employee_no", "month")
    queryset = EmployeeMonth.objects.all()
    metric_kind: ClassVar[MetricKind]
    #: Narrowed by a filter.
    metric_keys: set[str] | None = None

    def get_queryset(self) -> QuerySet[Any]:
        return EmployeeMonth.objects.visible_to(self.access)

    def paginate_queryset(self, queryset: Any) -> Any:
        metrics = Metric.objects.filter(kind=self.metric_kind)
        if self.metric_keys is not None:
            metrics = metrics.filter(key__in=self.metric_keys)
        return super().paginate_queryset(ReportedNumbers(queryset, list(metrics)))  # type: ignore[arg-type]

    def field_of(self, code: str) -> str:
        """A refusal that is about a metric by its key is about the value."""
        return super().field_of(code) or ("value" if code in self._keys else "")

    @property
    def _keys(self) -> set[str]:
        return set(Metric.objects.filter(kind=self.metric_kind).values_list("key", flat=True))


@extend_schema_view(
    list=extend_schema(
        summary=gettext_lazy("List monthly values"),
        description=gettext_lazy("What was reported, by employee no., month and metric. What is missing has no row."),
        tags=["values"],
    )
)
class ValuesViewSet(MonthlyViewSet):
    resource, metric_kind = "values", MetricKind.VALUE
    serializer_class = serializers.ValueSerializer
    filterset_class = ValueFilters
    row_class = serializers.ValueRowSerializer

    @extend_schema(
        summary=gettext_lazy("Enter monthly values"),
        description=gettext_lazy(
            "Up to 1,000 values, all or none. The same again changes nothing; null takes a value back. Changing what was "
            "reported takes a reason; a sealed month takes nothing."
        ),
        request=batch_of(serializers.ValueRowSerializer, "ValuesBatch"),
        responses={200: DoneSerializer},
        examples=[
            request_example(
                {"rows": [{"employee_no": "K2031", "month": "2026-11", "metric": "excellent_cases", "value": "2"}]}
            )
        ],
        tags=["values"],
    )
    def create(self, request: Request) -> Response:
        return self.save_all(request)

    def save_row(self, row: dict[str, Any]) -> bool:
        return bool(save_values(access=self.access, values={row.pop("metric"): row.pop("value")}, **row))


@extend_schema_view(
    list=extend_schema(
        summary=gettext_lazy("List item scores"),
        description=gettext_lazy("Scores of scorecard items with who assessed them, by employee no., month and item."),
        tags=["items"],
    )
)
class ItemsViewSet(MonthlyViewSet):
    resource, metric_kind = "items", MetricKind.ITEM
    serializer_class = serializers.ItemSerializer
    filterset_class = ItemFilters
    row_class = serializers.ItemRowSerializer

    @extend_schema(
        summary=gettext_lazy("Enter item scores"),
        description=gettext_lazy("As values, for scorecard items; each may name who assessed it."),
        request=batch_of(serializers.ItemRowSerializer, "ItemsBatch"),
        responses={200: DoneSerializer},
        examples=[
            request_example(
                {
                    "rows": [
                        {
                            "employee_no": "K2031",
                            "month": "2026-11",
                            "item": "service",
                            "value": "18.5",
                            "assessor_no": "K1001",
                        }
                    ]
                }
            )
        ],
        tags=["items"],
    )
    def create(self, request: Request) -> Response:
        return self.save_all(request)

    def save_row(self, row: dict[str, Any]) -> bool:
        return save_item(access=self.access, **row)


class EventFilters(RecordedFilters):
    month = MonthFilter(method="of_month", label=gettext_lazy("Events of that month."))
    kind = django_filters.CharFilter(field_name="kind_id", label=gettext_lazy("A kind's key."))
    status = django_filters.ChoiceFilter(choices=serializers.STATUSES)
    event_no = django_filters.CharFilter()

    def of_month(self, rows: QuerySet[Any], name: str, value: Month) -> QuerySet[Any]:
        return rows.filter(day__range=(value.first_day, value.last_day))


@extend_schema_view(
    list=extend_schema(
        summary=gettext_lazy("List events"),
        description=gettext_lazy("Complaints, exams, keywords online and so on, by date, then number."),
        tags=["events"],
    )
)
class EventsViewSet(mixins.ListModelMixin, BatchViewSet):
    resource, thing = "events", Thing.EVENT
    queryset = Event.objects.all()
    serializer_class = serializers.EventSerializer
    filterset_class = EventFilters
    row_class = serializers.EventRowSerializer
    locked_by = ("event_no",)
    refusal_fields = {"assessment_event_event_no_key": "event_no", "event_has_number": "event_no"}

    def get_queryset(self) -> QuerySet[Any]:
        rows = Event.objects.visible_to(self.access).select_related("employee")
        marked = rows.annotate(reaches_note=reaches(self.access, Thing.SENSITIVE, "employee__"))
        return marked.order_by("day", "event_no")

    @extend_schema(
        summary=gettext_lazy("Enter events"),
        description=gettext_lazy(
            "An event is known by its number: a new one is entered, one that stands there is put right, the same again "
            "changes nothing. A supervisor reports as alleged; the status withdrawn takes an event back."
        ),
        request=batch_of(serializers.EventRowSerializer, "EventsBatch"),
        responses={200: DoneSerializer},
        examples=[
            request_example(
                {
                    "rows": [
                        {
                            "event_no": "T-2026-1101",
                            "employee_no": "K2031",
                            "date": "2026-11-02",
                            "kind": "complaint",
                            "status": "alleged",
                        }
                    ]
                }
            )
        ],
        tags=["events"],
    )
    def create(self, request: Request) -> Response:
        return self.save_all(request)

    def save_row(self, row: dict[str, Any]) -> bool:
        employee: Employee = row["employee"]
        stored = Event.objects.visible_to(self.access).filter(event_no=row["event_no"]).first()
        if stored and stored.employee_id != employee.pk:
            told = _("The event no. %(no)s is about somebody else.") % {"no": stored.event_no}
            raise ValidationError({"employee_no": [ErrorDetail(told, code="other_person")]})
        if "note" in row:
            self._require_notes(employee)
        before = snapshot(stored)
        kept = {name: before[name] for name in ("subject", "quantity", "decided_on", "note") if stored}
        return snapshot(save_event(access=self.access, event=stored, **{**kept, **row})) != before

    def _require_notes(self, employee: Employee) -> None:
        """A note is a sensitive fact (roles, rule 5)."""
        if not things_reached(self.access, employee, [Thing.SENSITIVE], Verb.UPDATE):
            self.access.require(Thing.SENSITIVE, Verb.UPDATE)
            raise Forbidden(_("%(name)s is in your scope, but not for this. Ask HR.") % {"name": employee})
