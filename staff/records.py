"""The records of this app: departments, people, absences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from staff.department_records import DepartmentsTable
from staff.kernel.access import Thing
from staff.kernel.records.columns import Column, DayColumn, EmployeeColumn, NamedColumn
from staff.kernel.records.loading import Loading
from staff.kernel.records.tables import PlainTable
from staff.models import AbsenceKind
from staff.person_records import StaffTable

__all__ = ["AbsencesTable", "DepartmentsTable", "StaffTable"]

_ABSENCES = {
    "事假": AbsenceKind.LEAVE,
    "请假": AbsenceKind.LEAVE,
    "病假": AbsenceKind.SICK,
    "医疗期": AbsenceKind.MEDICAL,
    "产假": AbsenceKind.MATERNITY,
    "哺乳期": AbsenceKind.NURSING,
    "哺乳假": AbsenceKind.NURSING,
    "工伤": AbsenceKind.INJURY,
    "培训": AbsenceKind.TRAINING,
}


class AbsencesTable(PlainTable):
    """Days away, both included. They may overlap: a month is exempt when their union covers it."""

    name = "absences"
    aliases = ("缺勤", "请假", "休假")
    thing = Thing.ABSENCE
    moment = "t.first_day"
    until = "t.last_day"
    target = "staff_absence"
    fields = {"employee_no": "employee_id", "first_day": "first_day", "last_day": "last_day", "kind": "kind"}

    def columns(self) -> list[Column]:
        names = {str(kind): str(kind) for kind in AbsenceKind.values} | {
            zh: str(kind) for zh, kind in _ABSENCES.items()
        }
        listed = ", ".join(f"('{name}', '{kind}')" for name, kind in names.items())
        return [
            EmployeeColumn("employee_no", "工号", key=True),
            DayColumn("first_day", "开始", key=True),
            DayColumn("last_day", "结束", header=True, required=True),
            NamedColumn(
                "kind",
                "类型",
                required=True,
                names=f"SELECT * FROM (VALUES {listed}) v(name, value)",
                what=", ".join(names),
            ),
        ]

    def check_changes(self, load: Loading) -> None:
        load.select_faults(
            "last_day",
            _("last_day %(last)s lies before first_day %(first)s"),
            "SELECT line, first_day::text AS first, last_day::text AS last FROM rec_diff WHERE last_day < first_day",
            reads=("first_day", "last_day"),
        )
