from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("Assessment")

    def ready(self) -> None:
        from assessment import trail
        from assessment.facts import facts
        from assessment.web import feedback_words, messages
        from policy.catalogue import register

        register(facts)
        self._register_records()
        self._keep_inputs()
        self._open_doors()
        self._show_what_drafts_change()
        messages.register()
        feedback_words.register()
        trail.declare()

    def _show_what_drafts_change(self) -> None:
        from assessment.web.draft_effect import draft_effect
        from policy.drafting.effects import register_effect

        register_effect(draft_effect)

    def _keep_inputs(self) -> None:
        from assessment.actions.inputs_keep import keep_inputs
        from policy.actions.policy_publish import input_keepers

        input_keepers.append(keep_inputs)

    def _register_records(self) -> None:
        from assessment import records
        from staff.kernel.records.tables import register, table_named

        for table in (records.ValuesTable, records.ItemsTable, records.EventsTable):
            register(table())
        table_named("absences").more_checks.append(records.refuse_sealed_absences)

    def _open_doors(self) -> None:
        from assessment.selectors.cases import reads_others
        from assessment.selectors.doubts import answers_doubts, count_to_answer
        from assessment.selectors.entering import leads
        from assessment.selectors.feedback import leads_people
        from assessment.selectors.own_results import HAS_RESULTS, results_of_employee
        from assessment.web.team_results import leads_alone, looks_after_results
        from staff.selectors.access import ask_of_employee
        from staff.web.nav import Door, register_door

        ask_of_employee(HAS_RESULTS, results_of_employee())
        register_door(
            Door("my-months", _("My months"), "month", 20, lambda a: a.employee_id is not None and a.behalf is None)
        )
        register_door(Door("my-results", _("My results"), "results", 15, lambda access: HAS_RESULTS in access.about))
        register_door(Door("cases", _("Cases"), "case", 35, lambda a: a.employee_id is not None or reads_others(a)))
        register_door(Door("intake", _("Intake"), "grid", 5, leads))
        register_door(Door("doubts", _("Doubts"), "unknown", 50, answers_doubts, count_to_answer))
        register_door(Door("feedback-list", _("Feedback talks"), "person", 46, leads_people))
        register_door(Door("team-results", _("Results of my team"), "board", 45, leads_alone))
        register_door(
            Door("team-results", _("Results"), "board", 45, lambda a: looks_after_results(a) and not leads_alone(a))
        )
