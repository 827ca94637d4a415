"""People, departments and absences as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from staff.kernel.api.fields import DepartmentField, PersonField
from staff.kernel.api.names import Names
from staff.kernel.api.serializers import GuardedSerializer, StrictSerializer, inserted
from staff.models import AbsenceKind, Department


class PersonSerializer(GuardedSerializer):
    guards = {"reaches_sensitive": ("birth_date",)}

    employee_no = serializers.CharField()
    name = serializers.CharField()
    position = serializers.CharField()
    department = DepartmentField(
        source="department_id", allow_null=True, help_text=_("Today's, by name, or by path where names repeat.")
    )
    supervisor_no = serializers.CharField(allow_null=True, help_text=_("Today's supervisor."))
    hired_on = serializers.DateField()
    regularised_on = serializers.DateField(allow_null=True)
    post_since = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True, help_text=_("The last day of work."))
    birth_date = serializers.DateField(
        required=False, allow_null=True, help_text=_("Only for whoever reaches sensitive facts of this person.")
    )
    email = serializers.CharField()
    im_account = serializers.CharField()
    recorded_at = serializers.DateTimeField(help_text=_("When the master data were last entered or changed."))


class PersonChangeSerializer(StrictSerializer):
    """Columns that are left out stay as they are; null or an empty text clears one."""

    name = serializers.CharField(max_length=100, required=False)
    position = serializers.CharField(max_length=100, required=False, allow_blank=True)
    hired_on = serializers.DateField(required=False)
    regularised_on = serializers.DateField(required=False, allow_null=True)
    post_since = serializers.DateField(required=False, allow_null=True)
    left_on = serializers.DateField(required=False, allow_null=True)
    birth_date = serializers.DateField(required=False, allow_null=True)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    im_account = serializers.CharField(max_length=100, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class HireSerializer(StrictSerializer):
    employee_no = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=100)
    department = DepartmentField()
    hired_on = serializers.DateField(help_text=_("The first department and supervisor hold from this day on."))
    supervisor_no = PersonField(source="supervisor", required=False, allow_null=True)
    position = serializers.CharField(max_length=100, required=False, allow_blank=True)
    regularised_on = serializers.DateField(required=False, allow_null=True)
    post_since = serializers.DateField(required=False, allow_null=True)
    birth_date = serializers.DateField(required=False, allow_null=True)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    im_account = serializers.CharField(max_length=100, required=False, allow_blank=True)


class MoveDepartmentSerializer(StrictSerializer):
    department = DepartmentField()

    def get_fields(self) -> dict[str, Any]:
        return inserted(super().get_fields(), "department", **{"from": serializers.DateField(source="from_day")})


class MoveSupervisorSerializer(StrictSerializer):
    supervisor_no = PersonField(source="supervisor", allow_null=True, help_text=_("Null: nobody from that day on."))

    def get_fields(self) -> dict[str, Any]:
        return inserted(super().get_fields(), "supervisor_no", **{"from": serializers.DateField(source="from_day")})


class DepartmentSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text=_("Stands in the address of a change."))
    department = DepartmentField(source="pk", help_text=_("By name, or by path where names repeat."))
    parent = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text=_("Null at the root, and for a parent outside one's scope.")
    )
    head_no = serializers.CharField(source="head.employee_no", allow_null=True, default=None)

    def get_parent(self, department: Department) -> str | None:
        names: Names = self.context["view"].names
        return (
            names.name_of(department.parent_id) if department.parent_id and names.sees(department.parent_id) else None
        )


class DepartmentWriteSerializer(StrictSerializer):
    name = serializers.CharField(max_length=100, help_text=_("Its own name, without a path."))
    parent = DepartmentField(allow_null=True)  # type: ignore[assignment]
    head_no = PersonField(source="head", required=False, allow_null=True)


class AbsenceSerializer(serializers.Serializer):
    employee_no = serializers.CharField(source="employee.employee_no")
    first_day = serializers.DateField()
    last_day = serializers.DateField(help_text=_("Included."))
    kind = serializers.ChoiceField(AbsenceKind.choices)
    recorded_at = serializers.DateTimeField()


class AbsenceRowSerializer(StrictSerializer):
    """The absence of the person from that first day on: a new one, or the one that is put right."""

    employee_no = PersonField(source="employee")
    first_day = serializers.DateField()
    last_day = serializers.DateField(help_text=_("Included."))
    kind = serializers.ChoiceField(AbsenceKind.choices)
