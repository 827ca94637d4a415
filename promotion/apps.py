from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Access, Thing, Verb


class PromotionConfig(AppConfig):
    name = "promotion"
    verbose_name = _("Promotion")

    def ready(self) -> None:
        from policy.catalogue import register
        from promotion import trail
        from promotion.applications import registered as applications
        from promotion.cases import registered
        from promotion.facts import facts
        from promotion.shortlist import registered as shortlist
        from promotion.web import messages

        register(facts)
        self._register_records()
        self._check_hirings()
        self._say_who_is_on_a_ladder()
        self._show_tiers_beside_names()
        self._show_what_drafts_change()
        self._open_doors()
        messages.register()
        self._say_what_mail_may_speak_of()
        trail.declare()
        applications.declare()
        registered.declare()
        shortlist.declare()

    def _say_what_mail_may_speak_of(self) -> None:
        from staff.kernel.subjects import register_subject

        register_subject(
            _("promotions: applications, rounds, notices"),
            *("application", "appeal", "opinion", "review", "decision", "eligible", "round", "judg", "recusal", "tie"),
            *("notice", "objection", "answer"),
        )

    def _register_records(self) -> None:
        from promotion.records import StaffWithTiersTable
        from staff.kernel.records.tables import register

        register(StaffWithTiersTable())

    def _check_hirings(self) -> None:
        from promotion.ledger.hiring import check_hired_on
        from staff.actions.person_change import hiring_checks

        hiring_checks.append(check_hired_on)

    def _say_who_is_on_a_ladder(self) -> None:
        from assessment.selectors.needs import register_membership
        from assessment.selectors.results import register_tiers
        from promotion.ledger.selectors import HOLDS_A_TIER, TIER_COLUMNS, TIER_ROWS

        register_membership(HOLDS_A_TIER)
        register_tiers(TIER_COLUMNS, TIER_ROWS)

    def _show_tiers_beside_names(self) -> None:
        from assessment.web.emblems import register_emblems
        from promotion.web.team import tiers_beside

        register_emblems(tiers_beside)

    def _show_what_drafts_change(self) -> None:
        from policy.drafting.effects import register_effect
        from policy.web.page import register_tier_counts
        from promotion.web.draft_effect import draft_effect, tier_counts

        register_effect(draft_effect)
        register_tier_counts(tier_counts)

    def _open_doors(self) -> None:
        from promotion.decisions.selectors import waiting_for_decision
        from promotion.panels.selectors import waiting_for_judge
        from promotion.web.notice_words import register_notice_words
        from promotion.web.reach import leads_people, looks_after_people
        from promotion.web.round_words import register_round_words
        from staff.web.nav import Door, register_door

        register_round_words()
        register_notice_words()
        decides = Door("decisions", _("Decisions"), "check-list", 20, _decides, waiting_for_decision)
        register_door(decides)
        register_door(Door("notices", _("Notices board"), "board", 60, lambda a: a.may(Thing.NOTICE, Verb.READ)))
        register_door(
            Door(
                "applications",
                _("Applications"),
                "apply",
                25,
                lambda a: (a.employee_id is not None and a.behalf is None) or a.may(Thing.APPLICATION, Verb.READ),
            )
        )
        register_door(Door("vacancies", _("Shortlists"), "people", 48, lambda a: a.may(Thing.VACANCY, Verb.READ)))
        register_door(Door("me", _("My tier"), "steps", 10, lambda a: a.employee_id is not None and a.behalf is None))
        register_door(Door("people", _("My team"), "people", 40, leads_people))
        register_door(
            Door("people", _("People"), "people", 40, lambda a: looks_after_people(a) and not leads_people(a))
        )
        register_door(
            Door(
                "judging", _("Scoring"), "check-list", 45, lambda a: a.may(Thing.SCORE, Verb.CREATE), waiting_for_judge
            )
        )


def _decides(access: Access) -> bool:
    """The general manager."""
    return access.may(Thing.APPLICATION, Verb.DECIDE)
