"""Standings as the sweep keeps them, one person's explanation, and runs with their progress."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from policy.compiler import Outcome
from promotion.api import serializers
from promotion.models import Run, RunState, Standing
from promotion.sweep.actions.sweep_request import request_sweep
from promotion.sweep.selectors import judged_live
from staff.kernel.access import Refused, Thing, Verb
from staff.kernel.api.examples import request_example
from staff.kernel.api.fields import MONTH_SCHEMA
from staff.kernel.api.filters import MonthFilter, PeopleFilters, bad_parameters, refuse_unknown
from staff.kernel.api.serializers import reaches
from staff.kernel.api.views import ApiViewSet
from staff.kernel.periods import Month
from staff.models import Employee
from staff.models.querysets import within
from staff.selectors.people import person_in_scope

_NUMBERS = {str(outcome): outcome.value for outcome in Outcome}


class StandingFilters(PeopleFilters):
    month = MonthFilter(field_name="month")
    tier = django_filters.CharFilter()
    outcome = django_filters.ChoiceFilter(choices=serializers.OUTCOMES, method="of_outcome")

    def of_outcome(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Nobody learns an outcome by asking for it that they do not read."""
        return rows.filter(outcome=_NUMBERS[value], reaches_standing=True)


@extend_schema_view(
    list=extend_schema(
        summary=gettext_lazy("List standings"),
        description=gettext_lazy(
            "What holds for each person as of each month that was swept. Payroll reads the tier alone."
        ),
        tags=["standings"],
    )
)
class StandingsViewSet(mixins.ListModelMixin, ApiViewSet):
    resource, thing = "standings", Thing.STANDING
    queryset = Standing.objects.all()
    serializer_class = serializers.StandingSerializer
    filterset_class = StandingFilters

    def require(self) -> None:
        if not self.access.may(Thing.LEDGER, Verb.READ):
            super().require()

    def get_queryset(self) -> QuerySet[Any]:
        rows = Standing.objects.current().annotate(reaches_standing=reaches(self.access, Thing.STANDING, "employee__"))
        scopes = [self.access.scope(thing) for thing in (Thing.STANDING, Thing.LEDGER)]
        if not any(scope.company for scope in scopes):
            reached = [within(scope, self.access.day, "employee__") for scope in scopes]
            rows = rows.filter(reached[0] | reached[1])
        rows = rows.select_related("employee", "run__version").defer("run__version__document", "run__params")
        return rows.order_by("month", "employee__employee_no")


class ExplanationsViewSet(ApiViewSet):
    resource, thing = "explanations", Thing.STANDING
    serializer_class = serializers.ExplanationSerializer
    filter_backends = []
    lookup_url_kwarg = "employee_no"
    lookup_value_regex = "[^/]+"

    @extend_schema(
        summary=gettext_lazy("Explain one person's standing"),
        description=gettext_lazy(
            "Clause by clause, judged from the facts of this moment: the object of the explain command."
        ),
        parameters=[
            OpenApiParameter(
                "as_of", MONTH_SCHEMA, required=True, description=gettext_lazy("The month at whose end it is judged.")
            ),
            OpenApiParameter("employee_no", str, OpenApiParameter.PATH),
        ],
        tags=["explanations"],
    )
    def retrieve(self, request: Request, employee_no: str) -> Response:
        refuse_unknown(request, {"as_of"})
        try:
            month = Month.parse(request.query_params.get("as_of", ""))
        except ValueError as error:
            raise bad_parameters({"as_of": [_("A month is expected: YYYY-MM, such as 2026-10.")]}) from error
        try:
            person = person_in_scope(self.access, employee_no, thing=Thing.STANDING)
        except Employee.DoesNotExist as error:
            raise Http404 from error
        judged = judged_live(person, month)
        if judged is None:
            raise Http404
        return Response(judged.wire(person.employee_no, month))


class RunFilters(django_filters.FilterSet):
    month = MonthFilter(field_name="month")
    state = django_filters.ChoiceFilter(choices=RunState.choices)


@extend_schema_view(
    list=extend_schema(
        summary=gettext_lazy("List runs"), description=gettext_lazy("The latest first, with progress."), tags=["runs"]
    ),
    retrieve=extend_schema(
        summary=gettext_lazy("Read one run"), description=gettext_lazy("With its progress."), tags=["runs"]
    ),
)
class RunsViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    resource, thing = "runs", Thing.RUN
    own_transactions = True  # the snapshot of what is known is taken outside every transaction
    queryset = Run.objects.all()
    serializer_class = serializers.RunSerializer
    filterset_class = RunFilters
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Any]:
        done = Count("shards", filter=Q(shards__state=RunState.DONE))
        rows = Run.objects.select_related("version").defer("version__document", "params")
        return rows.annotate(shards_all=Count("shards"), shards_done=done).order_by("-pk")

    @extend_schema(
        summary=gettext_lazy("Ask for a sweep"),
        description=gettext_lazy(
            "One run for each policy with a ladder in force at the month's end. A run that is at work, or whose facts have not "
            "changed since, is answered as it is. On an unsealed month it is provisional."
        ),
        request=serializers.RunRequestSerializer,
        responses={202: serializers.RunsSerializer},
        examples=[request_example({"month": "2026-10"})],
        tags=["runs"],
    )
    def create(self, request: Request) -> Response:
        month: Month = self.read(serializers.RunRequestSerializer, request).validated_data["month"]
        runs = request_sweep(access=self.access, month=month)
        if not runs:
            raise Refused(
                _("No policy with a ladder is in force on %(day)s, so there is nobody to judge. Adopt one first.")
                % {"day": month.last_day},
                code="month",
            )
        found = self.get_queryset().filter(pk__in=[run.pk for run in runs])
        return Response(serializers.RunsSerializer({"runs": found}).data, status=202)
