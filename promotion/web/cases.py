"""A case with its course in the portal: the page, and one address for everything that is done there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from promotion.cases.actions.appeal import decide_appeal, name_decider, raise_appeal
from promotion.cases.actions.check import Answer, check_case
from promotion.cases.actions.decide import Demotion, Plan, decide_case
from promotion.cases.actions.dismissal import arrange, reassess, record_outcome
from promotion.cases.actions.plan import note_plan
from promotion.cases.actions.read import read_letter
from promotion.cases.actions.restore import restore_tier
from promotion.cases.actions.serve import serve_letter
from promotion.cases.actions.state import make_statement
from promotion.cases.bounds import HR, require_appeal_decision, require_as, require_first_decision
from promotion.cases.models import Decision, Proceeding, ProtectedBy
from promotion.cases.selectors import acts_for, part_of, proceeding_of
from promotion.evidence.bundle import bundle_of
from promotion.web.case_page import CoursePage, course_page, mentors
from staff.kernel.access import Access, Forbidden, Refused, Verb
from staff.kernel.attachments import response_for
from staff.kernel.periods import Month
from staff.models import Attachment, Employee
from staff.selectors.accounts import account_named
from staff.web.reach import access_in

#: What is done, by the last part of its address.
Doing = Callable[[HttpRequest, Access, Proceeding], Any]


def shown(request: HttpRequest, access: Access, pk: int) -> HttpResponse | None:
    """The page of a case that has a course; None for another, and for whoever it does not exist for."""
    page = course_page(access, pk)
    return None if page is None else _render(request, access, page)


@require_POST
@login_required
def case_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Does it, and shows the page again: with what stands there now, or with what was refused (422)."""
    access = access_in(request)
    page = course_page(access, pk)
    if page is None or act not in _DOINGS:
        raise Http404
    try:
        _DOINGS[act](request, access, page.row)
    except Forbidden:
        raise
    except Refused as refused:
        fresh = course_page(access, pk) or page
        return _render(request, access, fresh, refused=refused, act=act)
    messages.success(request, _("Done."))
    return redirect("case", pk)


@require_GET
@login_required
def case_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A file beside a statement or an appeal, for whoever reads its words."""
    access = access_in(request)
    row = proceeding_of(pk)
    part = part_of(access, row) if row is not None else ""
    if row is None or not part:
        raise Http404
    named = {one["id"] for act in acts_for(part, row) for one in act.data.get("files", ())}
    attachment = Attachment.objects.filter(pk=file).first() if file in named else None
    if attachment is None:
        raise Http404
    return response_for(attachment)


@require_GET
@login_required
def case_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of the case as a ZIP, for its parties and auditors."""
    access = access_in(request)
    row = proceeding_of(pk)
    part = part_of(access, row) if row is not None else ""
    if row is None or part not in ("person", "hr", "head", "gm", "named", "auditor"):
        raise Http404
    response = HttpResponse(bundle_of(row, part), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="case-{row.pk}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


def context_of(
    request: HttpRequest, access: Access, page: CoursePage, *, refused: Refused | None = None, act: str = ""
) -> dict[str, Any]:
    """For the portal's page and the admin's."""
    page.items = [
        replace(
            one, said=request.POST.get(f"applies-{one.key}", ""), by=request.POST.get(f"evidence-{one.key}", ""),
            until=request.POST.get(f"until-{one.key}", ""),
        )
        for one in page.items
    ]  # fmt: skip
    return {
        "page": page, "view": page.view, "row": page.row, "posted": request.POST, "act": act,
        "error": refused.message if refused else "", "error_at": refused.code if refused else "",
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "mentors": mentors(access, page.row) if "decide" in page.can else [],
    }  # fmt: skip


def perform(request: HttpRequest, access: Access, row: Proceeding, act: str) -> None:
    """For the admin's page. Raises ``Http404`` for an act there is not."""
    if act not in _DOINGS:
        raise Http404
    _DOINGS[act](request, access, row)


def _render(
    request: HttpRequest, access: Access, page: CoursePage, *, refused: Refused | None = None, act: str = ""
) -> HttpResponse:
    context = {**context_of(request, access, page, refused=refused, act=act), "here": "cases"}
    return render(request, "promotion/cases/case.html", context, status=422 if refused else 200)


# what was sent


def _key(request: HttpRequest) -> str | None:
    return request.POST.get("key", "")[:60] or None


def _words(request: HttpRequest, name: str = "words") -> str:
    return request.POST.get(name, "").replace("\0", "")


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Refused(_("Enter a day."), code=name) from error


def _check(request: HttpRequest, access: Access, row: Proceeding) -> None:
    require_as(access, row, HR, Verb.UPDATE)
    answers = {}
    for item in ProtectedBy:
        applies = request.POST.get(f"applies-{item}", "")
        if applies in ("yes", "no"):
            until = _day(request, f"until-{item}") if request.POST.get(f"until-{item}") else None
            answers[item.value] = Answer(applies == "yes", _words(request, f"evidence-{item}")[:2000], until)
    check_case(access=access, proceeding=row, facts=_words(request), answers=answers, key=_key(request))


def _decide(request: HttpRequest, access: Access, row: Proceeding) -> None:
    require_first_decision(access, row)
    what, plan, demotion = request.POST.get("decision", ""), None, None
    if what not in Decision.values:
        raise Refused(_("Choose one of the three."), code="decision")
    if what == Decision.PLAN:
        plan = _plan(request, access)
    elif what == Decision.DEMOTION:
        demotion = Demotion(request.POST.get("basis", ""), _day(request, "tier_on"), _day(request, "pay_on"))
    decide_case(
        access=access, proceeding=row, reason=_words(request), on_statement=_words(request, "on_statement"), plan=plan,
        demotion=demotion, key=_key(request),
    )  # fmt: skip


def _plan(request: HttpRequest, access: Access) -> Plan:
    try:
        month = Month.parse(request.POST.get("month", ""))
    except ValueError as error:
        raise Refused(_("Enter a month, such as 2027-02."), code="month") from error
    mentor = Employee.objects.visible_to(access).filter(employee_no=_words(request, "mentor")).first()
    if mentor is None:
        raise Refused(_("Choose a mentor."), code="mentor")
    return Plan(tuple(request.POST.getlist("goals")), month, mentor)


def _files(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(one.name or "file", one) for one in request.FILES.getlist("files")]


def _answer(request: HttpRequest, access: Access, row: Proceeding) -> None:
    require_appeal_decision(access, row)
    upheld = request.POST.get("upheld", "")
    if upheld not in ("yes", "no"):
        raise Refused(_("Choose one of the two."), code="upheld")
    days = {name: _day(request, name) for name in ("tier_on", "pay_on")} if upheld == "yes" else {}
    decide_appeal(
        access=access, proceeding=row, upheld=upheld == "yes", words=_words(request), key=_key(request), **days
    )


def _name(request: HttpRequest, access: Access, row: Proceeding) -> None:
    require_as(access, row, HR, Verb.UPDATE)
    account = account_named(_words(request, "account"))
    if account is None:
        raise Refused(_("Nobody with an account has this number or user name."), code="decider")
    name_decider(access=access, proceeding=row, account=account)


def _arrange(request: HttpRequest, access: Access, row: Proceeding) -> None:
    require_as(access, row, HR, Verb.UPDATE)
    arrange(access=access, proceeding=row, words=_words(request), until=_day(request, "until"), key=_key(request))


_DOINGS: dict[str, Doing] = {
    "check": _check,
    "serve": lambda r, a, row: serve_letter(access=a, proceeding=row, key=_key(r)),
    "read": lambda r, a, row: read_letter(access=a, proceeding=row),
    "state": lambda r, a, row: make_statement(access=a, proceeding=row, words=_words(r), files=_files(r), key=_key(r)),
    "decide": _decide,
    "appeal": lambda r, a, row: raise_appeal(access=a, proceeding=row, words=_words(r), files=_files(r), key=_key(r)),
    "name": _name,
    "answer": _answer,
    "note": lambda r, a, row: note_plan(access=a, proceeding=row, words=_words(r)),
    "restore": lambda r, a, row: restore_tier(access=a, proceeding=row, words=_words(r), key=_key(r)),
    "arrange": _arrange,
    "reassess": lambda r, a, row: reassess(access=a, proceeding=row, words=_words(r), key=_key(r)),
    "record": lambda r, a, row: record_outcome(
        access=a, proceeding=row, words=_words(r), counsel=_words(r, "counsel"), key=_key(r)
    ),
}
