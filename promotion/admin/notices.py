"""Public notices for HR: whom to post, what runs, objections to answer, what has ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.applications.models import Application
from promotion.notices.actions.notice_end import end_notice
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.actions.objection_answer import answer_objection
from promotion.notices.models import NoticeState, Objection, ObjectionState
from promotion.notices.selectors import HR, answered, looked_after, objections_in_scope, running, to_answer, to_post
from promotion.notices.wording import days_posted
from promotion.web.judging_file import tiers_of
from promotion.web.notices import posted
from promotion.web.tiers import views_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, action_page, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.workdays import Workdays
from staff.web.reach import pk_in

_A_PAGE = 50
_ANSWERED = 20


class AnswerForm(ActionForm):
    template = "admin/promotion/objection.html"
    upheld = forms.ChoiceField(
        label=gettext_lazy("the objection is"),
        choices=[
            ("", "–"),
            ("no", gettext_lazy("dismissed: the name stays posted")),
            ("yes", gettext_lazy("upheld: the general manager decides anew")),
        ],
    )
    answer = forms.CharField(
        label=gettext_lazy("answer in writing"), widget=forms.Textarea(),
        help_text=gettext_lazy("Whoever objected reads it. Upheld, the person and the general manager read what was objected, "
                               "and never by whom."),
    )  # fmt: skip

    def perform(self) -> Objection:
        given = self.cleaned_data
        return answer_objection(
            access=self.access, objection_id=self.subject.pk, upheld=given["upheld"] == "yes", answer=given["answer"]
        )


@page("notices/", "notices", Thing.NOTICE, Verb.CREATE)
def notices(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    known = Workdays.known()
    groups = _groups(access)
    rows = looked_after(access)
    ended = Paginator(rows.filter(state=NoticeState.ENDED), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Public notices"), "groups": groups, "page_obj": ended,
        "running": [posted(notice, access.day, known) for notice in running(rows).order_by("ends_on", "pk")],
        "open": list(to_answer(access)), "answered": list(answered(access)[:_ANSWERED]),
    }  # fmt: skip
    return render(request, "admin/promotion/notices.html", context)


@page("notices/post/", "notice-post", Thing.NOTICE, Verb.CREATE)
def notice_post(request: HttpRequest) -> HttpResponse:
    """``application``: whom to post, of one group of the page."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    chosen = [pk_in(pk) for pk in request.POST.getlist("application")]
    try:
        notice = post_notice(access=access_of_request(request), applications=chosen)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(reverse("admin:notices"))
    messages.success(
        request, _("%(number)s is posted until %(day)s, 24:00.") % {"number": notice.number, "day": notice.ends_on}
    )
    return HttpResponseRedirect(reverse("admin:notices"))


@page("notices/<int:pk>/end/", "notice-end", Thing.NOTICE, Verb.DECIDE)
def notice_end(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    access = access_of_request(request)
    if not looked_after(access).filter(pk=pk).exists():
        raise Http404
    try:
        notice = end_notice(access=access, notice_id=pk)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%(number)s: whoever nobody objects to goes on.") % {"number": notice.number})
    return HttpResponseRedirect(reverse("admin:notices"))


@page("objections/<int:pk>/", "objection", Thing.OBJECTION, Verb.DECIDE)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, and by whom: HR in scope alone is told that."""
    access = access_of_request(request)
    if not access.in_roles(HR).may(Thing.OBJECTION, Verb.DECIDE):
        raise Forbidden(_("HR answers objections, in writing."))
    found = objections_in_scope(access).filter(pk=pk).first()
    if found is None:
        raise Http404
    about = ActionPage(
        title=_("Objection to %(number)s") % {"number": found.entry.notice.number},
        submit=_("Answer"),
        done=_("The objection is answered."),
        back=reverse("admin:notices"),
        lead=found.text,
        facts=[
            (_("about"), f"{found.entry.name} {found.entry.employee_no}"),
            (_("raised by"), str(found.by)),
            *([(found.get_state_display(), found.answer)] if found.state != ObjectionState.OPEN else []),
        ],
    )
    return action_page(request, AnswerForm, about, subject=found)


def _groups(access: Access) -> list[dict[str, Any]]:
    """Whom to post, as they may stand on one notice: of one version with its values, one department, one length."""
    rows = list(to_post(access))
    views = views_of({row.version.key for row in rows})
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        days = days_posted(row)
        group = found.setdefault(
            (row.version_id, tuple(sorted(row.values.items())), row.department_id, days),
            {"version": row.version, "department": row.department, "days": days, "rows": []},
        )
        group["rows"].append(_row(row, views))
    return list(found.values())


def _row(row: Application, views: Any) -> dict[str, Any]:
    return {"application": row, "tiers": tiers_of(row, views)}
