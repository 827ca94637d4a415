"""A judge hands a sheet in; it never changes again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.panels.actions.sheet_save import at_work, older, read_points, refusals, refuse_handed_in
from promotion.panels.guards import worded
from promotion.panels.models import ScoreSheet
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.refusals import told


@transaction.atomic
def submit_sheet(
    *,
    access: Access,
    round_id: int,
    ordinal: int,
    points: Mapping[str, str],
    comment: str,
    typed: datetime,
    now: datetime,
) -> ScoreSheet:
    """Every line of the sheet has its points, and the comment goes into the minutes. The trail tells of it when the round is
    closed (``close_round``): until then nobody learns who has scored.

    Raises ``Refused`` (handed in already; a line or the comment is missing; outside the marks; code ``older``: a newer draft
    is there; not open to scores now; recused), ``Forbidden`` (no judge of the round).
    """
    access.require(Thing.SCORE, Verb.CREATE)
    seat, candidate = at_work(access, round_id, ordinal, now)
    before = ScoreSheet.objects.filter(judge=seat, candidate=candidate).first()
    if before is not None:
        refuse_handed_in(before)
    given = read_points(seat.round, points)
    missing = [line["key"] for line in seat.round.sheet if line["key"] not in given]
    if missing:
        raise Refused(_("Give points here too, before you hand it in."), code=missing[0])
    said = worded(comment, "comment")
    typed = min(typed, now)
    if before is not None and before.saved_at > typed:
        raise older()
    final = {
        "points": given, "comment": said, "saved_at": typed, "submitted_at": now,
        "total": sum(map(Decimal, given.values()), Decimal(0)),
    }  # fmt: skip
    with told(refusals()):
        sheet, made = ScoreSheet.objects.get_or_create(judge=seat, candidate=candidate, defaults=final)
        claimed = made or ScoreSheet.objects.filter(pk=sheet.pk, submitted_at__isnull=True).update(**final)
    sheet.refresh_from_db()
    if not claimed:
        refuse_handed_in(sheet)
    return sheet
