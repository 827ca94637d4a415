"""The admin's first page 本月: what is due, what is missing and whose it is, the last run and what it found anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.models import AssessmentMonth, MonthState
from assessment.selectors.months import Team, may_move, months_listed, teams
from assessment.selectors.needs import needs
from assessment.selectors.windows import Window, windows_of
from policy.compiler.outcome import Outcome
from policy.selectors import governing
from promotion.admin.dues import Waiting, counted, waiting
from promotion.admin.month_words import days_left, steps_of
from promotion.admin.runs import AT_WORK, with_progress
from promotion.admin.tiers import OUTCOMES, OutcomeView
from promotion.models import Run, RunState, Standing
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import may_in_admin, site
from staff.kernel.admin.pages import access_of_request
from staff.kernel.periods import Month
from staff.models.querysets import within

#: Among so many runs lie all that are at work or failed last, and the last that ended.
_RUNS_READ = 60
_TEAMS_SHOWN = 8
#: What a month's sweep asks somebody to look at.
_FINDINGS = (Outcome.DEMOTION_PROPOSED, Outcome.WARNING, Outcome.ELIGIBLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """How many came out so, and how many of them did not the month before."""

    outcome: OutcomeView
    people: int
    fresh: int


def first_page(request: HttpRequest) -> dict[str, Any]:
    """What the reader's roles reach of it; the rest is left out."""
    access = access_of_request(request)
    found: dict[str, Any] = {"title": site.index_title, "due": []}
    if may_in_admin(access, Thing.MONTH):
        found |= _month(access)
    last = None
    if may_in_admin(access, Thing.RUN) or may_in_admin(access, Thing.STANDING):
        runs = _runs(access)
        last = runs["last"]
        found |= runs
    judged = last is not None and may_in_admin(access, Thing.STANDING)
    counts = _counts(access, last.month if last and judged else None)
    found["due"] += waiting({key: n for key, (n, _fresh) in counts.items()})
    if judged:
        found["findings"] = [Finding(OUTCOMES[one], *counts.get(str(one.value), (0, 0))) for one in _FINDINGS]
        found["judged"] = sum(n for key, (n, _fresh) in counts.items() if key.isdigit())
        others = [
            (view, counts.get(str(int(one)), (0, 0))[0]) for one, view in OUTCOMES.items() if one not in _FINDINGS
        ]
        found["others"] = [(view, people) for view, people in others if people]
    return found


def _month(access: Access) -> dict[str, Any]:
    """The month that ended last, and the way to its seal; earlier ones that wait are due before it."""
    of = Month.of(access.day).previous
    rows = {row.month: row for row in months_listed(access.day)}
    row = rows[of]
    governed = governing(of.last_day)
    window = windows_of({of: row}, {of.last_day: governed})[of].company
    found: list[Team] = teams(access, of, needs(of, governed)) if may_in_admin(access, Thing.VALUE) else []
    missing = [team for team in found if team.left]
    left = sum(team.left for team in found)
    return {
        "month": of,
        "row": row,
        "window": window,
        "days_left": days_left(window, access.day),
        "steps": steps_of(row, window),
        "teams": missing[:_TEAMS_SHOWN],
        "more_teams": len(missing[_TEAMS_SHOWN:]),
        "left": left,
        "asked": bool(found),
        "may_work": may_in_admin(access, Thing.MONTH, Verb.UPDATE),
        "may_move": may_move(access),
        "due": _months_due(rows, window, left) if may_move(access) else [],
    }


def _months_due(rows: dict[Month, AssessmentMonth], window: Window, left: int) -> list[Waiting]:
    """Earlier months that wait for their seal, then the one of the window, as far as it has come."""
    of = window.month
    sealed = [month for month, row in rows.items() if row.state == MonthState.SEALED]
    earlier = [month for month in sorted(rows) if sealed and max(sealed) < month < of]
    found = [
        Waiting(_("%(month)s waits to be sealed") % {"month": month}, reverse("admin:month", args=[month]))
        for month in earlier
    ]
    row, url = rows[of], reverse("admin:month", args=[of])
    if row.state == MonthState.OPEN:
        said = {"month": of, "day": window.last}
        found.append(Waiting(_("Intake of %(month)s until %(day)s") % said, url))
    elif row.state == MonthState.CLOSING and left == 0:
        found.append(Waiting(_("%(month)s is complete and waits to be sealed") % {"month": of}, url))
    elif row.state == MonthState.CLOSING:
        found.append(Waiting(_("%(month)s is closing: fill or accept what is missing, then seal") % {"month": of}, url))
    return found


def _runs(access: Access) -> dict[str, Any]:
    """At work; failed and not run again since; the last of a month that has ended. One query."""
    runs = list(with_progress(Run.objects.all()).order_by("-id")[:_RUNS_READ])
    newest: dict[object, Any] = {}
    for run in runs:
        newest.setdefault((run.version_id, run.values_digest, run.month), run)
    done = [run for run in runs if run.state == RunState.DONE and run.month < Month.of(access.day)]
    return {
        "swept": True,
        "may_start": may_in_admin(access, Thing.RUN, Verb.CREATE),
        "at_work": [run for run in runs if run.state in AT_WORK],
        "failed": next((run for run in newest.values() if run.state == RunState.FAILED), None),
        "last": max(done, key=lambda run: (run.month, run.pk), default=None),
    }


def _counts(access: Access, month: Month | None) -> dict[str, tuple[int, int]]:
    """Key → (how many, how many are new): what is due, and the outcomes of the month by their number. One query."""
    parts = counted(access)
    if month is not None:
        parts.append(_outcomes(access, month))
    if not parts:
        return {}
    first, *others = parts
    return {key: (n, fresh) for key, n, fresh in first.union(*others, all=True)}


def _outcomes(access: Access, month: Month) -> QuerySet[Any]:
    """A finding is new where the month before had another outcome, or none."""
    scope = within(access.scope(Thing.STANDING, Verb.READ), access.day, "employee__")
    before = Standing.objects.current().filter(
        month=month.previous, employee=OuterRef("employee"), outcome=OuterRef("outcome")
    )
    found = Q(outcome__in=_FINDINGS)
    return (
        Standing.objects.current()
        .filter(scope, month=month)
        .order_by()
        .values(key=Cast("outcome", CharField()))
        .annotate(n=Count("employee_id"), fresh=Count("employee_id", filter=Q(found, ~Exists(before))))
        .values_list("key", "n", "fresh")
    )


site.set_index(first_page)
