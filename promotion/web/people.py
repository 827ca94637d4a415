"""The list of people whose standing one may read: a team, or everybody of the scope."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from promotion.web.outcomes import OUTCOMES
from promotion.web.reach import leads_people
from promotion.web.team import FIRST, counts_of, in_order, judged, last_month, lines_of
from staff.kernel.access import Forbidden, Thing, Verb
from staff.selectors.people import people
from staff.web.reach import access_in

PAGE = 50
_BY_KEY = {view.key: number for number, view in OUTCOMES.items()}


class Counted(Paginator):
    """A paginator that has been told how many there are."""

    given = 0

    @cached_property
    def count(self) -> int:
        return self.given


@require_GET
@login_required
def people_list(request: HttpRequest) -> HttpResponse:
    """Searchable by name, number and pinyin, narrowed by outcome; a search as one types swaps the list alone."""
    access = access_in(request)
    access.require(Thing.STANDING, Verb.READ)
    if not set(access.roles) - {"employee"}:
        raise Forbidden(_("This page is for whoever looks after others. Your own tier is under “My tier”."))
    today = timezone.localdate()
    words = request.GET.get("q", "").strip()[:80]
    outcome = request.GET.get("outcome", "") if request.GET.get("outcome", "") in _BY_KEY else ""
    month = last_month(today)
    found = judged(people(access, thing=Thing.STANDING, day=today, words=words), month)
    counts = counts_of(found)
    shown = found.filter(now__outcome=_BY_KEY[outcome]) if outcome else found
    paginator = Counted(in_order(shown, month), PAGE)
    paginator.given = counts.get(_BY_KEY[outcome], 0) if outcome else sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "here": "people",
        "title": _("My team") if leads_people(access) else _("People"),
        "page": page,
        "lines": lines_of(list(page.object_list), month, today),
        "outcomes": [(OUTCOMES[number], counts[number]) for number in FIRST if counts.get(number)],
        "all": sum(counts.values()),
        "chosen": outcome,
        "words": words,
        "today": today,
        "month": month,
    }
    part = bool(getattr(request, "htmx", False))
    return render(request, "promotion/_people.html" if part else "promotion/people.html", context)
