"""The inbox: what waits for oneself first, then what one has been told. The calendar: what is due on which day."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from staff.actions.messages_read import read_all, read_message
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.kernel.todos import Todo, read_todos, todos_for
from staff.kernel.workdays import Workdays
from staff.selectors.inbox import letter, messages_of, unread
from staff.selectors.waiting import waits_for
from staff.web.reach import access_in

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing that waits, and by how many working days it is late; 0 while its term runs."""

    todo: Todo
    late: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, with what is due on it. ``outside``: of the month before or after."""

    day: date
    works: bool
    today: bool
    outside: bool
    due: tuple[Todo, ...]


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    access = access_in(request)
    page = Paginator(messages_of(access), PER_PAGE).get_page(request.GET.get("page"))
    known = Workdays.known()
    todos, failed = read_todos(access)
    context = {
        "here": "inbox",
        "waiting": [Waiting(todo, _late(todo, known, access.day)) for todo in todos],
        "failed": bool(failed),
        "letters": [letter(message) for message in page],
        "page": page,
        "unread": unread(access),
    }
    return render(request, "staff/inbox.html", context)


@require_GET
@never_cache
@login_required
def count(request: HttpRequest) -> HttpResponse:
    """How much waits, for the navigation, which asks once a page is there: no page waits for its queries."""
    waits = waits_for(access_in(request))
    things = ngettext("%(n)d thing waits for you", "%(n)d things wait for you", len(waits.todos))
    letters = ngettext("%(n)d message not read", "%(n)d messages not read", waits.messages)
    said = [words % {"n": n} for words, n in ((things, len(waits.todos)), (letters, waits.messages)) if n]
    return JsonResponse({"number": waits.number, "said": _(", ").join(said)})


@require_GET
@login_required
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the message leads; it has been read with that. Another's does not exist."""
    access = access_in(request)
    message = messages_of(access).filter(pk=pk).first()
    if message is None:
        raise Http404
    read_message(access=access, pk=pk)
    url = letter(message).url
    safe = url is not None and url_has_allowed_host_and_scheme(url, None)
    return redirect(url if safe and url else reverse("inbox"))


@require_POST
@login_required
def mark_all(request: HttpRequest) -> HttpResponse:
    read_all(access=access_in(request))
    return redirect("inbox")


@require_GET
@login_required
def due_calendar(request: HttpRequest) -> HttpResponse:
    """A month of working days, holidays and make-up days, with what is due for the reader on each."""
    access = access_in(request)
    try:
        month = Month.parse(request.GET["month"]) if "month" in request.GET else Month.of(access.day)
    except ValueError as error:
        raise Http404 from error
    known = Workdays.known()
    weeks = _weeks(month, access, known)
    context = {
        "here": "inbox",
        "month": month,
        "weeks": weeks,
        "listed": [day for week in weeks for day in week if day.due and not day.outside],
        "provisional": known.provisional(month.first_day, month.last_day),
        "before": month.previous,
        "after": month.next,
    }
    return render(request, "staff/calendar.html", context)


def _late(todo: Todo, known: Workdays, day: date) -> int:
    return max(known.between(todo.due_on, day), 0) if todo.due_on else 0


def _weeks(month: Month, access: Access, known: Workdays) -> list[list[Day]]:
    due: dict[date, list[Todo]] = {}
    for todo in todos_for(access):
        if todo.due_on is not None:
            due.setdefault(todo.due_on, []).append(todo)
    first = month.first_day - timedelta(days=month.first_day.weekday())
    weeks = len(calendar.Calendar().monthdayscalendar(month.first_day.year, month.first_day.month))
    return [
        [
            Day(day, known.works(day), day == access.day, Month.of(day) != month, tuple(due.get(day, ())))
            for day in (first + timedelta(days=7 * week + at) for at in range(7))
        ]
        for week in range(weeks)
    ]
