"""How lists are narrowed: by person, by department with all below, by month, by when something was recorded."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from staff.kernel.admin.forms import MonthFormField
from staff.kernel.api.fields import MONTH_SCHEMA
from staff.kernel.api.problems import BAD_REQUEST, Problem
from staff.models import DepartmentClosure, DepartmentPeriod


@extend_schema_field(MONTH_SCHEMA)
class MonthFilter(django_filters.Filter):
    field_class = MonthFormField


class MomentField(IsoDateTimeField):
    """In UTC: the database takes no offset of more than sixteen hours, though ISO 8601 does."""

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField


class PeopleFilters(django_filters.FilterSet):
    """Of rows about people; ``person_path`` is the way from a row to its employee, empty where it is one."""

    person_path = "employee"

    employee_no = django_filters.CharFilter(method="of_person", label=gettext_lazy("One person, by employee no."))
    department = django_filters.CharFilter(
        method="in_department", label=gettext_lazy("A department with all below, as of today, by name or path.")
    )

    def of_person(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        path = f"{self.person_path}__employee_no" if self.person_path else "employee_no"
        return rows.filter(**{path: value})

    def in_department(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        view = self.request.parser_context["view"]
        department = view.names.department(value)
        if department is None:
            fault = _("There is no one department `%(text)s` among those you may see.") % {"text": value}
            raise bad_parameters({name: [fault]})
        below = DepartmentClosure.objects.filter(ancestor=department).values("descendant_id")
        placed = DepartmentPeriod.objects.filter(department_id__in=below, period__contains=view.access.day)
        return rows.filter(**{f"{self.person_path or 'pk'}__in": placed.values("employee_id")})


class RecordedFilters(PeopleFilters):
    updated_since = MomentFilter(
        field_name="recorded_at",
        lookup_expr="gte",
        label=gettext_lazy("What was entered or changed at that moment or later."),
    )


class KnownFilters(DjangoFilterBackend):
    """Refuses a parameter that is not known: a misspelt filter must not answer with everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        filters = filterset.filters if filterset is not None else {}
        refuse_unknown(request, filters, {"page", "page_size"})
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise bad_parameters(filterset.errors)
        return filterset.qs


def refuse_unknown(request: Request, *known: Any) -> None:
    """Raises ``Problem`` for a parameter of the address that is none of those, or that stands twice."""
    twice = sorted(name for name, values in request.query_params.lists() if len(values) > 1)
    if twice:
        raise bad_parameters({name: [_("This parameter stands more than once.")] for name in twice})
    unknown = sorted(request.query_params.keys() - set().union(*known))
    if unknown:
        names = ", ".join(sorted(set().union(*known)))
        raise bad_parameters(
            {name: [_("Unknown parameter. Known are: %(names)s.") % {"names": names}] for name in unknown}
        )


def bad_parameters(faults: Any) -> Problem:
    return Problem(
        BAD_REQUEST,
        faults=[
            {"parameter": name, "detail": str(detail), "code": "invalid"}
            for name, details in faults.items()
            for detail in details
        ],
    )
