"""Rounds for everybody but judges: a candidate's own page, the minutes of a closed round, the general manager's ties."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from promotion.panels.actions.judge_challenge import challenge_judge
from promotion.panels.actions.tie_decide import decide_tie
from promotion.panels.models import Outcome, Recusal, Round, RoundState
from promotion.panels.scoring import left_vacant
from promotion.panels.selectors import (
    Result,
    in_scope,
    own_candidacies,
    process_of,
    results_of,
    rows_of,
    sitting,
    tied_in,
    ties_to_decide,
)
from promotion.web.judging_file import CandidateFile, bar_sign, file_of, line_name, step_name, tiers_of
from promotion.web.tiers import views_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.web.reach import access_in, pk_in


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A candidate's own: the total and the mean of each line, and nothing of any judge."""

    total: Decimal
    lines: list[tuple[str, str, Decimal]]


@dataclass(frozen=True, slots=True)
class TiedFile:
    """One of those who are tied, with the file and what the panel gave."""

    result: Result
    file: CandidateFile


@require_http_methods(["GET", "POST"])
@login_required
def my_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Where and when, who judges, the result once it is closed. POST challenges a judge before scoring opens."""
    access = access_in(request)
    candidacy = own_candidacies(access).filter(round=pk).first() if access.employee_id else None
    if candidacy is None:
        raise Http404
    error = words = ""
    if request.method == "POST":
        words, judge = request.POST.get("words", ""), request.POST.get("judge", "")
        try:
            challenge_judge(access=access, round_id=pk, judge_id=pk_in(judge), words=words)
        except Forbidden:
            raise
        except Refused as refused:
            error = refused.message
        else:
            messages.success(request, _("HR has your challenge and settles it before scoring opens."))
            return redirect("my-round", pk)
    round = candidacy.round
    recusals = {row.judge_id: row for row in Recusal.objects.filter(candidate=candidacy, by_candidate=True)}
    context = {
        "here": "applications", "round": round, "candidate": candidacy, "step": step_name(round.step),
        "sign": bar_sign(process_of(round)), "result": own_result(round, candidacy.pk), "error": error, "words": words,
        "judges": [(seat, recusals.get(seat.pk)) for seat in sitting(round)],
        "tiers": tiers_of(candidacy.application, views_of([candidacy.application.version.key])),
        "may_challenge": round.state == RoundState.ARRANGED,
    }  # fmt: skip
    return render(request, "promotion/panels/my_round.html", context, status=422 if error else 200)


@require_GET
@login_required
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed round as one document, which prints: who, when, questions, scores, dissent."""
    access = access_in(request)
    access.require(Thing.ROUND, Verb.READ)
    round = round_or_404(access, pk)
    if round.state != RoundState.CLOSED:
        raise Http404
    judges, rule = rows_of(round), process_of(round)
    context = {
        "round": round, "step": step_name(round.step), "rule": rule, "sign": bar_sign(rule), "results": results_of(round),
        "told": any(seat.replaced_at or seat.recusals.all() for seat in judges),
        "judges": judges, "lines": [(line_name(line), line["of"]) for line in round.sheet],
        "tier": views_of([round.version.key]).get((round.version.key, round.to_tier)),
    }  # fmt: skip
    return render(request, "promotion/panels/minutes.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who are equal at the last vacancy, with both files. POST decides, in words."""
    access = access_in(request)
    access.require(Thing.APPLICATION, Verb.DECIDE)
    round = ties_to_decide(access).select_related("version", "department").filter(pk=pk).first()
    if round is None:
        raise Http404
    error = words = ""
    if request.method == "POST":
        words = request.POST.get("words", "")
        try:
            winners = [pk_in(text) for text in request.POST.getlist("winner")]
            decide_tie(access=access, round_id=pk, winners=winners, words=words)
        except Forbidden:
            raise
        except Refused as refused:
            error = refused.message
        else:
            return redirect("round-minutes", pk)
    tied = {one.pk: one for one in tied_in(round)}
    files = [
        TiedFile(result, file_of(tied[result.candidate.pk].application))
        for result in results_of(round)
        if result.candidate.pk in tied
    ]
    outcomes = list(round.candidates.values_list("outcome", flat=True))
    context: dict[str, Any] = {
        "round": round, "step": step_name(round.step), "files": files, "error": error, "words": words,
        "left": min(left_vacant(outcomes, round.vacancies or 0), len(files)),
        "lines": [(line_name(line), line["of"]) for line in round.sheet],
    }  # fmt: skip
    return render(request, "promotion/panels/tie.html", context, status=422 if error else 200)


def own_result(round: Round, candidate_id: int) -> OwnResult | None:
    """What the candidate reads of a closed round; None before, and for whoever left it."""
    if round.state != RoundState.CLOSED:
        return None
    found = next((one for one in results_of(round) if one.candidate.pk == candidate_id), None)
    if found is None or found.candidate.total is None or found.candidate.outcome == Outcome.TIED:
        return None
    lines = zip(round.sheet, found.means, strict=True)
    return OwnResult(found.candidate.total, [(line_name(line), line["of"], mean) for line, mean in lines])


def round_or_404(access: Access, pk: int) -> Round:
    """One that the reader looks after and does not stand before. Raises ``Http404``."""
    found = (
        in_scope(access)
        .select_related("version", "department", "arranged_by__employee", "closed_by__employee")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found
