"""The notices board, a notice as it is posted, objections, and the written notice of a promotion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from policy.models import Adoption
from policy.selectors import checked
from policy.web.process import PROCESS
from promotion.applications.models import EFFECT, NOTICE, Application, ApplicationKind
from promotion.applications.process import APPLICATION
from promotion.notices.actions.objection_raise import LONGEST, raise_objection
from promotion.notices.letter import letter_of, printable
from promotion.notices.models import Notice, NoticeEntry, NoticeState
from promotion.notices.selectors import (
    as_on_the_board,
    days_of,
    issuer_of,
    notices_for,
    own_objections,
    waits_for_answers,
    with_entries,
)
from promotion.web.tiers import TierView, views_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.kernel.workdays import Workdays
from staff.models import DepartmentClosure
from staff.web.reach import access_in, pk_in

_NUMBER = re.compile(r"GS-([0-9]{4})-([0-9]{3,9})")
_APPLICATION = re.compile(r"A-([0-9]{5,18})")
_A_PAGE = 30
#: Under the days of a notice.
WEEKDAYS = (
    pgettext_lazy("short", "Mon"), pgettext_lazy("short", "Tue"), pgettext_lazy("short", "Wed"),
    pgettext_lazy("short", "Thu"), pgettext_lazy("short", "Fri"), pgettext_lazy("short", "Sat"), pgettext_lazy("short", "Sun"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice on the board: which of its days today is, and how many are left; both 0 where it is over."""

    notice: Notice
    day: int
    left: int
    over: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A name on a notice with its tiers."""

    entry: NoticeEntry
    from_tier: TierView | None
    to_tier: TierView | None


@require_GET
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Those that run, with the days left, whose last day is next first; then past ones."""
    access = access_in(request)
    page_obj = Paginator(with_entries(as_on_the_board(notices_for(access))), _A_PAGE).get_page(request.GET.get("page"))
    known = Workdays.known()
    context = {
        "here": "notices",
        "current": [posted(notice, access.day, known) for notice in page_obj if notice.state == NoticeState.POSTED],
        "past": [notice for notice in page_obj if notice.state == NoticeState.ENDED],
        "page_obj": page_obj,
        "objections": own_objections(access).count() if may_object(access) else 0,
    }
    return render(request, "promotion/notices/board.html", context)


@require_GET
@login_required
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """As it is posted, on a sheet that prints."""
    access = access_in(request)
    found = _notice_or_404(access, number)
    known = Workdays.known()
    days = days_of(found, known)
    shown = posted(found, access.day, known)
    context = {
        "notice": found, "shown": shown, "lines": _lines(found),
        "days": [(day, WEEKDAYS[day.weekday()]) for day in days], "first_day": days[0],
        "provisional": known.provisional(found.posted_on, found.ends_on) and found.state == NoticeState.POSTED,
        "may_object": may_object(access) and not shown.over,
        "waits": shown.over and found.state == NoticeState.POSTED and waits_for_answers(found),
        "company": issuer_of(found), "effective_on": Month.of(found.ends_on).next.first_day, "today": access.day,
        **_law_of(found),
    }  # fmt: skip
    return render(request, "promotion/notices/notice.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def notice_object(request: HttpRequest, number: str) -> HttpResponse:
    """``entry`` is the name it is about, ``text`` facts and grounds."""
    access = access_in(request)
    access.require_person()
    access.require(Thing.OBJECTION, Verb.CREATE)
    found = _notice_or_404(access, number)
    error = text = ""
    chosen = 0
    if request.method == "POST":
        text, chosen = request.POST.get("text", ""), pk_in(request.POST.get("entry", ""))
        try:
            if not any(entry.pk == chosen for entry in found.entries.all()):
                raise Refused(_("Choose whom it is about."), code="entry")
            raise_objection(access=access, entry_id=chosen, text=text)
        except Forbidden:
            raise
        except Refused as refused:
            error = refused.message
        else:
            messages.success(request, _("HR has your objection. Its answer will stand here."))
            return redirect("my-objections")
    own = set(
        Application.objects.filter(entries__notice=found, employee=access.employee_id).values_list("pk", flat=True)
    )
    context = {
        "notice": found, "error": error, "text": text, "chosen": chosen, "most": LONGEST,
        "shown": posted(found, access.day, Workdays.known()),
        "lines": [line for line in _lines(found) if line.entry.application_id not in own and not line.entry.taken_back_on],
    }  # fmt: skip
    return render(request, "promotion/notices/object.html", context, status=422 if error else 200)


@require_GET
@login_required
def my_objections(request: HttpRequest) -> HttpResponse:
    """One's own, with HR's answers."""
    access = access_in(request)
    access.require(Thing.OBJECTION, Verb.CREATE)
    page_obj = Paginator(own_objections(access), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "promotion/notices/objections.html", {"here": "notices", "page_obj": page_obj})


@require_GET
@login_required
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """晋升通知书, for the person and whoever reads the application."""
    access = access_in(request)
    known = _APPLICATION.fullmatch(number)
    application = printable(access).filter(pk=int(known[1])).first() if known else None
    if application is None:
        raise Http404
    views = views_of([application.version.key])
    found = letter_of(application)
    names = {
        "title": application.version.title, "number": application.version.number,
        "day": date_format(found.effective_on, "DATE_FORMAT"),
    }  # fmt: skip
    context = {
        "letter": found, "application": application,
        "intro": _("By the policy “%(title)s” (version %(number)s), and as approved by the general manager and posted without "
                   "an objection that was upheld, you are promoted from %(day)s.") % names,
        "from_tier": views.get((application.version.key, application.from_tier)),
        "to_tier": views.get((application.version.key, application.to_tier)),
        "own": application.employee_id == access.employee_id,
    }  # fmt: skip
    return render(request, "promotion/notices/letter.html", context)


def posted(notice: Notice, day: date, known: Workdays) -> Posted:
    """Where a notice stands on a day."""
    over = day > notice.ends_on or notice.state != NoticeState.POSTED
    return Posted(
        notice,
        0 if over else known.between(notice.posted_on, day),
        0 if over else known.between(day, notice.ends_on),
        over,
    )


def may_object(access: Access) -> bool:
    """Whether the reader is somebody of the company, by themselves and not by a token."""
    return access.employee_id is not None and access.only is None and access.may(Thing.OBJECTION, Verb.CREATE)


def _lines(notice: Notice) -> list[Line]:
    key = notice.version.key
    views = views_of([key])
    return [
        Line(entry, views.get((key, entry.from_tier)), views.get((key, entry.to_tier)))
        for entry in notice.entries.all()
    ]


def _law_of(notice: Notice) -> dict[str, Any]:
    """By what it was posted, in words, and whose the number of its days is: a clause's or a reading's."""
    posted = list(Application.objects.filter(entries__notice=notice).only("values", "to_tier", "kind", "process"))
    given: dict[str, str] = posted[0].values if posted else {}
    targets = {row.to_tier for row in posted}
    skips = [row for row in posted if row.kind == ApplicationKind.SKIP]
    policy = checked(notice.version, given)
    steps = [step for step in (policy.ladder.steps if policy.ladder else ()) if str(step.target) in targets]
    ways = [row.process for row in skips] if len(skips) == len(posted) else [step.process for step in steps]
    names = dict.fromkeys(name for way in ways for name in way)
    gone = [name for name in names if name not in (APPLICATION, "decision", NOTICE, "written_notice", EFFECT)]
    began = [_("its opening as a skip-level promotion for merit")] if skips else []
    began += [_("monthly assessment")] if len(skips) < len(posted) else []
    above = DepartmentClosure.objects.filter(descendant=notice.department_id).values("ancestor")
    adopted = Adoption.objects.filter(
        version=notice.version_id, department__in=above, period__contains=notice.posted_on
    ).first()
    term = policy.process_step(steps[0], NOTICE) if steps else None
    articles = dict.fromkeys(part for entry in notice.entries.all() for part in entry.clauses.split("、") if part)
    people = sum(entry.taken_back_on is None for entry in notice.entries.all())
    told = {
        "title": notice.version.title, "number": notice.version.number, "n": people,
        "since": date_format(adopted.period.lower, "DATE_FORMAT") if adopted and adopted.period.lower else "–",
        "articles": pgettext("names", ", ").join(articles) or "–",
        "steps": pgettext("names", ", ").join([*began, *(str(PROCESS.get(name, name)) for name in gone)]),
    }  # fmt: skip
    intro = ngettext(
        "By the policy “%(title)s” (version %(number)s, in force since %(since)s), %(articles)s, after %(steps)s, and approved "
        "by the general manager, the following %(n)d person is to be promoted.",
        "By the policy “%(title)s” (version %(number)s, in force since %(since)s), %(articles)s, after %(steps)s, and approved "
        "by the general manager, the following %(n)d people are to be promoted.",
        people,
    )
    return {
        "intro": intro % told,
        "term_clause": term.clause if term else "",
        "term_is_reading": bool(term and term.readings) or not (term and term.clause),
    }


def _notice_or_404(access: Access, number: str) -> Notice:
    known = _NUMBER.fullmatch(number)
    rows = with_entries(notices_for(access))
    found = rows.filter(year=int(known[1]), serial=int(known[2])).first() if known else None
    if found is None or found.number != number:
        raise Http404
    return found
