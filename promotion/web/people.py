"""The list of people whose standing one may read."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from promotion.models import Standing, TierPeriod
from promotion.web.outcomes import OUTCOMES, OutcomeView
from promotion.web.tiers import TierView, views_of
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Employee
from staff.selectors.people import people
from staff.web.reach import access_in

PAGE = 50


@require_GET
@login_required
def people_list(request: HttpRequest) -> HttpResponse:
    """Searchable by name, number and pinyin; a search as one types swaps the list alone."""
    access = access_in(request)
    access.require(Thing.STANDING, Verb.READ)
    if not set(access.roles) - {"employee"}:
        raise Forbidden(_("This page is for whoever looks after others. Your own tier is under “My tier”."))
    today = timezone.localdate()
    words = request.GET.get("q", "").strip()[:80]
    found = people(access, thing=Thing.STANDING, day=today, words=words)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = with_tiers(list(page.object_list), access)
    month, outcomes = latest_outcomes([person for person, _tier in rows], today)
    context = {
        "here": "people",
        "page": page,
        "rows": [(person, tier, outcomes.get(person.pk)) for person, tier in rows],
        "words": words,
        "today": today,
        "month": month,
    }
    part = bool(getattr(request, "htmx", False))
    return render(request, "promotion/_people.html" if part else "promotion/people.html", context)


def with_tiers(found: list[Employee], access: Access) -> list[tuple[Employee, TierView | None]]:
    """Each with the tier of today; None for whoever is on no ladder."""
    held = TierPeriod.objects.filter(employee__in=found, period__contains=access.day)
    tiers = {period.employee_id: (period.ladder, period.tier) for period in held}
    views = views_of(ladder for ladder, _tier in tiers.values())
    return [(person, _view(views, tiers.get(person.pk))) for person in found]


def latest_outcomes(found: list[Employee], today: date) -> tuple[Month | None, dict[int, OutcomeView]]:
    """The last month that has ended and has standings, and what each of these people came to in it."""
    month = Standing.objects.current().filter(month__lt=Month.of(today)).aggregate(last=Max("month"))["last"]
    if month is None:
        return None, {}
    standings = Standing.objects.current().filter(month=month, employee__in=found)
    return month, {pk: OUTCOMES[outcome] for pk, outcome in standings.values_list("employee_id", "outcome")}


def _view(views: dict[tuple[str, str], TierView], held: tuple[str, str] | None) -> TierView | None:
    if held is None:
        return None
    return views.get(held) or TierView(held[1], held[1], "other")
