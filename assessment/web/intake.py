"""This month's intake: the grid of a team, its cells, what others entered meanwhile, and handing in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from assessment.actions.cells_save import CellAnswer, CellEntry, CellState, save_cells
from assessment.actions.hand_in_take_back import take_hand_in_back
from assessment.actions.month_hand_in import hand_in_month
from assessment.models import Event
from assessment.numbers import plain
from assessment.selectors.entering import freely_written, leads, why_shut
from assessment.selectors.intake import (
    Calendar,
    Intake,
    Row,
    Team,
    entered_by,
    entered_now,
    intake_of,
    members,
    teams_of,
    version_of,
)
from assessment.selectors.windows import Window
from assessment.web.emblems import emblems_of
from assessment.web.grid_words import grid_words
from assessment.web.intake_points import full_marks, points_shown, points_wired, stars_alone
from assessment.web.words import named, status_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee
from staff.web.reach import access_in

View = Callable[..., HttpResponse]


def answers_programs(view: View) -> View:
    """For the grid's own requests: who is not signed in is told so, and refusals come in words, never as pages."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"message": _("Your sign-in has expired.")}, status=401)
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return JsonResponse({"message": refused.message}, status=403 if isinstance(refused, Forbidden) else 409)
        except Http404 as missing:
            return JsonResponse({"message": str(missing)}, status=404)

    return answer


def month_or_404(text: str, today: date) -> Month:
    """A month that has begun. Raises ``Http404`` with what is the matter."""
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise Http404(_("The address names no month. Load the page again.")) from error
    if month > Month.of(today):
        raise Http404(_("%(month)s has not begun.") % {"month": month})
    return month


def team_or_404(request: HttpRequest, teams: list[Team]) -> Team:
    """The one that ``?team=`` names, else the first. Raises ``Http404`` for one that the account does not enter."""
    asked = request.GET.get("team", "")
    for team in teams:
        if asked in ("", team.key):
            return team
    raise Http404(_("This team is not yours any more."))


def address(name: str, month: Month, team: Team, teams: list[Team]) -> str:
    """A page of the team's month; one's only team, or one's own, goes without saying."""
    query = "" if team == teams[0] else f"?{urlencode({'team': team.key})}"
    return reverse(name, args=[month]) + query


@require_GET
@login_required
def intake(request: HttpRequest, month: str = "") -> HttpResponse:
    """Without a month: the one to be entered today."""
    access = access_in(request)
    access.require(Thing.VALUE, Verb.UPDATE)
    return _page(request, access, month_or_404(month, access.day) if month else None)


def _page(
    request: HttpRequest, access: Access, asked: Month | None, *, note: str = "", fault: str = ""
) -> HttpResponse:
    calendar = Calendar(access.day, asked)
    month = calendar.month
    teams = teams_of(access, month)
    context: dict[str, Any] = {
        "here": "intake", "month": month, "teams": teams, "today": access.day, **_around(calendar, month, ()),
        "begun": month.next <= Month.of(access.day),
    }  # fmt: skip
    if not teams:
        if "team" in request.GET:
            raise Http404
        return render(request, "assessment/intake.html", context)
    team = team_or_404(request, teams)
    grid = intake_of(access, calendar.windows(month), team)
    context |= _around(calendar, month, grid.departments)
    context |= _grid_context(access, grid, teams) | {"note": note, "fault": fault}
    return render(request, "assessment/intake.html", context, status=422 if fault else 200)


def _around(calendar: Calendar, month: Month, departments: Iterable[int | None]) -> dict[str, Window]:
    """The windows of the month and of those beside it, for people of the departments."""
    named = {"before": month.previous, "window": month, "after": month.next}
    return {name: calendar.windows(one).over(departments) for name, one in named.items()}


def _grid_context(access: Access, grid: Intake, teams: list[Team]) -> dict[str, Any]:
    team = grid.team
    emblems = emblems_of([row.employee for row in grid.rows], access)
    freely = freely_written(access, [row.employee.pk for row in grid.rows])
    shut = "" if freely and grid.window.state != "sealed" else why_shut(grid.window, access.day)
    gaps = grid.gaps
    points = points_shown(grid.window.month, [row.employee for row in grid.rows])
    comma = pgettext("list", ", ")
    return {
        "grid": grid,
        "team": team,
        "rows": [(row, emblems.get(row.employee.pk), _happened(row), points.get(row.employee.pk)) for row in grid.rows],
        "scored": bool(points),
        "full_marks": full_marks(points),
        "stars_alone": stars_alone(points),
        "shut": shut,
        "writes": not shut and (bool(freely) or grid.hand_in is None),
        "with_reason": bool(freely),
        "hands_in": leads(access) and team.leader is not None,
        "gaps": [(person, cells, comma.join(cell.measure.name for cell in cells)) for person, cells in gaps],
        "missing": sum(len(cells) for _person, cells in gaps),
        "days": _days(grid.window, access.day),
        "deadline": grid.window.last + timedelta(days=1),
        "days_left": (grid.window.last - access.day).days,
        "query": "" if team == teams[0] else f"?{urlencode({'team': team.key})}",
        "words": grid_words(),
        "account": access.account_id,
    }


def _happened(row: Row) -> list[tuple[str, int]]:
    """``投诉待核实 1``: what happened in the month, and how often."""
    found: dict[str, int] = {}
    for event in row.events:
        name = _event_name(event)
        found[name] = found.get(name, 0) + 1
    return list(found.items())


def _event_name(event: Event) -> str:
    return " ".join(word for word in (named(event.kind), status_of(event) if event.kind.judged else "") if word)


@dataclass(frozen=True, slots=True)
class WindowDay:
    """A day of the window as the strip shows it."""

    look: str


def _days(window: Window, today: date) -> list[WindowDay]:
    days = [window.first + timedelta(days=at) for at in range((window.last - window.first).days + 1)]
    return [WindowDay("past" if day < today else "today" if day == today else "") for day in days]


@require_POST
@answers_programs
def cells(request: HttpRequest, month: str) -> HttpResponse:
    """``{"cells": [{employee_no, metric, value, seen}, …], "reason"}`` → an answer a cell, and the points that rows now
    yield in which something was saved. ``null`` stands for nothing.
    """
    access = access_in(request)
    access.require(Thing.VALUE, Verb.UPDATE)
    of = month_or_404(month, access.day)
    entries, reason = _entries(request.body)
    answers = save_cells(access=access, month=of, cells=entries, reason=reason)
    saved = {answer.employee_no for answer in answers if answer.state is CellState.SAVED}
    people = list(entered_by(access, of).filter(employee_no__in=saved)) if saved else []
    return JsonResponse({"answers": [_told(answer) for answer in answers], "points": points_wired(of, people)})


def _entries(body: bytes) -> tuple[list[CellEntry], str]:
    """Of a cell that is named twice the last holds. Raises ``Refused`` for anything that is not such a list."""
    try:
        given = json.loads(body)
        reason = given.get("reason", "")
        found = [
            CellEntry(*(_text(cell.get(name)) for name in ("employee_no", "metric", "value", "seen")))
            for cell in given["cells"]
        ]
        if not (isinstance(reason, str) and found):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(_("These are no cells. Load the page again."), code="cells") from error
    return list({(entry.employee_no, entry.metric): entry for entry in found}.values()), reason


def _text(value: object) -> str:
    """Raises ``ValueError`` for anything but a short text or null; the database keeps no NUL."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 200 or "\0" in value:
        raise ValueError
    return value


def _told(answer: CellAnswer) -> dict[str, str]:
    return {
        "employee_no": answer.employee_no,
        "metric": answer.metric,
        "state": str(answer.state),
        "value": answer.value,
        "message": answer.message,
        "who": answer.who,
        "at": timezone.localtime(answer.at).strftime("%m-%d %H:%M") if answer.at else "",
    }


@require_GET
@answers_programs
def changes(request: HttpRequest, month: str) -> HttpResponse:
    """The team's values with who entered them, and what they yield; 304 where nothing differs from what the browser has."""
    access = access_in(request)
    access.require(Thing.VALUE, Verb.UPDATE)
    of = month_or_404(month, access.day)
    team = team_or_404(request, teams_of(access, of))
    tag = f'"{version_of(access, of, team)}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    found = [
        {
            "employee_no": one.employee_no,
            "metric": one.metric,
            "value": "" if one.value is None else plain(one.value),
            "who": one.who,
            "at": timezone.localtime(one.at).strftime("%m-%d %H:%M") if one.at else "",
        }
        for one in entered_now(access, of, team)
    ]
    points = points_wired(of, list(members(access, of, team)))
    return JsonResponse({"cells": found, "points": points}, headers={"ETag": tag})


@require_POST
@login_required
def hand_in(request: HttpRequest, month: str) -> HttpResponse:
    """A refusal comes back with the page and what was written."""
    access, of, leader, back = _led(request, month)
    note = request.POST.get("note", "")[:1000]
    try:
        hand_in_month(access=access, month=of, supervisor=leader, note=note)
    except Forbidden:
        raise
    except Refused as refused:
        return _page(request, access, of, note=note, fault=refused.message)
    return HttpResponseRedirect(back)


@require_POST
@login_required
def take_back(request: HttpRequest, month: str) -> HttpResponse:
    access, of, leader, back = _led(request, month)
    take_hand_in_back(access=access, month=of, supervisor=leader)
    return HttpResponseRedirect(back)


def _led(request: HttpRequest, month: str) -> tuple[Access, Month, Employee, str]:
    """Who asks, the month, whoever leads the team, and the team's page. Raises ``Http404``, ``Forbidden``."""
    access = access_in(request)
    access.require(Thing.VALUE, Verb.UPDATE)
    of = month_or_404(month, access.day)
    teams = teams_of(access, of)
    team = team_or_404(request, teams)
    if team.leader is None:
        raise Http404
    return access, of, team.leader, address("intake-month", of, team, teams)
