"""Tiers and outcomes as the admin's lists show them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from policy import library
from promotion.web.outcomes import OUTCOMES, OutcomeView
from promotion.web.tiers import TierView, views_of

__all__ = ["OUTCOMES", "OutcomeView", "tier_name", "tier_options", "tier_views"]


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
