from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PayrollConfig(AppConfig):
    name = "payroll"
    verbose_name = _("Payroll")

    def ready(self) -> None:
        from payroll import trail
        from payroll.facts import facts
        from payroll.records import PayTable
        from payroll.selectors.lines import lines_of
        from payroll.web.draft_cost import draft_cost
        from payroll.web.panels import level_pay_panel, own_pay_panel
        from policy.catalogue import register as make_known
        from policy.drafting.effects import register_effect
        from promotion.corrections.carry_out import register_pay_lines
        from promotion.web.panels import register_panel
        from staff.kernel.records.tables import register

        register_panel(own_pay_panel)
        register_panel(level_pay_panel)
        register(PayTable())
        register_pay_lines(lines_of)
        register_effect(draft_cost)
        make_known(facts)
        trail.declare()
