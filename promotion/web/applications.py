"""Applications in the portal: a person's own, one whole with what the reader may do, and what waits for a leader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.applications.actions.appeal_decide import decide_appeal
from promotion.applications.actions.appeal_decider_name import name_decider
from promotion.applications.actions.appeal_raise import last_day, raise_appeal
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.file_attach import attach_file, remove_file
from promotion.applications.actions.nominate import accept_nomination, decline_nomination
from promotion.applications.actions.opine import opine
from promotion.applications.actions.review import review
from promotion.applications.actions.send_back import send_back
from promotion.applications.actions.submit import submit
from promotion.applications.actions.withdraw import withdraw
from promotion.applications.attesting import Answer, asked_at
from promotion.applications.models import (
    DECISION,
    SETTLED,
    Appeal,
    Application,
    ApplicationFile,
    ApplicationKind,
    ApplicationState,
)
from promotion.applications.process import APPLICATION, clause_of, step_of
from promotion.applications.rights import require_hr
from promotion.applications.selectors import applications_of, found, page_of, to_act_on, why_not_begin
from promotion.applications.standings import basis_for, differences, frozen_of, standing_of_record
from promotion.applications.waiting import appeals_to_decide
from promotion.web.application_words import event_lines, next_in_words, stop_words
from promotion.web.decisions import difference_words
from promotion.web.judging_file import file_of, lines_of, step_name
from promotion.web.record import record_of
from promotion.web.tiers import views_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.attachments import response_for
from staff.selectors.accounts import account_named
from staff.web.reach import access_in, pk_in

A_PAGE = 20


@require_GET
@login_required
def applications(request: HttpRequest) -> HttpResponse:
    """One's own; and before them what waits for one's opinion, review or decision."""
    access = access_in(request)
    appeals = list(appeals_to_decide(access).defer("application__version__document"))
    if access.employee_id is None and not appeals:
        access.require(Thing.APPLICATION, Verb.READ)
    own = list(applications_of(access, access.employee_id)) if access.employee_id else []
    waiting = Paginator(to_act_on(access), A_PAGE).get_page(request.GET.get("page"))
    rows = list(waiting.object_list)
    views = views_of({one.version.key for one in [*own, *rows, *(one.application for one in appeals)]})
    settled = all(one.state in SETTLED for one in own)
    why_not = why_not_begin(access, getattr(request.user, "employee", None)) if settled else ""
    context = {
        "here": "applications",
        "own": [(one, _tiers(one, views), next_in_words(one, own=True)) for one in own],
        "waiting": [(one, _tiers(one, views), step_name(one.step)) for one in rows],
        "appeals": [(one, _tiers(one.application, views)) for one in appeals],
        "page": waiting, "day": access.day, "may_begin": settled, "why_not": why_not,
        "is_person": access.employee_id is not None,
    }  # fmt: skip
    return render(request, "promotion/applications/list.html", context)


@require_POST
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    try:
        application = open_draft(access=access_in(request))
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("applications")
    return redirect("application", application.number)


@require_http_methods(["GET", "POST"])
@login_required
def application(request: HttpRequest, number: str) -> HttpResponse:
    """POST carries out ``act``; what is refused is told above what was written, which stays."""
    access = access_in(request)
    row = found(access, number)
    if row is None:
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            act(request, access, row)
        except Forbidden:
            raise
        except Refused as error:
            refused = error
            row.refresh_from_db()
        else:
            # Whoever was named for one appeal reads it no more once it is answered.
            return redirect("application", row.number) if found(access, row.number) else redirect("inbox")
    return render(
        request,
        "promotion/applications/record.html",
        _context(request, access, row, refused),
        status=422 if refused else 200,
    )


@require_GET
@login_required
def file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Whoever reads the application reads its files, and nobody else."""
    row = found(access_in(request), number)
    one = ApplicationFile.objects.filter(application=row, pk=pk, removed_at=None).first() if row else None
    if one is None:
        raise Http404
    return response_for(one.attachment)


def _context(request: HttpRequest, access: Access, row: Application, refused: Refused | None) -> dict[str, Any]:
    page = page_of(access, row)
    views = views_of([row.version.key])
    asks = step_of(row, APPLICATION)
    sent = request.POST if refused else {}
    file = file_of(row, views, page.files)
    deciding = row.state == ApplicationState.OPEN and row.step == DECISION and row.kind != ApplicationKind.SKIP
    differing = differences(row, standing_of_record(row.employee_id)) if deciding else ()
    return {
        "here": "applications", "page": page, "a": row, "day": access.day, "tiers": _tiers(row, views),
        "refused": refused, "sent": sent,
        "stops": [(stop, stop_words(stop, row)) for stop in page.stops], "lines": event_lines(page.events),
        "next": next_in_words(row, own=page.own), "file": file, "asks": asks.asks if asks else (),
        "record": record_of(access, row, page.events, page.candidacies, sum(one.verdict == "met" for one in file.attested)),
        "asked": [
            (clause, sent.get(f"met-{clause.number}", ""), sent.get(f"reason-{clause.number}", "")) for clause in page.asked
        ],
        "differences": [difference_words(one) for one in differing],
        "appeal_until": last_day(row) if row.state == ApplicationState.DECLINED else None,
        "rests_on": _rests_on(access, row) if {"write", "accept"} & page.acts else None,
        "step_clause": clause_of(row, row.step) if row.step else "",
        "policy_url": reverse("policy", args=[row.version.key, row.version.number]),
    }  # fmt: skip


def _rests_on(access: Access, row: Application) -> Any:
    """What handing in would freeze today, or why it would be refused; what was returned keeps what it stood on."""
    if row.state == ApplicationState.RETURNED:
        return None
    try:
        basis = basis_for(row.employee, access.day)
    except Refused as refused:
        return {"refusal": refused.message}
    return {"month": basis.standing.month, "lines": lines_of(frozen_of(basis.standing), basis.transition)}


def _tiers(row: Application, views: Mapping[tuple[str, str], Any]) -> tuple[Any, Any]:
    return views.get((row.version.key, row.from_tier)), views.get((row.version.key, row.to_tier))


Carry = Callable[[HttpRequest, Access, Application], None]


def _write(request: HttpRequest, access: Access, row: Application) -> None:
    save_draft(
        access=access, application=row, summary=request.POST.get("summary", ""), results=request.POST.get("results", "")
    )
    for upload in request.FILES.getlist("files"):
        attach_file(access=access, application=row, file=upload, name=upload.name or "")


def _submit(request: HttpRequest, access: Access, row: Application) -> None:
    _write(request, access, row)
    submit(access=access, application=row, key=_key(request))
    messages.success(request, _("Handed in. What it rests on is frozen as it stands."))


def _remove(request: HttpRequest, access: Access, row: Application) -> None:
    one = ApplicationFile.objects.filter(
        application=row, removed_at=None, pk=pk_in(request.POST.get("file", ""))
    ).first()
    if one is not None:
        remove_file(access=access, file=one)


def _withdraw(request: HttpRequest, access: Access, row: Application) -> None:
    withdraw(access=access, application=row, words=request.POST.get("words", ""), key=_key(request))


def _accept(request: HttpRequest, access: Access, row: Application) -> None:
    accept_nomination(access=access, application=row, key=_key(request))


def _refuse(request: HttpRequest, access: Access, row: Application) -> None:
    decline_nomination(access=access, application=row, words=request.POST.get("words", ""), key=_key(request))


def _opine(request: HttpRequest, access: Access, row: Application) -> None:
    opine(
        access=access,
        application=row,
        words=request.POST.get("words", ""),
        answers=_answers(request, row),
        key=_key(request),
    )


def _review(request: HttpRequest, access: Access, row: Application) -> None:
    review(
        access=access, application=row, words=request.POST.get("words", ""), answers=_answers(request, row),
        passed=request.POST.get("passed", "yes") == "yes", key=_key(request),
    )  # fmt: skip


def _return(request: HttpRequest, access: Access, row: Application) -> None:
    send_back(access=access, application=row, words=request.POST.get("words", ""), key=_key(request))


def _appeal(request: HttpRequest, access: Access, row: Application) -> None:
    raise_appeal(access=access, application=row, text=request.POST.get("text", ""))
    messages.success(request, _("Your appeal is raised. You are told when it is decided."))


def _answer(request: HttpRequest, access: Access, row: Application) -> None:
    upheld = request.POST.get("upheld", "")
    if upheld not in ("yes", "no"):
        raise Refused(_("Choose one of the two."), code="upheld")
    decide_appeal(access=access, appeal=_appealed(row), upheld=upheld == "yes", words=request.POST.get("words", ""))
    messages.success(request, _("Decided; the person has been told."))


def _name(request: HttpRequest, access: Access, row: Application) -> None:
    require_hr(access, row.employee)
    account = account_named(request.POST.get("account", ""))
    if account is None:
        raise Refused(_("Nobody with an account has this number or user name."), code="decider")
    name_decider(access=access, appeal=_appealed(row), account=account)
    messages.success(request, _("Named; they have been told."))


def _appealed(row: Application) -> Appeal:
    """The newest appeal; the actions say who answered it, where somebody was first."""
    appeal = row.appeals.select_related("application__employee", "application__version").last()
    if appeal is None:
        raise Http404
    return appeal


def _answers(request: HttpRequest, row: Application) -> dict[str, Answer]:
    """Of the clauses asked at its step, those that were answered."""
    found = {}
    for clause in asked_at(row, row.step):
        met = request.POST.get(f"met-{clause.number}", "")
        if met in ("yes", "no"):
            found[clause.number] = Answer(met == "yes", request.POST.get(f"reason-{clause.number}", ""))
    return found


def _key(request: HttpRequest) -> str | None:
    """A form that is sent twice is carried out once."""
    key = request.POST.get("key", "")
    return f"form:{request.user.pk}:{key}"[:120] if key else None


_ACTS: Mapping[str, Carry] = {
    "write": _write, "submit": _submit, "remove": _remove, "withdraw": _withdraw, "accept": _accept, "refuse": _refuse,
    "opine": _opine, "review": _review, "return": _return, "appeal": _appeal, "answer": _answer, "name": _name,
}  # fmt: skip
