from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("People")

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from staff import records, trail
        from staff.kernel import audit
        from staff.kernel.records.tables import register

        for table in (records.DepartmentsTable, records.StaffTable, records.AbsencesTable):
            register(table())
        trail.declare()
        self._say_who_stands_in()
        connection_created.connect(audit.say_on_new_connection, dispatch_uid="audit")
        self._open_doors()

    def _say_who_stands_in(self) -> None:
        from django.db.models import OuterRef

        from staff.models import Delegation
        from staff.selectors.access import ask_of_employee
        from staff.selectors.delegations import STANDS_IN
        from staff.web import delegation_words

        ask_of_employee(STANDS_IN, lambda day: Delegation.objects.not_over(day).filter(deputy__employee=OuterRef("pk")))
        delegation_words.register()

    def _open_doors(self) -> None:
        from staff.access import ADMIN_ROLES
        from staff.selectors.delegations import STANDS_IN
        from staff.web.nav import Door, register_door

        register_door(Door("inbox", _("Inbox"), "todo", 3, lambda access: True, asks="inbox-count"))
        register_door(
            Door("admin:index", _("Administration"), "check-list", 80, lambda access: bool(access.roles & ADMIN_ROLES))
        )
        register_door(Door("deputies", _("Standing in"), "people", 5, lambda access: STANDS_IN in access.about))
        register_door(Door("settings", _("Settings"), "gear", 90, lambda access: True))
