"""The results of a sweep: people by outcome, tier and department; and one person's explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from promotion.admin.tiers import OUTCOMES, OutcomeView, tier_views
from promotion.models import Run
from promotion.web.standing_page import standing_page
from promotion.web.tiers import TierView
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import page
from staff.kernel.admin.pages import access_of_request, render, require
from staff.kernel.periods import Month
from staff.models import Department, Employee
from staff.models.querysets import within
from staff.selectors.department_tree import below, tree

_A_PAGE = 100
_BY_KEY = {view.key: number for number, view in OUTCOMES.items()}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; unknown words ask for nothing."""

    outcome: str
    tier: str
    department: str
    words: str

    @classmethod
    def of(cls, request: HttpRequest) -> Chosen:
        get = request.GET.get
        outcome = get("outcome", "")
        return cls(outcome if outcome in _BY_KEY else "", get("tier", ""), get("department", ""), get("q", "").strip())


@dataclass(frozen=True, slots=True)
class Line:
    """One person's result as the list shows it."""

    employee_id: int
    name: str
    employee_no: str
    department: str
    tier: TierView | None
    target: TierView | None
    outcome: OutcomeView


class Counted(Paginator):
    """A paginator that has been told how many there are."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.given = count

    @cached_property
    def count(self) -> int:
        return self.given


def results(
    request: HttpRequest, standings: QuerySet[Any], *, month: Month, title: str, run: Run | None = None
) -> HttpResponse:
    """The page over these standings, narrowed to the reader's scope and to what the address asks for."""
    access = require(request, Thing.STANDING)
    chosen = Chosen.of(request)
    departments = list(Department.objects.visible_to(access))
    visible = standings.filter(within(access.scope(Thing.STANDING, Verb.READ), access.day, "employee__"))
    narrowed = _narrow(visible, chosen, departments)
    counts = dict(narrowed.order_by().values_list("outcome").annotate(people=Count("employee_id")))
    shown = narrowed.filter(outcome=_BY_KEY[chosen.outcome]) if chosen.outcome else narrowed
    total = counts.get(_BY_KEY[chosen.outcome], 0) if chosen.outcome else sum(counts.values())
    page_obj = Counted(_in_order(shown), _A_PAGE, total).get_page(request.GET.get("page"))
    names = tier_views(request)
    context = {
        "title": title,
        "month": month,
        "run": run,
        "chosen": chosen,
        "lines": _lines(page_obj.object_list, departments, names),
        "page_obj": page_obj,
        "outcomes": [(view, counts.get(number, 0)) for number, view in OUTCOMES.items()],
        "all": sum(counts.values()),
        "tiers": [(f"{ladder}:{view.key}", view) for (ladder, _tier), view in names.items()],
        "nodes": tree(departments),
    }
    return render(request, "admin/promotion/results.html", context)


def _narrow(standings: QuerySet[Any], chosen: Chosen, departments: list[Department]) -> QuerySet[Any]:
    if chosen.tier:
        ladder, _colon, tier = chosen.tier.partition(":")
        standings = standings.filter(tier=tier, run__version__key=ladder)
    if chosen.department:
        known = {str(one.pk): one.pk for one in departments}
        root = known.get(chosen.department)
        standings = standings.filter(department_id__in=below(departments, root) if root else [])
    if chosen.words:
        standings = standings.filter(employee__in=Employee.objects.all().search(chosen.words))
    return standings


def _in_order(standings: QuerySet[Any]) -> QuerySet[Any]:
    """Whoever needs an act first, then by name."""
    return standings.order_by(_URGENCY, "employee__pinyin", "employee__employee_no").values(
        "employee_id", "tier", "target", "outcome", "department_id",
        name=F("employee__name"), number=F("employee__employee_no"), ladder=F("run__version__key"),
    )  # fmt: skip


def _urgency() -> Case:
    first = ("demotion_proposed", "warning", "eligible", "waiting_for_data", "not_yet", "top")
    return Case(*(When(outcome=_BY_KEY[key], then=Value(at)) for at, key in enumerate(first)), default=Value(9))


_URGENCY = _urgency()


def _lines(rows: Any, departments: list[Department], names: dict[tuple[str, str], TierView]) -> list[Line]:
    called = {one.pk: one.name for one in departments}
    return [
        Line(
            employee_id=row["employee_id"],
            name=row["name"],
            employee_no=row["number"],
            department=called.get(row["department_id"], ""),
            tier=names.get((row["ladder"], row["tier"])),
            target=names.get((row["ladder"], row["target"])),
            outcome=OUTCOMES[row["outcome"]],
        )
        for row in rows
    ]


@page("standings/<int:pk>/<str:month>/", "standing", Thing.STANDING)
def standing(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """One person's explanation as of a month: the very partials that the person sees."""
    access: Access = access_of_request(request)
    try:
        of = Month.parse(month)
    except ValueError as error:
        raise Http404 from error
    person = get_object_or_404(Employee.objects.visible_to(access, Verb.READ, Thing.STANDING), pk=pk)
    found = standing_page(access, person, month=of, today=access.day)
    if found is None:
        raise Http404
    title = _("%(name)s as of %(month)s") % {"name": person.name, "month": of}
    return render(
        request, "admin/promotion/standing.html", {"title": title, "page": found, "person": person, "month": of}
    )
