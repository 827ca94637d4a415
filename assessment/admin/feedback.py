"""Feedback of results as HR works on it: who owes whom a talk of a sealed month, and objections for the last answer."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from assessment.models import Feedback, FeedbackState
from assessment.selectors.feedback import last_sealed, owed_by_leader, sealed_months, talks_due
from assessment.web.feedback import A_PAGE, acting, feedback_or_404, view_of
from staff.kernel.access import Thing
from staff.kernel.admin import page
from staff.kernel.admin.pages import access_of_request, render

_OPEN_FIRST = (FeedbackState.WITH_HR, FeedbackState.OBJECTED)


@page("feedback/", "feedback-list", Thing.FEEDBACK)
def feedbacks(request: HttpRequest) -> HttpResponse:
    """``?month=``: a sealed month, the last unless asked. Nobody's words stand here."""
    access = access_of_request(request)
    months, last = sealed_months(), last_sealed()
    month = next((one for one in months if str(one) == request.GET.get("month")), months[0] if months else None)
    rows = Feedback.objects.visible_to(access).exclude(employee__in=access.people)
    waiting = list(rows.filter(state__in=_OPEN_FIRST).select_related("employee").order_by("due_on", "pk")[:A_PAGE])
    of_month = rows.filter(month=month).select_related("employee", "told_by__employee").order_by("-held_on", "pk")
    found = Paginator(of_month, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Feedback of results"), "months": months, "month": month, "waiting": waiting, "page_obj": found,
        "owed": owed_by_leader(access, month) if month else [], "today": access.day,
        "due_on": talks_due(last) if last is not None and last.month == month else None,
    }  # fmt: skip
    return render(request, "admin/assessment/feedbacks.html", context)


@page("feedback/<int:pk>/", "feedback", Thing.FEEDBACK)
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """The partials of the portal's own page. POST answers."""
    access = access_of_request(request)
    found = feedback_or_404(access, pk)
    form, done = acting(request, access, found)
    if done:
        return redirect("admin:feedback", pk)
    context = {
        "title": _("Feedback of %(month)s") % {"month": found.month},
        "view": view_of(access, found),
        "form": form,
    }
    return render(request, "admin/assessment/feedback.html", context, status=422 if form.errors else 200)
