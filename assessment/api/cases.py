"""Cases as programs read them: those of the scope, with their evidence."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers

from assessment.models import Case, CaseKind, CaseState, Level
from staff.kernel.access import Thing
from staff.kernel.api.fields import MonthField
from staff.kernel.api.filters import MonthFilter, PeopleFilters
from staff.kernel.api.views import ApiViewSet
from staff.models import Role


class CaseSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(CaseKind.choices)
    adverse = serializers.BooleanField(help_text=_("It speaks against somebody: a named person decides."))
    policy = serializers.CharField()
    version = serializers.IntegerField(source="version.number")
    clause = serializers.CharField(help_text=_("Its number in the version's document."))
    level = serializers.ChoiceField(Level.choices)
    month = MonthField(help_text=_("The last month of the period."))
    employee_no = serializers.SerializerMethodField(help_text=_("Null for a team's."))
    department = serializers.SerializerMethodField()
    owner = serializers.ChoiceField(Role.choices, help_text=_("The role that has to act."))
    state = serializers.ChoiceField(CaseState.choices)
    evidence = serializers.SerializerMethodField(
        help_text=_("The rule in words, what was observed, and what it rests on.")
    )
    raised_at = serializers.DateTimeField()
    handled_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)

    def get_employee_no(self, case: Case) -> str | None:
        return case.employee.employee_no if case.employee else None

    def get_department(self, case: Case) -> str:
        name: str = self.context["view"].names.name_of(case.department_id)
        return name

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_evidence(self, case: Case) -> Any:
        return case.evidence


class CaseFilters(PeopleFilters):
    month = MonthFilter(field_name="month")
    kind = django_filters.ChoiceFilter(choices=CaseKind.choices)
    state = django_filters.ChoiceFilter(choices=CaseState.choices)
    level = django_filters.ChoiceFilter(choices=Level.choices)


@extend_schema_view(
    list=extend_schema(
        summary=_("List cases"),
        description=_("What results of record have raised, of people and of teams, the latest first."),
        tags=["cases"],
    ),
    retrieve=extend_schema(summary=_("Read one case"), description=_("With its evidence."), tags=["cases"]),
)
class CasesViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    resource, thing = "cases", Thing.CASE
    queryset = Case.objects.all()
    serializer_class = CaseSerializer
    filterset_class = CaseFilters
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Case.objects.visible_to(self.access).select_related("employee", "version").defer("version__document")
        return rows.order_by("-month", "-pk")
