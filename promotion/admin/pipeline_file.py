"""The pipeline as a workbook: one sheet, a line an application, in the order in which the page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from promotion.admin.pipeline_rows import acts_at, rows_of, stage_key, stage_name, tier_names
from promotion.applications.models import Application, ApplicationKind
from promotion.web.tiers import TierView
from staff.kernel.exports import Cell, Sheet

_WIDTHS = [10, 12, 12, 18, 12, 12, 28, 14, 16, 16, 8, 12, 8, 12]
#: Applications for which is asked at once who acts.
_A_PART = 1000


def sheet(rows: QuerySet[Application], views: Mapping[tuple[str, str], TierView], day: date) -> Sheet:
    """Every application of ``rows``; ``views`` are the tiers of all their ladders."""
    return Sheet(title=_("Applications"), rows=_rows(rows, views, day), pinned=3, widths=_WIDTHS)


def _rows(found: QuerySet[Application], views: Mapping[tuple[str, str], TierView], day: date) -> Iterator[list[Cell]]:
    yield [
        _("number"), _("employee no."), _("name"), _("department"), pgettext("tier", "from"), pgettext("tier", "to"),
        _("policy"), _("how it came about"), _("step"), _("acts next"), _("days here"), _("due on"), _("overdue"),
        pgettext("column", "handed in"),
    ]  # fmt: skip
    remaining = found.iterator(chunk_size=_A_PART)
    while part := list(islice(remaining, _A_PART)):
        for row in rows_of(part, views, day):
            one, handed = row.application, row.application.submitted_at
            yield [
                one.number, one.employee.employee_no, one.employee.name, str(one.department), *tier_names(row.tiers),
                str(one.version), str(ApplicationKind(one.kind).label), stage_name(stage_key(one)),
                row.acts or acts_at(stage_key(one)), row.days, row.due, _("yes") if row.late else None,
                timezone.localdate(handed) if handed else None,
            ]  # fmt: skip
