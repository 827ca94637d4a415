"""Cases 个案 as HR works on them: the month's new ones first, one case whole, the list as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.actions.case_handle import handle_case
from assessment.models import Case, CaseKind, CaseState
from assessment.selectors.cases import (
    NEW,
    CaseFilter,
    cases_listed,
    counted,
    may_handle,
    month_sealed_last,
    months_of_cases,
    narrowed,
)
from assessment.web.case_words import CaseView, view_of, views_of, with_turns
from assessment.web.cases import CasePage, case_or_404, supervisor_of
from assessment.web.doubts import WordsForm
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.exports import Cell, Sheet, workbook_response
from staff.kernel.periods import Month
from staff.models import Department
from staff.selectors.department_tree import below, tree

A_PAGE = 50
_CHUNK = 500
_STATES = (("", gettext_lazy("all")), (NEW, gettext_lazy("new")), *CaseState.choices)


@page("cases/", "cases", Thing.CASE)
def cases(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    departments = list(Department.objects.visible_to(access))
    asked, sealed = asked_for(request.GET, departments), month_sealed_last()
    page_obj = Paginator(cases_listed(access, asked, sealed), A_PAGE).get_page(request.GET.get("page"))
    any_state = CaseFilter(asked.month, asked.kind, "", asked.adverse, asked.departments, asked.words)
    counts = counted(narrowed(Case.objects.visible_to(access), any_state, sealed), sealed)
    views = with_turns(access, views_of(page_obj.object_list))
    context: dict[str, Any] = {
        "title": _("Cases"), "page_obj": page_obj, "asked": asked, "sealed": sealed,
        "department": request.GET.get("department", ""),
        "fresh": [view for view in views if view.case.fresh], "rest": [view for view in views if not view.case.fresh],  # type: ignore[attr-defined]
        "states": [(state, label, counts[state or "all"]) for state, label in _STATES],
        "months": months_of_cases(access), "kinds": CaseKind.choices, "nodes": tree(departments),
        "may_export": may_in_admin(access, Thing.CASE, Verb.EXPORT), "anything": asked != CaseFilter(),
    }  # fmt: skip
    return render(request, "admin/assessment/cases.html", context)


#: As in the portal: the page of a case that an app above takes further.
case_pages: list[CasePage] = []


@page("cases/<int:pk>/", "case", Thing.CASE)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The partials of the portal's own page. POST marks it as handled."""
    access = access_of_request(request)
    for further in case_pages:
        if (shown := further(request, access, pk)) is not None:
            return shown
    found = case_or_404(access, pk)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label=_("What was done"),
        hint=_("Who reads the case later reads this, the person too. It changes no tier, pay or place by itself."),
    )
    if request.method == "POST":
        access.require(Thing.CASE, Verb.UPDATE)
        if form.is_valid() and form.carries_out(
            lambda: handle_case(access=access, case=found, note=form.cleaned_data["text"])
        ):
            return redirect("admin:case", pk)
    view = view_of(found)
    context = {
        "title": f"{view.whose} · {view.kind}", "view": view, "form": form, "may_handle": may_handle(access, found),
        "supervisor": supervisor_of(found, access),
    }  # fmt: skip
    return render(request, "admin/assessment/case.html", context, status=422 if form.errors else 200)


@page("cases/export/", "cases-export", Thing.CASE, Verb.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list holds, all pages of it, of the people whose cases the reader may take out."""
    access = access_of_request(request)
    asked = asked_for(request.GET, list(Department.objects.visible_to(access)))
    rows = cases_listed(access, asked, month_sealed_last(), Verb.EXPORT)
    sheet = Sheet(
        title=_("Cases"), rows=_rows(rows), pinned=2, widths=[12, 14, 18, 18, 10, 22, 10, 40, 10, 36, 12, 10, 18]
    )
    return workbook_response(_("Cases"), [sheet])


def asked_for(address: QueryDict, departments: list[Department]) -> CaseFilter:
    """What the address asks for; what means nothing is left out. A department that one does not see holds no case."""
    department = address.get("department", "")
    root = next((one.pk for one in departments if str(one.pk) == department), None)
    try:
        month = Month.parse(address.get("month", ""))
    except ValueError:
        month = None
    kind, state = address.get("kind", ""), address.get("state", "")
    return CaseFilter(
        month=month,
        kind=kind if kind in CaseKind.values else "",
        state=state if state in {NEW, *CaseState.values} else "",
        adverse={"yes": True, "no": False}.get(address.get("adverse", "")),
        departments=frozenset(below(departments, root) if root else ()) if department else None,
        words=address.get("q", "").replace("\0", "").strip()[:80],
    )


def _rows(rows: Any) -> Iterator[list[Cell]]:
    yield [
        _("employee no."), _("name"), _("department"), _("case"), _("adverse"), _("policy"), _("clause"), _("clause's text"),
        _("period"), _("facts"), _("whose it is"), _("state"), _("note"),
    ]  # fmt: skip
    for views in _chunks(rows):
        yield from (_row(view) for view in views)


def _chunks(rows: Any) -> Iterator[list[CaseView]]:
    first = 0
    while found := list(rows[first : first + _CHUNK]):
        yield views_of(found)
        first += _CHUNK


def _row(view: CaseView) -> list[Cell]:
    case = view.case
    person = case.employee
    return [
        person.employee_no if person else None, person.name if person else None, case.department.name, view.kind,
        _("yes") if case.adverse else _("no"), view.policy, case.clause, view.clause_text, view.period, view.short,
        str(case.get_owner_display()), str(case.get_state_display()), case.why_withdrawn or case.note or None,
    ]  # fmt: skip
