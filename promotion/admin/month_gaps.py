"""What is missing in a month: the list, accepting with a reason, asking again, reminding supervisors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assessment.actions.chases_send import Reminded, send_chases
from assessment.actions.gaps_accept import accept_gaps
from assessment.actions.gaps_take_back import take_back_gaps
from assessment.measures import Measure
from assessment.models import AcceptedGap, Metric, MonthState
from assessment.selectors.asked import names_asked
from assessment.selectors.months import month_row
from assessment.selectors.needs import Cell, Gap, gaps, measures_of, needs
from promotion.admin.months import month_or_404
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin import may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.periods import Month
from staff.models import Employee
from staff.selectors.access import own_line

_A_PAGE = 100
#: The team of those whom nobody leads.
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for: ``team`` is a supervisor's id, ``accepted`` asks for what was accepted instead."""

    team: str
    metric: str
    accepted: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Chosen:
        get = request.GET.get
        return cls(get("team", ""), get("metric", ""), get("show") == "accepted")

    def narrow(self, found: list[Gap], keys: dict[int, Metric]) -> list[Gap]:
        team = None if self.team == NOBODY else self.team
        return [
            gap
            for gap in found
            if gap.accepted == self.accepted
            and (not self.team or team == (gap.supervisor_id and str(gap.supervisor_id)))
            and (not self.metric or keys[gap.metric_id].key == self.metric)
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """A gap as the list shows it; ``accepted`` is its row where it was accepted."""

    key: str
    person: Employee
    metric: str
    kind: str
    supervisor: Employee | None
    accepted: AcceptedGap | None


@page("months/<str:month>/gaps/", "month-gaps", Thing.VALUE)
def month_gaps(request: HttpRequest, month: str) -> HttpResponse:
    """POST accepts, or asks again for, what was ticked or everything that the filter shows."""
    access, of = access_of_request(request), month_or_404(month)
    needed = needs(of)
    metrics = {metric.pk: metric for need in needed for metric in need.metrics}
    every, chosen = gaps(access, of, found=needed), Chosen.of(request)
    shown = chosen.narrow(every, metrics)
    error = reason = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            _settle(request, access, of, chosen, shown)
        except Forbidden:
            raise
        except Refused as refused:
            error = refused.message
        else:
            return HttpResponseRedirect(request.get_full_path())
    row = month_row(of)
    page_obj = Paginator(shown, _A_PAGE).get_page(request.GET.get("page"))
    people = _people(page_obj, every)
    teams = sorted({gap.supervisor_id or 0 for gap in every}, key=lambda pk: people[pk].pinyin if pk else "~")
    context: dict[str, Any] = {
        "title": _("Gaps of %(month)s") % {"month": of},
        "month": of,
        "row": row,
        "chosen": chosen,
        "page_obj": page_obj,
        "lines": _lines(of, page_obj, metrics, people, _measures(of, page_obj, metrics)),
        "count": len(shown),
        "left": sum(not gap.accepted for gap in every),
        "accepted": sum(gap.accepted for gap in every),
        "metrics": [(metric, names_asked(needed, metric)) for metric in metrics.values()],
        "teams": [(str(pk) if pk else NOBODY, people.get(pk)) for pk in teams],
        "may_accept": row.state != MonthState.SEALED
        and of < Month.of(access.day)
        and may_in_admin(access, Thing.MONTH, Verb.UPDATE),
        "may_enter": row.state != MonthState.SEALED and may_in_admin(access, Thing.VALUE, Verb.UPDATE),
        "error": error,
        "reason": reason,
    }
    return render(request, "admin/promotion/month_gaps.html", context, status=422 if error else 200)


def _settle(request: HttpRequest, access: Access, of: Month, chosen: Chosen, shown: list[Gap]) -> None:
    left: set[int] = set()
    if "all" in request.POST:
        if request.POST["all"] != str(len(shown)):
            raise Refused(_("The list has changed meanwhile: %(count)d gaps now. Look again.") % {"count": len(shown)})
        left = {gap.employee_id for gap in shown} & own_line(access)
        cells = [gap.cell for gap in shown if gap.employee_id not in left] or [gap.cell for gap in shown]
    else:
        cells = [_cell(text) for text in request.POST.getlist("cell")]
    if chosen.accepted:
        count = take_back_gaps(access=access, month=of, cells=cells)
        said = ngettext("%(n)d value is asked for again.", "%(n)d values are asked for again.", count)
    else:
        count = accept_gaps(access=access, month=of, cells=cells, reason=request.POST.get("reason", ""))
        said = ngettext("%(n)d gap is accepted.", "%(n)d gaps are accepted.", count)
    messages.success(request, said % {"n": count})
    if left:
        names = pgettext("list", ", ").join(map(str, Employee.objects.filter(pk__in=left).order_by("pinyin")))
        told = _(
            "Left as they were: %(names)s. A colleague of another line settles your own and those of your superiors."
        )
        messages.warning(request, told % {"names": names})


def _cell(text: str) -> Cell:
    person, _colon, metric = text.partition(":")
    if not (person.isascii() and person.isdigit() and metric.isascii() and metric.isdigit() and len(text) < 30):
        raise Refused(_("Choose at least one gap."), code="cells")
    return int(person), int(metric)


def _people(page_obj: Page[Gap], every: list[Gap]) -> dict[int, Any]:
    """Whoever the page names: people on it and every supervisor of the filter. One query."""
    wanted = {gap.employee_id for gap in page_obj.object_list} | {gap.supervisor_id for gap in every}
    return Employee.objects.in_bulk([pk for pk in wanted if pk])


def _measures(of: Month, page_obj: Page[Gap], metrics: dict[int, Metric]) -> dict[Cell, Measure]:
    """How each gap of the page is asked of its person."""
    among = {gap.employee_id for gap in page_obj.object_list}
    return measures_of(of, metrics.values(), among) if among else {}


def _lines(
    of: Month, page_obj: Page[Gap], metrics: dict[int, Metric], people: dict[int, Any], measures: dict[Cell, Measure]
) -> list[Line]:
    asked = [gap.employee_id for gap in page_obj.object_list if gap.accepted]
    rows = (
        AcceptedGap.objects.filter(month=of, employee__in=asked).select_related("accepted_by__employee")
        if asked
        else []
    )
    accepted = {(row.employee_id, row.metric_id): row for row in rows}
    return [
        Line(
            key=f"{gap.employee_id}:{gap.metric_id}",
            person=people[gap.employee_id],
            metric=measures[gap.cell].name,
            kind=metrics[gap.metric_id].kind,
            supervisor=people.get(gap.supervisor_id or 0),
            accepted=accepted.get(gap.cell),
        )
        for gap in page_obj.object_list
    ]


@page("months/<str:month>/chase/", "month-chase", Thing.MONTH, Verb.UPDATE)
def chase(request: HttpRequest, month: str) -> HttpResponse:
    """Reminds one team (``team``), or all that have gaps, and goes back to the page that asked."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    access, of = access_of_request(request), month_or_404(month)
    team = request.POST.get("team", "")
    if team and not (team.isascii() and team.isdigit() and len(team) < 19):
        raise Http404
    leader = int(team) if team else None
    try:
        found = send_chases(access=access, month=of, now=timezone.now(), supervisor_id=leader)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _reminded(found))
    back = reverse("admin:index") if request.POST.get("back") == "index" else reverse("admin:month", args=[of])
    return HttpResponseRedirect(back)


def _reminded(found: Reminded) -> str:
    said = [ngettext("%(n)d team is reminded.", "%(n)d teams are reminded.", found.told) % {"n": found.told}]
    if found.lately:
        said.append(
            ngettext(
                "%(n)d team was reminded within the last hour.",
                "%(n)d teams were reminded within the last hour.",
                found.lately,
            )
            % {"n": found.lately}
        )
    if found.unreachable:
        said.append(_("Without an account: %(names)s.") % {"names": ", ".join(found.unreachable)})
    return " ".join(said)
