"""The pipeline for HR: what is under way by step, overdue first, with age and who acts, and exams that wait to be confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promotion.admin.dues import Due, register_due
from promotion.admin.pipeline_file import sheet
from promotion.admin.pipeline_rows import Row, acts_at, rows_of, stage_key, stage_name
from promotion.applications.exams import ToConfirm, exams_to_confirm, with_standings
from promotion.applications.models import NOTICE, Appeal, AppealState, Application, ApplicationState
from promotion.applications.process import EXAM, PANELS
from promotion.applications.selectors import (
    ORDER,
    PipelineFilter,
    counted,
    heads_of_steps,
    overdue,
    pipeline,
    policies_under_way,
)
from promotion.notices.selectors import to_answer
from promotion.panels.selectors import to_arrange
from promotion.web.tiers import TierView, views_of
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.exports import workbook_response
from staff.models import Department
from staff.selectors.department_tree import below, tree

A_PAGE = 50
#: Of each step, where all of them are shown.
A_STEP = 8


@dataclass(frozen=True, slots=True)
class Stage:
    """A step with how many stand there and how many of them are overdue; ``rows`` are those that are shown."""

    key: str
    name: str
    acts: str
    people: int
    overdue: int
    rows: list[Row]

    @property
    def is_panel(self) -> bool:
        return self.key in PANELS

    @property
    def any_free(self) -> bool:
        return any(row.free for row in self.rows)


@page("applications/", "applications", Thing.APPLICATION)
def applications(request: HttpRequest) -> HttpResponse:
    """The filters stand in the address: ``step``, ``department`` (with all below it), ``policy``, ``late=yes``, ``q``."""
    access = access_of_request(request)
    departments = list(Department.objects.visible_to(access))
    asked, chosen = _asked(request, departments)
    page_obj: Any = None
    rows, exams = list[Any](), list[ToConfirm]()
    may_open = may_in_admin(access, Thing.APPLICATION, Verb.CREATE)
    waiting = exams_to_confirm(access, replace(asked, overdue=False)) if may_open else None
    if chosen["step"] == EXAM and waiting is not None:
        page_obj = Paginator(waiting.none() if asked.overdue else waiting, A_PAGE).get_page(request.GET.get("page"))
        exams = with_standings(list(page_obj.object_list))
    elif chosen["step"]:
        page_obj = Paginator(pipeline(access, asked), A_PAGE).get_page(request.GET.get("page"))
        rows = list(page_obj.object_list)
    else:
        rows = list(heads_of_steps(access, asked, A_STEP))
    counts = counted(access, asked, waiting)
    stages = list(_stages(access, rows, counts))
    context: dict[str, Any] = {
        "title": _("Applications"), "page_obj": page_obj, "chosen": chosen, "nodes": tree(departments), "stages": stages,
        "steps": [(key, stage_name(key), *counts[key]) for key in ORDER if key in counts],
        "policies": policies_under_way(access), "narrowed": any(chosen.values()),
        "may_open": may_open, "may_remind": may_in_admin(access, Thing.APPLICATION, Verb.UPDATE),
        "exams": _exams(exams), "exams_all": counts.get(EXAM, (0, 0))[0],
        "may_export": may_in_admin(access, Thing.APPLICATION, Verb.EXPORT), "address": _address(request),
    }  # fmt: skip
    return render(request, "admin/promotion/applications.html", context)


@page("applications/export/", "applications-export", Thing.APPLICATION, Verb.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """What the page's filters hold, all of it, of the people whose applications the reader may take out."""
    access = access_of_request(request)
    asked, _chosen = _asked(request, list(Department.objects.visible_to(access)))
    views = views_of({key for key, _title in policies_under_way(access)})
    found = sheet(pipeline(access, asked, Verb.EXPORT), views, access.day)
    title = _("Applications")
    return workbook_response(f"{title} {access.day}", [found])


def _address(request: HttpRequest) -> str:
    """The filters as they stand, for the link to the file."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _asked(request: HttpRequest, departments: list[Department]) -> tuple[PipelineFilter, dict[str, str]]:
    """What means nothing is empty. A department that the reader does not see holds nobody."""
    step, words = request.GET.get("step", ""), request.GET.get("q", "").replace("\0", "").strip()[:80]
    chosen = {
        "step": step if step in (EXAM, *ORDER) else "", "department": request.GET.get("department", ""), "q": words,
        "policy": request.GET.get("policy", "").replace("\0", "")[:60],
        "late": "yes" if request.GET.get("late") == "yes" else "",
    }  # fmt: skip
    root = next((one.pk for one in departments if str(one.pk) == chosen["department"]), None)
    inside = frozenset(below(departments, root)) if root else frozenset[int]()
    return PipelineFilter(
        step=step if step in (EXAM, *ORDER) and step not in ApplicationState.values else "",
        state=step if step in ApplicationState.values else "",
        policy=chosen["policy"], words=words, overdue=bool(chosen["late"]),
        departments=inside if chosen["department"] else None,
    ), chosen  # fmt: skip


def _stages(access: Access, rows: list[Application], counts: dict[str, tuple[int, int]]) -> Iterable[Stage]:
    views = views_of({row.version.key for row in rows})
    shown: dict[str, list[Row]] = {}
    for row in rows_of(rows, views, access.day, _free(access, rows)):
        shown.setdefault(stage_key(row.application), []).append(row)
    for key in ORDER:
        if here := shown.get(key):
            yield Stage(key, stage_name(key), acts_at(key), *counts.get(key, (len(here), 0)), here)


def _exams(found: list[ToConfirm]) -> list[tuple[ToConfirm, tuple[TierView | None, TierView | None]]]:
    """With the tiers that each goes from and to."""
    views = views_of({one.standing.run.version.key for one in found})
    return [
        (one, (views.get((key, one.standing.tier)), views.get((key, str(one.standing.target)))))
        for one in found
        for key in [one.standing.run.version.key]
    ]


def _free(access: Access, rows: list[Any]) -> set[int]:
    """Those at a panel's step that are in no round, for whoever arranges rounds."""
    may = may_in_admin(access, Thing.ROUND, Verb.CREATE)
    return {row.pk for row in rows if may and row.step in PANELS and row.turn is None}


# what waits on the first page


def _of_hr(rows: Callable[[Access], QuerySet[Any]]) -> Callable[[Access], QuerySet[Any] | None]:
    """For whoever runs applications in the admin; of people in their scope but themselves."""

    def found(access: Access) -> QuerySet[Any] | None:
        return rows(access.others()) if may_in_admin(access, Thing.APPLICATION, Verb.CREATE) else None

    return found


def _late(access: Access) -> QuerySet[Any]:
    return Application.objects.visible_to(access).filter(overdue(access.day), state=ApplicationState.OPEN)


def _returned(access: Access) -> QuerySet[Any]:
    return Application.objects.visible_to(access).filter(state=ApplicationState.RETURNED)


def _unposted(access: Access) -> QuerySet[Any]:
    rows = Application.objects.visible_to(access).filter(state=ApplicationState.OPEN, step=NOTICE)
    return rows.exclude(entries__taken_back_on=None, entries__isnull=False)


def _appeals(access: Access) -> QuerySet[Any]:
    mine = Application.objects.visible_to(access)
    return Appeal.objects.filter(state=AppealState.OPEN, due_on__lt=access.day, application__in=mine.values("pk"))


register_due(
    Due(
        "applications_late", _of_hr(_late),
        lambda n: ngettext("%(n)d application is overdue", "%(n)d applications are overdue", n), "admin:applications",
        {"late": "yes"},
    )
)  # fmt: skip
register_due(
    Due(
        "exams_to_confirm", _of_hr(exams_to_confirm),
        lambda n: ngettext("%(n)d passed exam waits to be confirmed", "%(n)d passed exams wait to be confirmed", n),
        "admin:applications", {"step": EXAM},
    )
)  # fmt: skip
register_due(
    Due(
        "applications_returned", _of_hr(_returned),
        lambda n: ngettext(
            "%(n)d application was returned and waits to be completed",
            "%(n)d applications were returned and wait to be completed", n,
        ),
        "admin:applications", {"step": ApplicationState.RETURNED.value},
    )
)  # fmt: skip
register_due(
    Due(
        "applications_to_arrange", _of_hr(to_arrange),
        lambda n: ngettext("%(n)d application waits for a round", "%(n)d applications wait for a round", n), "admin:rounds",
    )
)  # fmt: skip
register_due(
    Due(
        "applications_to_post", _of_hr(_unposted),
        lambda n: ngettext(
            "%(n)d approved application waits to be posted", "%(n)d approved applications wait to be posted", n
        ),
        "admin:notices",
    )
)  # fmt: skip
register_due(
    Due(
        "objections_open",
        lambda access: to_answer(access) if may_in_admin(access, Thing.OBJECTION, Verb.DECIDE) else None,
        lambda n: ngettext(
            "%(n)d objection to a public notice waits for its answer",
            "%(n)d objections to public notices wait for their answer", n,
        ),
        "admin:notices",
    )
)  # fmt: skip
register_due(
    Due(
        "appeals_late", _of_hr(_appeals),
        lambda n: ngettext("%(n)d appeal is overdue", "%(n)d appeals are overdue", n), "admin:applications",
    )
)  # fmt: skip
