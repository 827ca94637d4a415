"""Events of a team's month: what has been reported, and a form that takes many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessment.actions.events_report import MOST, Report, ReportsRefused, report_events, reportable
from assessment.facts import kind_of
from assessment.models import Event, EventKind, MonthState
from assessment.selectors.events import own_notes, reported_events
from assessment.selectors.intake import members, teams_of
from assessment.selectors.months import month_row
from assessment.web.intake import address, month_or_404, team_or_404
from assessment.web.words import EventWords, named, status_of
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee
from staff.web.reach import access_in

#: The fields of a row, in the order in which a sheet's columns are pasted.
FIELDS = ("person", "kind", "day", "subject", "quantity", "note")
_EMPTY_ROWS = 3
_LONGEST = {"person": 60, "kind": 60, "day": 20, "subject": 200, "quantity": 30, "note": 1000}


@dataclass(slots=True)
class EventRow:
    """A row as it was typed, and what is wrong with it."""

    at: int
    typed: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    report: Report | None = None

    @property
    def empty(self) -> bool:
        """The kind alone says nothing: a fresh row may come with one."""
        return not any(value for name, value in self.typed.items() if name != "kind")


@require_http_methods(["GET", "POST"])
@login_required
def events(request: HttpRequest, month: str) -> HttpResponse:
    """Nothing is kept while any row has a fault, and nothing typed is lost."""
    access = access_in(request)
    access.require(Thing.EVENT, Verb.CREATE)
    of = month_or_404(month, access.day)
    teams = teams_of(access, of)
    if not teams:
        raise Http404
    team = team_or_404(request, teams)
    people = list(members(access, of, team))
    kinds = [kind for kind in EventKind.objects.all() if reportable(kind)]
    rows = [EventRow(at, dict.fromkeys(FIELDS, "")) for at in range(_EMPTY_ROWS)]
    if asked := next((p for p in people if p.employee_no == request.GET.get("person")), None):
        rows[0].typed["person"] = str(asked)
    fault, here = "", address("intake-events", of, team, teams)
    if request.method == "POST":
        rows = _rows(request, people, kinds)
        fault, saved = _save(access, of, rows)
        if not fault:
            told = ngettext("%(count)s event has been saved.", "%(count)s events have been saved.", saved)
            messages.success(request, told % {"count": saved})
            return HttpResponseRedirect(here)
    words, reported = EventWords(), list(reported_events(access, of, people))
    notes = own_notes(access, reported)
    context = {
        "here": "intake", "month": of, "team": team, "people": people, "back": address("intake-month", of, team, teams),
        "kinds": [(kind, named(kind), _asks(kind)) for kind in kinds], "rows": rows, "fault": fault, "address": here,
        "sealed": month_row(of).state == MonthState.SEALED, "last": min(of.last_day, access.day),
        "reported": [_shown(one, words, notes.get(one.event_no, "")) for one in reported],
    }  # fmt: skip
    return render(request, "assessment/intake_events.html", context, status=422 if fault else 200)


def _asks(kind: EventKind) -> dict[str, str]:
    """What subject and quantity mean for the kind; empty: it has none."""
    found = {str(one.name): one.names for one in kind_of(kind).fields}
    english = named(kind) == kind.en
    return {
        name: ("" if name not in found else found[name].en if english else found[name].zh)
        for name in ("subject", "quantity")
    }


def _shown(event: Event, words: EventWords, note: str) -> dict[str, Any]:
    return {
        "note": note,
        "event": event,
        "kind": named(event.kind),
        "status": status_of(event) if event.kind.judged else "",
        "details": words.details(event),
    }


def _rows(request: HttpRequest, people: Sequence[Employee], kinds: Sequence[EventKind]) -> list[EventRow]:
    """The rows that hold anything, each read as far as it can be. Columns are lists of equal length."""
    columns = {name: request.POST.getlist(name)[: MOST + 1] for name in FIELDS}
    count = max(len(values) for values in columns.values())
    found: list[EventRow] = []
    for at in range(count):
        typed = {name: _at(values, at).strip()[: _LONGEST[name]] for name, values in columns.items()}
        row = EventRow(len(found), typed)
        if not row.empty:
            _read(row, people, kinds)
            found.append(row)
    return found


def _at(values: list[str], at: int) -> str:
    return values[at].replace("\0", "") if at < len(values) else ""


def _save(access: Access, month: Month, rows: list[EventRow]) -> tuple[str, int]:
    """(what is wrong, how many were saved)."""
    reports = [row.report for row in rows if row.report is not None]
    if not rows:
        return _("No row is filled in."), 0
    if len(reports) < len(rows):
        return ReportsRefused({}).message, 0
    try:
        return "", len(report_events(access=access, month=month, reports=reports))
    except ReportsRefused as refused:
        for at, one in refused.faults.items():
            code = one.code if one.code in FIELDS else "person"
            rows[at].faults[code] = one.message
        return refused.message, 0
    except Refused as refused:
        return refused.message, 0


def _read(row: EventRow, people: Sequence[Employee], kinds: Sequence[EventKind]) -> None:
    """Fills in the report, or the faults."""
    found: dict[str, Any] = {"note": row.typed["note"]}
    readers: list[tuple[str, Any]] = [
        ("person", lambda text: _person(text, people)),
        ("kind", lambda text: _kind(text, kinds)),
        ("day", _day),
        ("quantity", _quantity),
    ]
    for name, read in readers:
        try:
            found[name] = read(row.typed[name])
        except Refused as refused:
            row.faults[name] = refused.message
    if "kind" in found:
        try:
            found["subject"] = _subject(row.typed["subject"], found["kind"])
        except Refused as refused:
            row.faults["subject"] = refused.message
    if not row.faults:
        row.report = Report(employee=found.pop("person"), **found)


def _person(text: str, people: Sequence[Employee]) -> Employee:
    """By number, name, ``name number``, or pinyin where only one of the team is meant."""
    if not text:
        raise Refused(_("Who was it? Write a name or an employee no."))
    exact = [one for one in people if text in (one.employee_no, str(one), one.name)]
    meant = exact or [one for one in people if text.lower() in one.pinyin.split()]
    if len(meant) == 1:
        return meant[0]
    if meant:
        numbers = ", ".join(one.employee_no for one in meant[:6])
        raise Refused(_("Several are meant by “%(text)s”: write the employee no. (%(numbers)s).") % {
            "text": text, "numbers": numbers,
        })  # fmt: skip
    raise Refused(_("“%(text)s” is nobody of this team.") % {"text": text})


def _kind(text: str, kinds: Sequence[EventKind]) -> EventKind:
    for kind in kinds:
        if text in (kind.key, kind.zh, kind.en):
            return kind
    if not text:
        raise Refused(_("What kind of event was it?"))
    names = ", ".join(named(kind) for kind in kinds)
    raise Refused(_("“%(text)s” is none of the kinds: %(kinds)s.") % {"text": text, "kinds": names})


def _day(text: str) -> date:
    try:
        year, month, day = (int(part) for part in text.replace("/", "-").replace(".", "-").split("-"))
        return date(year, month, day)
    except ValueError as error:
        raise Refused(_("Write the day as 2026-10-09.")) from error


def _quantity(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text) if text.isascii() else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or abs(value) >= Decimal(10) ** 16:
        raise Refused(_("“%(text)s” is no number. Write it in digits, such as 2.") % {"text": text})
    return value


def _subject(text: str, kind: EventKind) -> str:
    """Kinds whose subject is one of a few words take the word in either language, and keep its key.

    Where other texts may stand beside the words, they stay as written.
    """
    field = next((one for one in kind_of(kind).fields if one.name == "subject"), None)
    words = dict(field.words) if field else {}
    for key, names in words.items():
        if text in (key, names.zh, names.en):
            return str(key)
    if not words or not text or (field and field.free):
        return text
    english = named(kind) == kind.en
    choice = ", ".join(names.en if english else names.zh for names in words.values())
    raise Refused(_("“%(text)s” is none of: %(words)s.") % {"text": text, "words": choice})
