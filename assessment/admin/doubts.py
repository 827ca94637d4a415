"""Doubts as HR works on them: what waits for its answer first. Auditors and the general manager read along."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.models import Doubt
from assessment.selectors.doubts import others_doubts
from assessment.web.doubts import A_PAGE, answering, doubt_or_404, rows_of, view_of
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render


@page("doubts/", "doubts", Thing.DOUBT)
def doubts(request: HttpRequest) -> HttpResponse:
    found = Paginator(others_doubts(access_of_request(request)), A_PAGE).get_page(request.GET.get("page"))
    context = {"title": _("Doubts"), "page_obj": found, "rows": rows_of(found.object_list)}
    return render(request, "admin/assessment/doubts.html", context)


@page("doubts/<int:pk>/", "doubt", Thing.DOUBT)
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """The partials of the portal's own page. POST answers."""
    access = access_of_request(request)
    found = doubt_or_404(access, pk)
    form, done = answering(request, access, found)
    if done:
        return redirect("admin:doubt", pk)
    view = view_of(access, found)
    context = {
        "title": view.about,
        "view": view,
        "form": form,
        "fact_url": "" if view.sealed else _fact_url(access, found),
    }
    return render(request, "admin/assessment/doubt.html", context, status=422 if form.errors else 200)


def _fact_url(access: Access, found: Doubt) -> str:
    """Where it is put right; empty for whoever does not enter facts."""
    if found.event_id is not None:
        entering = may_in_admin(access, Thing.EVENT, Verb.UPDATE)
        return reverse("admin:assessment_event_change", args=[found.event_id]) if entering else ""
    if found.metric is None or not may_in_admin(access, Thing.VALUE, Verb.UPDATE):
        return ""
    return f"{reverse('admin:values-edit', args=[found.employee_id, found.month])}?kind={found.metric.kind}"
