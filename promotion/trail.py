"""What the trail keeps of the tier ledger, and what it calls what is done to it and to runs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from promotion.applications.models import Act
from promotion.shortlist.registered import declare_trail
from staff.kernel.access import Thing
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch

_OF_LINE = "(SELECT l.employee_id FROM promotion_ledgerline l WHERE l.seq = t.line_id)"

_OF_APPLICATION = "(SELECT a.employee_id FROM promotion_application a WHERE a.id = t.application_id)"


def declare() -> None:
    watch(
        "promotion.LedgerLine",
        Thing.LEDGER,
        left_out=("prev_hash", "hash", "reason_digest", "recorded_at", "author_id", "channel"),
    )
    watch("promotion.LedgerNote", Thing.LEDGER, about=_OF_LINE, personal=("text",), left_out=("salt",))
    _watch_process()
    declare_trail()
    ACTIONS.update({"sweep_requested": _("Sweep requested"), "transition_recorded": _("Tier recorded")})
    OBJECTS.update(
        {"ledger": ObjectKind(_("ledger line"), Thing.LEDGER), "run": ObjectKind(_("run of the sweep"), Thing.RUN)}
    )


def _watch_process() -> None:
    """Applications, rounds, notices. Scores are left out while a round may be open: the sheets themselves stay as handed in.
    Who objected is HR's to know, so an objection's rows keep no writer.
    """
    watch(
        "promotion.Application",
        Thing.APPLICATION,
        personal=("summary", "results", "merit", "reason", "frozen"),
        left_out=("frozen_digest", "opened_at"),
    )
    # An event never changes, and its words may be for whoever decides alone: the trail keeps no copy for the person to read.
    watch("promotion.ApplicationEvent", Thing.APPLICATION, about=_OF_APPLICATION, left_out=("words", "data"))
    watch("promotion.Attestation", Thing.APPLICATION, about=_OF_APPLICATION, personal=("reason",))
    watch("promotion.Appeal", Thing.APPLICATION, about=_OF_APPLICATION, personal=("text", "answer"))
    watch("promotion.ApplicationFile", Thing.APPLICATION, about=_OF_APPLICATION)
    ACTIONS.update({f"application_{act}": act.label for act in Act})
    ACTIONS.update(
        {
            "application_appealed": _("Appeal against a decline"),
            "application_filed": _("File added to an application"),
            "application_saved": _("Draft of an application saved"),
            "application_unfiled": _("File taken from an application"),
            "owners_reminded": _("Reminded of the next step of an application"),
            "appeal_decided": _("Appeal against a decline decided"),
            "appeal_decider_named": _("Decider of an appeal named"),
        }
    )
    OBJECTS["application"] = ObjectKind(_("application"), Thing.APPLICATION)
    watch("promotion.Round", Thing.ROUND, personal=("minutes", "reason"), left_out=("sheet",))
    watch("promotion.Judge", Thing.ROUND, personal=("words", "reason"))
    watch("promotion.Recusal", Thing.ROUND, personal=("words", "answer"))
    watch("promotion.Candidate", Thing.ROUND, about=_OF_APPLICATION)
    ACTIONS.update(
        {
            "round_arranged": _("Round arranged"),
            "candidates_added": _("Candidates added to a round"),
            "candidate_taken_out": _("Candidate taken out of a round"),
            "round_opened": _("Round opened to scores"),
            "round_closed": _("Round closed"),
            "round_cancelled": _("Round cancelled"),
            "conflict_declared": _("Conflict of interest declared or denied"),
            "judge_challenged": _("Judge challenged"),
            "recusal_settled": _("Conflict or challenge settled"),
            "judge_replaced": _("Judge replaced"),
            "judges_reminded": _("Judges reminded"),
            "sheet_handed_in": _("Scores handed in"),
            "tie_decided": _("Tie decided"),
        }
    )
    OBJECTS.update({"round": ObjectKind(_("round"), Thing.ROUND), "score": ObjectKind(_("score sheet"), Thing.SCORE)})
    ACTIONS.update(
        {
            "notice_posted": _("Public notice posted"),
            "notice_ended": _("Public notice ended"),
            "objection_raised": _("Objection raised"),
            "objection_answered": _("Objection answered"),
        }
    )
    OBJECTS.update(
        {
            "notice": ObjectKind(_("public notice"), Thing.NOTICE),
            "objection": ObjectKind(_("objection"), Thing.OBJECTION),
        }
    )
    watch("promotion.Notice", Thing.NOTICE, left_out=("digest",))
    watch("promotion.NoticeEntry", Thing.NOTICE, about=_OF_APPLICATION, personal=("name", "employee_no", "department"))
