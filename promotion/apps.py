from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromotionConfig(AppConfig):
    name = "promotion"
    verbose_name = _("Promotion")

    def ready(self) -> None:
        from policy.catalogue import register
        from promotion.facts import facts

        register(facts)
        self._register_records()

    def _register_records(self) -> None:
        from promotion.records import StaffWithTiersTable
        from staff.kernel.records.tables import register

        register(StaffWithTiersTable())
