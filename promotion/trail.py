"""What the trail keeps of the tier ledger, and what it calls what is done to it and to runs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

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
    watch("promotion.ApplicationEvent", Thing.APPLICATION, about=_OF_APPLICATION, personal=("words", "data"))
    watch("promotion.Attestation", Thing.APPLICATION, about=_OF_APPLICATION, personal=("reason",))
    watch("promotion.Round", Thing.ROUND, personal=("minutes", "reason"))
    watch("promotion.Judge", Thing.ROUND, personal=("words", "reason"))
    watch("promotion.Recusal", Thing.ROUND, personal=("words", "answer"))
    watch("promotion.Candidate", Thing.ROUND, about=_OF_APPLICATION)
    watch("promotion.Notice", Thing.NOTICE, left_out=("digest",))
    watch("promotion.NoticeEntry", Thing.NOTICE, about=_OF_APPLICATION, personal=("name", "employee_no", "department"))
