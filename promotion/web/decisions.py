"""The general manager's decisions, on a phone as likely as not: several approved in one act, declined one by one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from promotion.applications.actions.decide_list import Decision, decide_list
from promotion.applications.process import clauses_to_name
from promotion.applications.standings import Difference
from promotion.applications.waiting import appeals_to_decide
from promotion.decisions.selectors import ToDecide, at_decision, with_grounds
from promotion.panels.selectors import ties_to_decide
from promotion.web.judging_file import bar_sign, step_name, tiers_of
from promotion.web.tiers import say, views_of
from staff.kernel.access import Access, Thing, Verb
from staff.web.reach import access_in

_A_PAGE = 20


@require_http_methods(["GET", "POST"])
@login_required
def decisions(request: HttpRequest) -> HttpResponse:
    """POST: ``approve`` holds the ids of those that are approved, ``words-<id>`` what is said on each; or ``decline`` is one
    id, with ``clause-<id>`` and ``reason-<id>``.
    """
    access = access_in(request)
    access.require(Thing.APPLICATION, Verb.DECIDE)
    refused: dict[int, str] = {}
    if request.method == "POST":
        refused = _decide(request, access)
        if not refused:
            return redirect("decisions")
    return _page(request, access, refused)


def _decide(request: HttpRequest, access: Access) -> dict[int, str]:
    """What was refused, by id. Each decision stands by itself."""
    declined = request.POST.get("decline", "")
    chosen = {declined} if declined else set(request.POST.getlist("approve"))
    rows = [row for row in at_decision(access) if str(row.pk) in chosen]
    if not rows:
        messages.warning(request, _("Nothing was chosen, or what was chosen is decided already."))
        return {}
    found = decide_list(
        access=access,
        decisions=[
            Decision(
                application=row.application, approved=not declined, key=f"{row.key}:{'declined' if declined else 'approved'}",
                words=request.POST.get(f"{'reason' if declined else 'words'}-{row.application.pk}", ""),
                clause=request.POST.get(f"clause-{row.application.pk}", ""),
            )
            for row in with_grounds(rows)
        ],
    )  # fmt: skip
    done = sum(one.done for one in found)
    if done and declined:
        messages.success(request, _("Declined; the person has been told why."))
    elif done:
        messages.success(request, ngettext("%(n)d approved.", "%(n)d approved.", done) % {"n": done})
    return {one.application.pk: one.refusal for one in found if not one.done}


def _page(request: HttpRequest, access: Access, refused: dict[int, str]) -> HttpResponse:
    page_obj = Paginator(at_decision(access), _A_PAGE).get_page(request.GET.get("page"))
    rows = with_grounds(list(page_obj.object_list))
    ties, appeals = (
        list(ties_to_decide(access).select_related("version", "department")),
        list(appeals_to_decide(access)),
    )
    keys = {row.application.version.key for row in rows} | {one.application.version.key for one in appeals}
    views = views_of(keys | {tie.version.key for tie in ties})
    # The navigation tells the same number; it need not ask for it again.
    request.waits_behind = {"decisions": page_obj.paginator.count + len(appeals)}  # type: ignore[attr-defined]
    context = {
        "here": "decisions", "page_obj": page_obj, "rows": [_shown(row, views, refused, request) for row in rows],
        "ties": [(tie, step_name(tie.step), views.get((tie.version.key, tie.to_tier))) for tie in ties],
        "appeals": [(one, tiers_of(one.application, views)) for one in appeals], "refused": len(refused), "day": access.day,
    }  # fmt: skip
    return render(request, "promotion/decisions/list.html", context, status=422 if refused else 200)


def difference_words(one: Difference) -> tuple[str, str, str, str]:
    """The clause, its sentence, and both verdicts: empty where it was not asked."""
    finding = one.finding
    sentence = say(finding.sentence) if finding.sentence else ""
    then, now = (str(found.verdict) if found else "" for found in (one.then, one.now))
    return finding.clause.number, sentence, then, now


def _shown(row: ToDecide, views: Any, refused: dict[int, str], request: HttpRequest) -> dict[str, Any]:
    pk = row.application.pk
    clear = not (row.waits or row.differences or row.left or row.upheld)
    return {
        "row": row, "application": row.application, "differences": [difference_words(one) for one in row.differences],
         "tiers": tiers_of(row.application, views),
        "panel": step_name(row.panel.name) if row.panel else "", "sign": bar_sign(row.panel) if row.panel else "",
        "total": None if row.total is None else Decimal(row.total), "clear": clear, "error": refused.get(pk, ""),
        "clauses": clauses_to_name(row.application), "words": request.POST.get(f"words-{pk}", ""),
        "reason": request.POST.get(f"reason-{pk}", ""), "clause": request.POST.get(f"clause-{pk}", ""),
        "chosen": str(pk) in request.POST.getlist("approve"),
    }  # fmt: skip
