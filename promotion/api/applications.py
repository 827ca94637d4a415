"""Applications as programs read them: where each stands and what was done. Writing one takes a person, so there is no verb."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.applications.models import Act, Application, ApplicationKind, ApplicationState
from promotion.applications.selectors import ORDER, page_of
from promotion.panels.models import Outcome
from staff.kernel.access import Access, Thing
from staff.kernel.api.fields import MonthField
from staff.kernel.api.filters import MomentFilter, MonthFilter, PeopleFilters
from staff.kernel.api.serializers import GuardedSerializer
from staff.kernel.api.views import ApiViewSet
from staff.models.querysets import within

#: At which an application may stand.
STEPS = [(name, name) for name in ORDER if name not in ApplicationState.values]
STOPS = [("done", "done"), ("now", "now"), ("ended", "ended"), ("todo", "todo")]


class ApplicationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField(help_text=_("As it is cited: A-00042."))
    employee_no = serializers.CharField(source="employee.employee_no")
    department = serializers.SerializerMethodField(help_text=_("The one it was opened in."))
    kind = serializers.ChoiceField(ApplicationKind.choices, help_text=_("How it came about."))
    policy = serializers.CharField(source="version.key")
    version = serializers.IntegerField(source="version.number")
    from_tier = serializers.CharField()
    to_tier = serializers.CharField()
    state = serializers.ChoiceField(ApplicationState.choices)
    step = serializers.CharField(allow_blank=True, help_text=_("Where it stands; empty unless it is under way."))
    step_since = serializers.DateTimeField(help_text=_("When it came there, or reached its state."))
    due_on = serializers.DateField(allow_null=True, help_text=_("The last day of whoever has to act."))
    month = MonthField(
        source="standing_month", allow_null=True, help_text=_("On the standing of which it was handed in.")
    )
    submitted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    effective_on = serializers.DateField(allow_null=True)

    def get_department(self, row: Application) -> str:
        name: str = self.context["view"].names.name_of(row.department_id)
        return name


class ApplicationStepSerializer(serializers.Serializer):
    step = serializers.CharField()
    state = serializers.ChoiceField(STOPS)
    at = serializers.DateTimeField(allow_null=True, help_text=_("When it was done, or began."))
    due_on = serializers.DateField(allow_null=True)


class ApplicationEventSerializer(serializers.Serializer):
    act = serializers.ChoiceField(Act.choices)
    step = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    by = serializers.CharField(source="signed", allow_blank=True, help_text=_("Empty where it came about by itself."))
    role = serializers.CharField(allow_blank=True, help_text=_("In which of their roles."))
    words = serializers.SerializerMethodField()

    def get_words(self, event: Any) -> str:
        return "" if event.words == "***" else event.words


class PanelResultSerializer(GuardedSerializer):
    """Of a closed round; the total for the person and for whoever reads rounds of theirs."""

    guards = {"told": ("total", "rank", "outcome")}

    round = serializers.IntegerField(source="round_id")
    step = serializers.CharField(source="round.step")
    closed_at = serializers.DateTimeField(source="round.closed_at")
    total = serializers.DecimalField(max_digits=7, decimal_places=2, required=False, allow_null=True)
    rank = serializers.IntegerField(required=False, allow_null=True)
    outcome = serializers.ChoiceField(Outcome.choices, required=False, allow_blank=True)


class ApplicationWholeSerializer(ApplicationSerializer):
    reason = serializers.CharField(allow_blank=True, help_text=_("Why it ended so."))
    clause = serializers.CharField(allow_blank=True)
    steps = ApplicationStepSerializer(many=True, source="page.stops")
    events = ApplicationEventSerializer(many=True, source="page.events")
    rounds = PanelResultSerializer(many=True, source="page.candidacies", help_text=_("Those that are closed."))


class ApplicationFilters(PeopleFilters):
    state = django_filters.ChoiceFilter(choices=ApplicationState.choices)
    step = django_filters.ChoiceFilter(choices=STEPS)
    kind = django_filters.ChoiceFilter(choices=ApplicationKind.choices)
    policy = django_filters.CharFilter(field_name="version__key")
    month = MonthFilter(field_name="standing_month")
    updated_since = MomentFilter(
        field_name="step_since", lookup_expr="gte", label=_("What moved at that moment or later.")
    )


@extend_schema_view(
    list=extend_schema(
        summary=_("List applications"),
        description=_("Where each stands and until when, the latest first."),
        tags=["applications"],
    )
)
class ApplicationsViewSet(mixins.ListModelMixin, ApiViewSet):
    resource, thing = "applications", Thing.APPLICATION
    queryset = Application.objects.all()
    serializer_class = ApplicationSerializer
    filterset_class = ApplicationFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Application.objects.visible_to(self.access).select_related("employee", "version", "department")
        return rows.defer("summary", "results", "merit", "frozen").order_by("-pk")

    @extend_schema(
        summary=_("Read one application"),
        description=_("With its steps, what was done and said that the reader may read, and results of closed rounds."),
        responses=ApplicationWholeSerializer,
        tags=["applications"],
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        row = get_object_or_404(self.get_queryset(), pk=pk)
        row.page = page_of(self.access, row)
        told = row.page.own or _reads_rounds(self.access, row)
        for one in row.page.candidacies:
            one.told = told
        return Response(ApplicationWholeSerializer(row, context=self.get_serializer_context()).data)


def _reads_rounds(access: Access, row: Application) -> bool:
    scope = within(access.scope(Thing.ROUND), access.day, "employee__")
    return Application.objects.filter(scope, pk=row.pk).exists()
