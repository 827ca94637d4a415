"""What the trail keeps of the tier ledger, and what it calls what is done to it and to runs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch

_OF_LINE = "(SELECT l.employee_id FROM promotion_ledgerline l WHERE l.seq = t.line_id)"


def declare() -> None:
    watch(
        "promotion.LedgerLine",
        Thing.LEDGER,
        left_out=("prev_hash", "hash", "reason_digest", "recorded_at", "author_id", "channel"),
    )
    watch("promotion.LedgerNote", Thing.LEDGER, about=_OF_LINE, personal=("text",), left_out=("salt",))
    ACTIONS.update({"sweep_requested": _("Sweep requested"), "transition_recorded": _("Tier recorded")})
    OBJECTS.update(
        {"ledger": ObjectKind(_("ledger line"), Thing.LEDGER), "run": ObjectKind(_("run of the sweep"), Thing.RUN)}
    )
