from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("People")

    def ready(self) -> None:
        from staff import records
        from staff.kernel.records.tables import register

        for table in (records.DepartmentsTable, records.StaffTable, records.AbsencesTable):
            register(table())
