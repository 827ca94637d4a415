"""Outcomes of the sweep as they are shown: word, colour and mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from policy.compiler.outcome import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """``tone`` is the class of colours, ``icon`` the symbol; both of ``tokens.css`` and ``_icons.html``."""

    key: str
    label: Any
    tone: str
    icon: str


OUTCOMES: dict[int, OutcomeView] = {
    Outcome.ELIGIBLE: OutcomeView("eligible", _("eligible"), "met", "met"),
    Outcome.WAITING_FOR_DATA: OutcomeView("waiting_for_data", _("waiting for data"), "unknown", "unknown"),
    Outcome.NOT_YET: OutcomeView("not_yet", _("not yet"), "plain", "unmet"),
    Outcome.DEMOTION_PROPOSED: OutcomeView("demotion_proposed", _("demotion proposed"), "unmet", "fired"),
    Outcome.WARNING: OutcomeView("warning", _("warning"), "warned", "fired"),
    Outcome.TOP: OutcomeView("top", _("top tier"), "crown", "t-crown"),
}
