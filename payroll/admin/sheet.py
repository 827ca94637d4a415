"""What the pages of bands share: which part of the sheet the address asks for, and tiers and totals as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from payroll.selectors.bands import PARTS, Band, PayTable
from payroll.selectors.sheet import MOVED, ORDERS, PLACES, Chosen, Sheet, Total
from promotion.web.tiers import TierView, tier_views
from staff.kernel.access import Access
from staff.models import Department
from staff.selectors.department_tree import Node, below, tree

_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters as a page shows them, and what they mean to the sheet."""

    chosen: Chosen
    department: str
    nodes: list[Node]
    names: dict[int, str]
    places: list[tuple[str, str]]
    tiers: list[TierView]
    #: What else of the address the form of the filters carries on.
    kept: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier of the table: what it is paid before and after, and who holds it."""

    view: TierView
    level_before: list[Decimal]
    level_after: list[Decimal]
    band_before: Band | None
    band_after: Band | None
    total: Total

    @property
    def parts(self) -> list[tuple[Decimal | None, Decimal | None]]:
        """Minimum, midpoint and maximum: before, after."""
        return [(getattr(self.band_before, part, None), getattr(self.band_after, part, None)) for part in PARTS]


def place_names() -> dict[str, str]:
    return {
        "below": _("below the minimum"),
        "within": _("within the band"),
        "above": _("above the maximum"),
        "unknown": _("not known"),
        MOVED: _("level pay moves"),
    }


def filters_of(request: HttpRequest, access: Access, table: PayTable, *, moved: bool) -> Filters:
    """Words that are not known ask for nothing; a department out of scope is not known."""
    get = request.GET.get
    departments = list(Department.objects.visible_to(access))
    known = {str(one.pk): one.pk for one in departments}
    asked = get("department", "")
    places = (*PLACES, MOVED) if moved else PLACES
    place, tier, order = get("place", ""), get("tier", ""), get("order", "")
    chosen = Chosen(
        tier=tier if tier in table.tiers else "",
        place=place if place in places else "",
        departments=(tuple(below(departments, known[asked])) if asked in known else ()) if asked else None,
        words=get("q", "").strip(),
        order=order if order in ORDERS else ("difference" if moved else "name"),
    )
    called = place_names()
    return Filters(
        chosen=chosen,
        department=asked,
        nodes=tree(departments),
        names={one.pk: one.name for one in departments},
        places=[(key, called[key]) for key in places],
        tiers=list(views_of(table).values()),
        kept=[(name, value) for name in ("ladder", "day", "place", "order") if (value := get(name))],
    )


def paged(sheet: Sheet, chosen: Chosen, asked: str) -> tuple[Page[Any], dict[str, Total]]:
    """The page of the list that the address asks for, the first where there is no such page; and everybody's totals."""
    number = int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked) < 100_000 else 1
    part = sheet.part(chosen, limit=_A_PAGE, offset=(number - 1) * _A_PAGE)
    if not part.lines and number > 1:
        number = 1
        part = sheet.part(chosen, limit=_A_PAGE)
    counted: Paginator[Any] = Paginator(range(part.count), _A_PAGE)
    return Page(part.lines, number, counted), part.totals


def views_of(table: PayTable) -> dict[str, TierView]:
    ladder = table.policy.ladder
    return tier_views(ladder) if ladder else {}


def tier_rows(before: PayTable, after: PayTable, totals: dict[str, Total]) -> list[TierRow]:
    """From the head of the ladder down, as people read a pay table."""
    views = views_of(before)
    return [
        TierRow(
            view=views[tier],
            level_before=before.level_pay(tier),
            level_after=after.level_pay(tier),
            band_before=before.bands.get(tier),
            band_after=after.bands.get(tier),
            total=totals.get(tier, Total(tier)),
        )
        for tier in reversed(before.tiers)
    ]


def people(page: Page[Any], filters: Filters, views: dict[str, TierView]) -> list[dict[str, Any]]:
    called = place_names()
    return [
        {
            "line": line,
            "tier": views.get(line.tier),
            "department": filters.names.get(line.department_id, ""),
            "place": called[line.place_after],
            "place_before": called[line.place_before],
        }
        for line in page.object_list
    ]
