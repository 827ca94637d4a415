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
        self._open_doors()
        trail.declare()

    def _open_doors(self) -> None:
        from staff.kernel.access import Thing, Verb
        from staff.web.nav import Door, register_door

        # whoever has no role reads none; those who work in the admin find their door there too
        register_door(Door("policies", _("Policies"), "doc", 60, lambda a: a.may(Thing.POLICY, Verb.READ)))
