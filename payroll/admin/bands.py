"""Pay tables: each ladder's level pay and bands as of a day, who is paid how much beside them, and what changed them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from payroll.admin.sheet import Filters, filters_of, paged, people, place_names, tier_rows, views_of
from payroll.selectors.bands import Band, PayTable, changes_of, pay_tables
from payroll.selectors.sheet import BINS, Line, Total, sheet_of
from promotion.web.tiers import say
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.exports import Row, workbook_response
from staff.kernel.exports import Sheet as ExportSheet

#: The drawing's own units; the page stretches it.
_WIDE, _HIGH = 400, 24


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A tier's people as bars over its band, all on one axis. People are counted, nobody is named."""

    bars: list[Bar]
    band: Bar | None
    middle: int | None


@page("bands/", "bands", Thing.BAND)
def bands(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    day = _day(request.GET.get("day", ""), access.day)
    tables = pay_tables(access, day)
    table = next((one for one in tables if one.ladder == request.GET.get("ladder")), tables[0] if tables else None)
    context: dict[str, Any] = {
        "title": _("Pay tables"),
        "day": day,
        "today": access.day,
        "tables": [(one.ladder, say(one.title)) for one in tables],
        "table": table,
        "may_draft": _may_draft(access),
        "may_export": may_in_admin(access, Thing.BAND, Verb.EXPORT),
    }
    if table is not None:
        context |= _board(request, access, table)
    return render(request, "admin/payroll/bands.html", context)


def _board(request: HttpRequest, access: Access, table: PayTable) -> dict[str, Any]:
    sheet = sheet_of(access, table)
    filters = filters_of(request, access, table, moved=False)
    page_obj, totals = paged(sheet, filters.chosen, request.GET.get("page", ""))
    spreads, low, high = _spreads(table, totals)
    return {
        "heading": say(table.title),
        "rows": [(row, spreads[row.view.key]) for row in tier_rows(table, table, totals)],
        "low": low,
        "high": high,
        "people": sum(total.people for total in totals.values()),
        "filters": filters,
        "lines": people(page_obj, filters, views_of(table)),
        "page_obj": page_obj,
        "changes": changes_of(access, table.ladder),
    }


def _may_draft(access: Access) -> bool:
    return may_in_admin(access, Thing.BAND, Verb.CREATE) and access.scope(Thing.BAND, Verb.CREATE).company


def _day(text: str, today: date) -> date:
    """The day that the address asks for; today where it is none."""
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        return today


def _spreads(table: PayTable, totals: dict[str, Total]) -> tuple[dict[str, Spread], Decimal, Decimal]:
    """Of each tier, and the two ends of the axis that they share."""
    low = next((total.low for total in totals.values()), Decimal(0))
    high = next((total.high for total in totals.values()), Decimal(100))
    most = max((people for total in totals.values() for people in total.bins.values()), default=1)
    step = _WIDE // BINS
    spreads = {}
    for tier in table.tiers:
        bins = totals[tier].bins.items() if tier in totals else ()
        heights = {at: -(-people * _HIGH // most) for at, people in bins}
        bars = [Bar((at - 1) * step, _HIGH - high_, step - 1, high_) for at, high_ in heights.items()]
        spreads[tier] = Spread(bars, *_drawn(table.bands.get(tier), low, high))
    return spreads, low, high


def _drawn(band: Band | None, low: Decimal, high: Decimal) -> tuple[Bar | None, int | None]:
    """The band and its midpoint on the axis; nothing where there is none."""
    if band is None:
        return None, None
    left, middle, right = (
        int((amount - low) * _WIDE / (high - low)) for amount in (band.minimum, band.midpoint, band.maximum)
    )
    return Bar(left, 0, max(right - left, 1), _HIGH), middle


@page("bands/export/", "bands-export", Thing.BAND, Verb.EXPORT)
def export(request: HttpRequest) -> Any:
    """The table and the people that the page shows, under the same filters, as XLSX."""
    access = access_of_request(request)
    day = _day(request.GET.get("day", ""), access.day)
    table = next((one for one in pay_tables(access, day) if one.ladder == request.GET.get("ladder")), None)
    if table is None:
        raise Http404
    filters = filters_of(request, access, table, moved=False)
    part = sheet_of(access, table).part(filters.chosen)
    sheets = [
        ExportSheet(_("Pay table"), _table_rows(table, part.totals), pinned=1, widths=(16, 14, 14, 14, 14, 10, 10, 10)),
        ExportSheet(
            _("People"), _people_rows(part.lines, table, filters), pinned=2, widths=(12, 12, 16, 20, 14, 14, 14, 12, 16)
        ),
    ]
    name = _("Pay table")
    return workbook_response(f"{say(table.title)}-{name}-{day}", sheets)


def _table_rows(table: PayTable, totals: dict[str, Total]) -> Iterator[Row]:
    yield (
        _("tier"), _("level pay"), _("minimum"), _("midpoint"), _("maximum"), _("people"), place_names()["below"],
        place_names()["above"],
    )  # fmt: skip
    for row in tier_rows(table, table, totals):
        total = row.total
        level = row.level_after[0] if len(row.level_after) == 1 else " / ".join(map(str, row.level_after))
        amounts = [amount for _before, amount in row.parts]
        yield (row.view.name, level, *amounts, total.people, total.below_after, total.above_after)


def _people_rows(lines: list[Line], table: PayTable, filters: Filters) -> Iterator[Row]:
    yield (
        _("employee no."), _("name"), _("tier"), _("department"), _("pay on record"), _("level pay"),
        _("fixed monthly pay"), _("compa-ratio"), _("place in the band"),
    )  # fmt: skip
    views, called = views_of(table), place_names()
    for line in lines:
        tier = views.get(line.tier)
        yield (
            line.employee_no, line.name, tier.name if tier else line.tier, filters.names.get(line.department_id, ""),
            line.fixed, line.level_after, line.pay_after, line.compa_after, called[line.place_after],
        )  # fmt: skip
