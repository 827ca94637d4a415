"""Adverse cases for HR: the list with what is overdue first, and one case whole with everything that HR does in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.admin.cases import case_pages
from assessment.web.case_words import views_of
from promotion.cases.models import Proceeding, ProceedingState
from promotion.cases.selectors import listed
from promotion.web.case_page import CoursePage, course_page
from promotion.web.cases import context_of, perform
from staff.kernel.access import Access, Forbidden, Refused, Thing
from staff.kernel.admin import page
from staff.kernel.admin.pages import access_of_request, render

_A_PAGE = 50
_STATES = (("", gettext_lazy("under way")), *ProceedingState.choices)


@page("courses/", "courses", Thing.PROCEEDING)
def courses(request: HttpRequest) -> HttpResponse:
    """By state, what is overdue first; nothing is done to several at once."""
    access = access_of_request(request)
    state = request.GET.get("state", "")
    state = state if state in ProceedingState.values else ""
    words = request.GET.get("q", "").replace("\0", "").strip()[:80]
    found = Paginator(listed(access, state=state, words=words), _A_PAGE).get_page(request.GET.get("page"))
    rows: list[Proceeding] = list(found.object_list)
    views = views_of(row.case for row in rows)
    context: dict[str, Any] = {
        "title": _("Adverse cases"), "page_obj": found, "rows": list(zip(rows, views, strict=True)), "states": _STATES,
        "state": state, "words": words, "today": access.day,
    }  # fmt: skip
    return render(request, "admin/promotion/courses.html", context)


def shown(request: HttpRequest, access: Access, pk: int) -> HttpResponse | None:
    """The page of a case that has a course; None for another, and for whoever it does not exist for."""
    found = course_page(access, pk)
    return None if found is None else _render(request, access, found)


@page("cases/<int:pk>/<slug:act>/", "case-act", Thing.PROCEEDING)
def case_act(request: HttpRequest, pk: int, act: str) -> HttpResponseBase:
    """As in the portal: does it, and shows the page again."""
    access = access_of_request(request)
    found = course_page(access, pk)
    if found is None:
        raise Http404
    if request.method != "POST":
        return redirect("admin:case", pk)
    try:
        perform(request, access, found.row, act)
    except Forbidden:
        raise
    except Refused as refused:
        return _render(request, access, course_page(access, pk) or found, refused=refused, act=act)
    messages.success(request, _("Done."))
    return redirect("admin:case", pk)


def _render(
    request: HttpRequest, access: Access, found: CoursePage, *, refused: Refused | None = None, act: str = ""
) -> HttpResponse:
    context = context_of(request, access, found, refused=refused, act=act)
    context["title"] = f"{found.view.whose} · {found.view.kind}"
    return render(request, "admin/promotion/case.html", context, status=422 if refused else 200)


case_pages.append(shown)
