from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "policy"
    verbose_name = _("Policies")

    def ready(self) -> None:
        from policy import trail
        from policy.catalogue import register
        from policy.facts import facts

        register(facts)
        trail.declare()
