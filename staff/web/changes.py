"""Changes to my record: what was written about me, by whom and when."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from staff.selectors.trail import changes_visible_to
from staff.selectors.trail_words import shown, with_texts
from staff.web.reach import access_in

_A_PAGE = 30


@require_GET
@login_required
def my_changes(request: HttpRequest) -> HttpResponse:
    """As a plain dated list. An account without an employee has no record."""
    access = access_in(request)
    if access.employee_id is None:
        return HttpResponseRedirect(reverse("home"))
    myself = access.as_oneself()
    page = Paginator(with_texts(changes_visible_to(myself)), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "staff/my_changes.html", {"page": page, "changes": shown(myself, page.object_list)})
