"""Tiers and outcomes as the admin's lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from policy import library
from policy.compiler import Outcome
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


def tier_views(request: HttpRequest) -> dict[tuple[str, str], TierView]:
    """(ladder, tier) → view, of every ladder of the library, as last published. One query a request."""
    found: dict[tuple[str, str], TierView] | None = getattr(request, "_tier_views", None)
    if found is None:
        found = views_of(library.policy_keys())
        request._tier_views = found  # type: ignore[attr-defined]
    return found


def tier_name(request: HttpRequest, ladder: str | None, tier: str | None) -> str:
    """The tier's name in the language of the page; its key where the ladder is not known any more; empty for none."""
    view = tier_views(request).get((ladder or "", tier or ""))
    return view.name if view else tier or ""


def tier_options(request: HttpRequest, rows: QuerySet[Any]) -> list[tuple[str, str]]:
    """``ladder:tier`` and the tier's name, for those that somebody among the rows holds, by ladder from the foot up."""
    order = {pair: at for at, pair in enumerate(tier_views(request))}
    held = set(rows.order_by().values_list("ladder", "tier").distinct())
    return [
        (f"{ladder}:{tier}", tier_name(request, ladder, tier))
        for ladder, tier in sorted(held, key=lambda pair: (order.get(pair, len(order)), pair))
    ]
