"""A judge's draft of a sheet: the judge's alone, in the order in which it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.panels.guards import not_too_long, own_seat, refuse_state
from promotion.panels.models import Candidate, Judge, Recusal, Round, RoundState, ScoreSheet, Stance
from promotion.panels.selectors import LIVE
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.refusals import told
from staff.kernel.words import in_english

_POINTS = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?", re.ASCII)


@transaction.atomic
def save_sheet(
    *,
    access: Access,
    round_id: int,
    ordinal: int,
    points: Mapping[str, str],
    comment: str,
    typed: datetime,
    now: datetime,
) -> ScoreSheet:
    """``points`` by the sheet's keys as plain numbers; what is empty is not given yet. ``typed`` is when: an older draft never
    takes the place of a newer one, in whichever order they arrive; the same one again changes nothing. No entry of the
    trail tells of a draft: nobody but the judge knows of it.

    Raises ``Refused`` (code ``older``: a newer draft is there; not open to scores now; handed in; recused; outside the
    marks), ``Forbidden`` (no judge of the round).
    """
    access.require(Thing.SCORE, Verb.CREATE)
    seat, candidate = at_work(access, round_id, ordinal, now)
    given = read_points(seat.round, points)
    typed = min(typed, now)
    with told(refusals()):
        sheet, made = ScoreSheet.objects.get_or_create(
            judge=seat, candidate=candidate, defaults={"points": given, "comment": _comment(comment), "saved_at": typed}
        )
        if not made:
            newer = ScoreSheet.objects.filter(pk=sheet.pk, submitted_at__isnull=True, saved_at__lt=typed)
            newer.update(points=given, comment=_comment(comment), saved_at=typed)
            sheet.refresh_from_db()
    refuse_handed_in(sheet)
    if sheet.saved_at != typed:
        raise older()
    return sheet


def at_work(access: Access, round_id: int, ordinal: int, now: datetime) -> tuple[Judge, Candidate]:
    """The seat and the candidate, where a score is taken now. Raises ``Refused``, ``Forbidden``."""
    seat = own_seat(access, round_id)
    refuse_closed(seat.round, now)
    if seat.stance == Stance.ASKED:
        raise Refused(_("Say first whether there is a conflict of interest."), code="undeclared")
    candidate = Candidate.objects.filter(LIVE, round=round_id, ordinal=ordinal).first()
    if candidate is None:
        raise Refused(_("This candidate stands before the panel no more; there is nothing to score."), code="candidate")
    if Recusal.objects.filter(judge=seat, candidate=candidate).exclude(upheld=False).exists():
        raise Refused(refusals()["score_of_no_recused_judge"], code="score_of_no_recused_judge")
    return seat, candidate


def refuse_closed(round: Round, now: datetime) -> None:
    """Raises ``Refused`` before the opening time, from the closing time on, and unless the round is open."""
    refuse_state(round, RoundState.OPEN)
    if now < round.opens_at:
        when = timezone.localtime(round.opens_at).strftime("%Y-%m-%d %H:%M")
        raise Refused(_("Scores are taken from %(when)s on.") % {"when": when}, code="opens_at")
    if now >= round.closes_at:
        when = timezone.localtime(round.closes_at).strftime("%Y-%m-%d %H:%M")
        raise Refused(
            _("Scores were taken until %(when)s. What you typed stays on this device; tell HR.") % {"when": when},
            code="closes_at",
        )


def read_points(round: Round, points: Mapping[str, str]) -> dict[str, str]:
    """Those that are given, by key. Raises ``Refused``, its code the line's key, for what lies outside the marks."""
    found = {}
    for line in round.sheet:
        text = points.get(line["key"], "").strip()
        if not text:
            continue
        if not _POINTS.fullmatch(text) or Decimal(text) > Decimal(line["of"]):
            name = line["en"] if in_english() and line["en"] else line["zh"]
            raise Refused(
                _("%(line)s: a number from 0 to %(of)s, with two decimals at most.") % {"line": name, "of": line["of"]},
                code=line["key"],
            )
        found[line["key"]] = f"{Decimal(text).normalize():f}"
    return found


def refusals() -> dict[str, str]:
    """What the database's own guards say, in words."""
    return {
        "score_is_final": _("This sheet was handed in, and what is handed in does not change."),
        "score_in_an_open_round": _("The round is not open to you any more, so nothing was kept of this."),
        "score_of_no_recused_judge": _("You are recused for this candidate and do not score them."),
    }


def refuse_handed_in(sheet: ScoreSheet) -> None:
    """Raises ``Refused`` for a sheet that was handed in."""
    if sheet.submitted_at is not None:
        when = timezone.localtime(sheet.submitted_at).strftime("%Y-%m-%d %H:%M")
        raise Refused(_("You handed this sheet in at %(when)s; it does not change.") % {"when": when}, code="handed_in")


def older() -> Refused:
    """A newer draft of the sheet is there."""
    return Refused(
        _("A newer draft of this sheet is there, from another window or device. Load the page again."), code="older"
    )


def _comment(text: str) -> str:
    return not_too_long(text.strip(), "comment")
