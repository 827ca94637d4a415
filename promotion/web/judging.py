"""A judge's rounds, declarations and sheets. Phone first; every form works without a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.sheet_save import save_sheet
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.models import Candidate, Judge, Recusal, RoundState, ScoreSheet, Stance
from promotion.panels.selectors import assigned, opened_to_scores, own_sheets, process_of, seat_of
from promotion.web.judging_file import bar_sign, file_of, line_name, step_name, tiers_of
from promotion.web.tiers import views_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.attachments import response_for
from staff.web.reach import access_in, pk_in

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What a draft may weigh.
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate in the reader's list: ``state`` is new, draft, handed_in, recused or gone."""

    candidate: Candidate
    tiers: tuple[Any, Any]
    sheet: ScoreSheet | None
    state: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of the sheet with what is given so far; ``error`` where it is refused."""

    key: str
    name: str
    of: str
    points: str
    error: str = ""


@require_GET
@login_required
def judging(request: HttpRequest) -> HttpResponse:
    access = _judge(request)
    seats = list(assigned(access))
    now = timezone.now()
    rows = [
        {
            "seat": seat,
            "round": seat.round,
            "step": step_name(seat.round.step),
            "takes": opened_to_scores(seat.round, now),
        }
        for seat in seats
    ]
    return render(request, "promotion/panels/judging.html", {"here": "judging", "rows": rows, "now": now})


@require_GET
@login_required
def judging_round(request: HttpRequest, pk: int) -> HttpResponse:
    access = _judge(request)
    return _round_page(request, _seat_or_404(access, pk))


@require_POST
@login_required
def judging_declare(request: HttpRequest, pk: int) -> HttpResponse:
    """``conflict``: ``no`` or ``yes``, with words and the candidates it is about; ``shown``: all that the page held."""
    access = _judge(request)
    seat = _seat_or_404(access, pk)
    answer = request.POST.get("conflict", "")
    try:
        if answer not in {"yes", "no"}:
            raise Refused(_("Choose one of the two."), code="conflict")
        named = [pk_in(pk) for pk in request.POST.getlist("candidate")]
        declare(
            access=access, round_id=pk, conflict=answer == "yes", now=timezone.now(),
            words=request.POST.get("words", ""), candidates=named,
            seen=[pk_in(pk) for pk in request.POST.getlist("shown")],
        )  # fmt: skip
    except Forbidden:
        raise
    except Refused as refused:
        return _round_page(request, seat, error=refused.message)
    return redirect("judging-round", pk)


@require_http_methods(["GET", "POST"])
@login_required
def judging_sheet(request: HttpRequest, pk: int, ordinal: int) -> HttpResponse:
    """POST saves a draft, or hands the sheet in where ``act`` is ``submit``."""
    access = _judge(request)
    seat, candidate = _seat_or_404(access, pk), _candidate_or_404(pk, ordinal)
    if request.method == "GET":
        return _sheet_page(request, seat, candidate)
    points, comment, now = _posted(request, seat), request.POST.get("comment", ""), timezone.now()
    final = request.POST.get("act") == "submit"
    try:
        act = submit_sheet if final else save_sheet
        act(
            access=access, round_id=pk, ordinal=ordinal, points=points, comment=comment,
            typed=_typed(request, seat, candidate, now), now=now,
        )  # fmt: skip
    except Forbidden:
        raise
    except Refused as refused:
        return _sheet_page(request, seat, candidate, refused=refused, points=points, comment=comment)
    if not final:
        messages.success(request, _("The draft is saved."))
        return redirect("judging-sheet", pk, ordinal)
    messages.success(request, _("Handed in: %(name)s.") % {"name": candidate.application.employee.name})
    return HttpResponseRedirect(_next(seat))


@require_POST
@login_required
def judging_draft(request: HttpRequest, pk: int, ordinal: int) -> HttpResponse:
    """``{"points": {key: text}, "comment": text, "typed": ms}`` → ``{"saved": ms}``; 409 with what is wrong, and with the newer
    draft where that is it.
    """
    access = _judge(request)
    seat, candidate = _seat_or_404(access, pk), _candidate_or_404(pk, ordinal)
    try:
        points, comment, typed = _draft_in(request)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return JsonResponse({"message": _("This is no draft of a sheet.")}, status=400)
    try:
        sheet = save_sheet(
            access=access, round_id=pk, ordinal=ordinal, points=points, comment=comment, typed=typed, now=timezone.now()
        )
    except Forbidden:
        raise
    except Refused as refused:
        newer = own_sheets(seat).get(candidate.pk) if refused.code == "older" else None
        told = {"points": newer.points, "comment": newer.comment, "saved": _ms(newer.saved_at)} if newer else {}
        return JsonResponse({"code": refused.code, "message": refused.message, **told}, status=409)
    return JsonResponse({"saved": _ms(sheet.saved_at)})


@require_GET
@login_required
def judging_file(request: HttpRequest, pk: int, ordinal: int) -> HttpResponse:
    """The candidate's file: what was frozen, what was attested, the candidate's own words."""
    access = _judge(request)
    seat, candidate = _seat_or_404(access, pk), _candidate_or_404(pk, ordinal)
    context = {
        "seat": seat, "round": seat.round, "candidate": candidate, "file": file_of(candidate.application),
        "step": step_name(seat.round.step),
    }  # fmt: skip
    return render(request, "promotion/panels/judging_file.html", context)


@require_GET
@login_required
def judging_attachment(request: HttpRequest, pk: int, ordinal: int, file: int) -> HttpResponse:
    """A file beside the candidate's application, to be saved."""
    access = _judge(request)
    _seat_or_404(access, pk)
    found = _candidate_or_404(pk, ordinal).application.files.filter(pk=file, removed_at=None).first()
    if found is None:
        raise Http404
    return response_for(found.attachment)


# pages


def _round_page(request: HttpRequest, seat: Judge, error: str = "") -> HttpResponse:
    places = _places(seat)
    context = {
        "seat": seat,
        "round": seat.round,
        "step": step_name(seat.round.step),
        "sign": bar_sign(process_of(seat.round)),
        "places": places,
        "left": sum(place.state in {"new", "draft"} for place in places),
        "takes": opened_to_scores(seat.round, timezone.now()),
        "may_declare": seat.stance == Stance.ASKED and seat.round.state in {RoundState.ARRANGED, RoundState.OPEN},
        "error": error,
        "words": request.POST.get("words", ""),
    }
    return render(request, "promotion/panels/judging_round.html", context, status=422 if error else 200)


def _sheet_page(
    request: HttpRequest, seat: Judge, candidate: Candidate, *, refused: Refused | None = None,
    points: dict[str, str] | None = None, comment: str = "",
) -> HttpResponse:  # fmt: skip
    round = seat.round
    sheet = own_sheets(seat).get(candidate.pk)
    recused = _recused(seat, candidate)
    lines = _lines(round.sheet, points if points is not None else (sheet.points if sheet else {}), refused)
    named = refused is not None and any(line.error for line in lines)
    takes = opened_to_scores(round, timezone.now())
    context = {
        "seat": seat, "round": round, "candidate": candidate, "sheet": sheet, "lines": lines,
        "step": step_name(round.step), "file": file_of(candidate.application),
        "comment": comment if points is not None else (sheet.comment if sheet else ""),
        "comment_error": refused.message if refused and refused.code == "comment" else "",
        "error": refused.message if refused and not named and refused.code != "comment" else "",
        "full": sum((Decimal(line["of"]) for line in round.sheet), Decimal(0)),
        "sum": sum((Decimal(line.points) for line in lines if _is_number(line.points)), Decimal(0)),
        "count": round.candidates.count(), "recused": recused,
        "handed_in": sheet is not None and sheet.submitted_at is not None,
        "writes": takes and not recused and seat.stance != Stance.ASKED
        and not (sheet and sheet.submitted_at) and candidate.live,
        "takes": takes, "saved_ms": _ms(sheet.saved_at) if sheet else 0, "now_ms": _ms(timezone.now()),
        "sign": bar_sign(process_of(round)),
    }  # fmt: skip
    return render(request, "promotion/panels/judging_sheet.html", context, status=422 if refused else 200)


def _places(seat: Judge) -> list[Place]:
    sheets = own_sheets(seat)
    recused = set(seat.recusals.exclude(upheld=False).values_list("candidate_id", flat=True))
    rows = seat.round.candidates.filter(left_at=None).order_by("ordinal")
    rows = rows.select_related("application__employee", "application__version", "round")
    views = views_of([seat.round.version.key])
    found = []
    for candidate in rows:
        sheet = sheets.get(candidate.pk)
        state = "draft" if sheet else "new"
        if candidate.pk in recused:
            state = "recused"
        elif sheet is not None and sheet.submitted_at is not None:
            state = "handed_in"
        elif not candidate.live and seat.round.state != RoundState.CLOSED:
            state = "gone"
        found.append(Place(candidate, tiers_of(candidate.application, views), sheet, state))
    return found


def _lines(sheet: list[dict[str, str]], points: dict[str, str], refused: Refused | None) -> list[SheetLine]:
    return [
        SheetLine(
            line["key"], line_name(line), line["of"], points.get(line["key"], ""),
            refused.message if refused is not None and refused.code == line["key"] else "",
        )
        for line in sheet
    ]  # fmt: skip


# what was sent


def _posted(request: HttpRequest, seat: Judge) -> dict[str, str]:
    return {line["key"]: request.POST.get(f"p-{line['key']}", "").strip() for line in seat.round.sheet}


def _typed(request: HttpRequest, seat: Judge, candidate: Candidate, now: datetime) -> datetime:
    """When the form was typed: what its script says; without one it is now, unless a newer draft came meanwhile than the one
    that the page showed.
    """
    said, shown = request.POST.get("typed", ""), request.POST.get("follows", "")
    if said.isascii() and said.isdigit() and 0 < len(said) < 15:
        return _EPOCH + timedelta(milliseconds=int(said))
    sheet = own_sheets(seat).get(candidate.pk)
    if sheet is not None and str(_ms(sheet.saved_at)) != shown:
        return sheet.saved_at - timedelta(milliseconds=1)
    return now


def _draft_in(request: HttpRequest) -> tuple[dict[str, str], str, datetime]:
    if len(request.body) > _MOST:
        raise ValueError("too much")
    sent = json.loads(request.body)
    points, comment, typed = sent["points"], sent["comment"], sent["typed"]
    if not isinstance(comment, str) or not isinstance(typed, int) or not 0 < typed < 10**14:
        raise ValueError("no draft")
    if not all(isinstance(key, str) and isinstance(text, str) for key, text in points.items()):
        raise ValueError("no points")
    return dict(points), comment, _EPOCH + timedelta(milliseconds=typed)


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()


def _next(seat: Judge) -> str:
    """The next candidate without a sheet that was handed in, or the round's own page."""
    left = [place for place in _places(seat) if place.state in {"new", "draft"}]
    if left:
        return reverse("judging-sheet", args=[seat.round_id, left[0].candidate.ordinal])
    return reverse("judging-round", args=[seat.round_id])


# whose it is


def _judge(request: HttpRequest) -> Access:
    access = access_in(request)
    access.require(Thing.SCORE, Verb.CREATE)
    return access


def _seat_or_404(access: Access, pk: int) -> Judge:
    try:
        return seat_of(access, pk)
    except Judge.DoesNotExist as error:
        raise Http404 from error


def _candidate_or_404(pk: int, ordinal: int) -> Candidate:
    found = (
        Candidate.objects.filter(round=pk, ordinal=ordinal, left_at=None)
        .select_related("application__employee", "application__department", "application__version", "round")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _recused(seat: Judge, candidate: Candidate) -> Recusal | None:
    return Recusal.objects.filter(judge=seat, candidate=candidate).exclude(upheld=False).first()
