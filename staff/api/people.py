"""People and departments: read, hired, changed, moved."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from staff.actions.department_save import save_department
from staff.actions.person_change import change
from staff.actions.person_hire import hire
from staff.actions.person_move import move_department, move_supervisor
from staff.api import serializers
from staff.kernel.access import Thing, Verb
from staff.kernel.api.examples import request_example
from staff.kernel.api.filters import RecordedFilters
from staff.kernel.api.names import Names
from staff.kernel.api.serializers import reaches
from staff.kernel.api.views import ApiViewSet
from staff.models import Department, DepartmentPeriod, Employee, SupervisorPeriod


class PersonFilters(RecordedFilters):
    person_path = ""

    search = django_filters.CharFilter(
        method="of_words", label=_("By name, employee no., pinyin or initials; several words narrow further.")
    )
    employed = django_filters.BooleanFilter(method="working", label=_("Whether they work here today."))

    def of_words(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.search(value)

    def working(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        day = self.request.parser_context["view"].access.day
        works = Q(hired_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))
        return rows.filter(works if value else ~works)


@extend_schema_view(
    list=extend_schema(
        summary=_("List people"), description=_("Everybody in scope, leavers too, by employee no."), tags=["people"]
    ),
    retrieve=extend_schema(summary=_("Read one person"), description=_("Master data as of today."), tags=["people"]),
)
class PeopleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    resource, thing = "people", Thing.PERSON
    verbs = {
        "create": Verb.CREATE,
        "partial_update": Verb.UPDATE,
        "department": Verb.UPDATE,
        "supervisor": Verb.UPDATE,
    }
    queryset = Employee.objects.all()
    serializer_class = serializers.PersonSerializer
    filterset_class = PersonFilters
    lookup_field = named_by = "employee_no"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Any]:
        placed = DepartmentPeriod.objects.filter(employee=OuterRef("pk"), period__contains=self.access.day)
        led = SupervisorPeriod.objects.filter(employee=OuterRef("pk"), period__contains=self.access.day)
        return (
            Employee.objects.visible_to(self.access)
            .annotate(
                department_id=Subquery(placed.values("department_id")[:1]),
                supervisor_no=Subquery(led.values("supervisor__employee_no")[:1]),
                reaches_sensitive=reaches(self.access, Thing.SENSITIVE),
            )
            .order_by("employee_no")
        )

    @extend_schema(
        summary=_("Hire a person"),
        description=_("Enters a person with the first department and supervisor, from the day of hiring on."),
        request=serializers.HireSerializer,
        responses={201: serializers.PersonSerializer},
        examples=[
            request_example(
                {"employee_no": "K3001", "name": "李青", "department": "信息客服一组", "hired_on": "2026-12-01"}
            )
        ],
        tags=["people"],
    )
    def create(self, request: Request) -> Response:
        given = self.read(serializers.HireSerializer, request).validated_data
        return self._answer(hire(access=self.access, **given), 201)

    @extend_schema(
        summary=_("Change a person's master data"),
        description=_("What is left out stays. Department and supervisor change with a day of their own, below."),
        request=serializers.PersonChangeSerializer,
        examples=[request_example({"regularised_on": "2026-12-01", "reason": "转正"})],
        tags=["people"],
    )
    def partial_update(self, request: Request, employee_no: str) -> Response:
        person = self.get_object()
        given = dict(self.read(serializers.PersonChangeSerializer, request).validated_data)
        reason = given.pop("reason", "")
        return self._answer(change(access=self.access, employee=person, changes=given, reason=reason))

    @extend_schema(
        summary=_("Move a person to a department"),
        description=_(
            "From that day on, until the next move that is recorded already. The same again changes nothing."
        ),
        request=serializers.MoveDepartmentSerializer,
        responses={200: serializers.MoveDepartmentSerializer},
        examples=[request_example({"department": "信息客服二组", "from": "2026-12-01"})],
        tags=["people"],
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def department(self, request: Request, employee_no: str) -> Response:
        move = self.read(serializers.MoveDepartmentSerializer, request)
        move_department(access=self.access, employee=self.get_object(), **move.validated_data)
        return Response(move.data)

    @extend_schema(
        summary=_("Put a person under a supervisor"),
        description=_(
            "From that day on, until the next change that is recorded already. The same again changes nothing."
        ),
        request=serializers.MoveSupervisorSerializer,
        responses={200: serializers.MoveSupervisorSerializer},
        examples=[request_example({"supervisor_no": "K1002", "from": "2026-12-01"})],
        tags=["people"],
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def supervisor(self, request: Request, employee_no: str) -> Response:
        move = self.read(serializers.MoveSupervisorSerializer, request)
        move_supervisor(access=self.access, employee=self.get_object(), **move.validated_data)
        return Response(move.data)

    def _answer(self, person: Employee, status: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=person.pk)).data, status=status)


@extend_schema_view(
    list=extend_schema(
        summary=_("List departments"), description=_("Those of one's scope, the oldest first."), tags=["people"]
    )
)
class DepartmentsViewSet(mixins.ListModelMixin, ApiViewSet):
    resource, thing = "people", Thing.PERSON
    queryset = Department.objects.all()
    serializer_class = serializers.DepartmentSerializer
    named_by = "id"
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Any]:
        return Department.objects.visible_to(self.access).select_related("head").order_by("pk")

    @extend_schema(
        summary=_("Found a department"),
        description=_("A new department below another one; at the root it takes HR of the whole company."),
        request=serializers.DepartmentWriteSerializer,
        responses={201: serializers.DepartmentSerializer},
        examples=[request_example({"name": "信息客服三组", "parent": "信息客服部", "head_no": None})],
        tags=["people"],
    )
    def create(self, request: Request) -> Response:
        given = self.read(serializers.DepartmentWriteSerializer, request).validated_data
        return self._answer(save_department(access=self.access, **given), 201)

    @extend_schema(
        summary=_("Change a department"),
        description=_("Renames it, moves it in the tree, or gives it a head. What is left out stays."),
        request=serializers.DepartmentWriteSerializer,
        examples=[request_example({"head_no": "K1000"})],
        tags=["people"],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        department = self.get_object()
        stored = {"name": department.name, "parent": department.parent, "head": department.head}
        given = self.read(serializers.DepartmentWriteSerializer, request, partial=True).validated_data
        return self._answer(save_department(access=self.access, department=department, **{**stored, **given}))

    def _answer(self, department: Department, status: int = 200) -> Response:
        self.names = Names(self.access)  # with the name that it has now
        return Response(self.get_serializer(department).data, status=status)
