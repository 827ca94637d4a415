"""Tiers and outcomes as the admin's lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from policy import library
from policy.compiler import Outcome
from policy.models import PolicyVersion
from promotion.web.tiers import TierView, views_of


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


def tier_views() -> dict[tuple[str, str], TierView]:
    """(ladder, tier) → view, of every ladder that was published or lies in the library. One query."""
    published = PolicyVersion.objects.order_by().values_list("key", flat=True).distinct()
    return views_of({*published, *library.policy_keys()})


def tier_names() -> dict[tuple[str, str], str]:
    return {pair: view.name for pair, view in tier_views().items()}


def tier_options(rows: QuerySet[Any]) -> list[tuple[str, str]]:
    """``ladder:tier`` and the tier's name, for those that somebody among the rows holds, by ladder from the foot up."""
    names = tier_names()
    held = set(rows.order_by().values_list("ladder", "tier").distinct())
    order = {pair: at for at, pair in enumerate(names)}
    return [
        (f"{ladder}:{tier}", names.get((ladder, tier), tier))
        for ladder, tier in sorted(held, key=lambda pair: (order.get(pair, len(order)), pair))
    ]
