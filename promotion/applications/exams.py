"""Whose passed exam HR has to confirm: eligible for a tier for which nobody applies, and nothing is under way."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from assessment.models import AssessmentMonth, MonthState
from policy.compiler import Outcome
from policy.language import Faults
from policy.selectors import checked
from promotion.applications.models import UNSETTLED, Application, ApplicationKind
from promotion.applications.process import by_confirmation
from promotion.applications.selectors import PipelineFilter
from promotion.applications.standings import of_the_last_sealed
from promotion.models import Run, Standing, TierPeriod
from staff.kernel.access import Access, Thing, Verb
from staff.models import DepartmentPeriod, Employee
from staff.selectors.access import superiors_sql


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A person and the standing of record that HR confirms the exam on."""

    employee: Employee
    standing: Standing


def exams_to_confirm(access: Access, asked: PipelineFilter | None = None) -> QuerySet[Employee]:
    """People for whom the reader confirms an exam, as ``confirm_exam`` takes them, by number; never of their own line. Whose
    confirmation came to nothing on the same standing is not told again. One query beside the rows' own.
    """
    asked = asked or PipelineFilter()
    others = access.others()
    known = Application.objects.filter(employee=OuterRef("employee")).filter(
        Q(state__in=UNSETTLED) | Q(kind=ApplicationKind.CONFIRMED, standing_month=OuterRef("month"))
    )
    held = TierPeriod.objects.filter(
        employee=OuterRef("employee"), period__contains=access.day, tier=OuterRef("tier"),
        ladder=OuterRef("run__version__key"),
    )  # fmt: skip
    standings = _standings().filter(Exists(held), ~Exists(known))
    if asked.policy:
        standings = standings.filter(run__version__key=asked.policy)
    people = Employee.objects.visible_to(others, Verb.CREATE, Thing.APPLICATION).exclude(pk__in=access.people)
    for one in sorted(access.people):
        people = people.exclude(pk__in=superiors_sql(one, access.day))
    people = people.filter(
        Q(left_on=None) | Q(left_on__gt=access.day), Exists(standings.filter(employee=OuterRef("pk")))
    )
    if asked.words:
        people = people.search(asked.words)
    if asked.departments is not None:
        placed = DepartmentPeriod.objects.filter(employee=OuterRef("pk"), period__contains=access.day)
        people = people.filter(Exists(placed.filter(department__in=asked.departments)))
    found: QuerySet[Employee] = people.none() if asked.overdue else people
    return found.order_by("employee_no")


def with_standings(people: list[Employee]) -> list[ToConfirm]:
    """The people with what is confirmed of each. Two queries."""
    rows = _standings().filter(employee__in=people).select_related("run__version").defer("run__version__document")
    found = {row.employee_id: row for row in rows}
    return [ToConfirm(one, found[one.pk]) for one in people if one.pk in found]


def _standings() -> QuerySet[Standing]:
    """Of record of the last sealed month, eligible, of a tier above which an exam alone leads."""
    rows = of_the_last_sealed(Standing.objects.current().filter(outcome=Outcome.ELIGIBLE))
    sealed = AssessmentMonth.objects.filter(state=MonthState.SEALED).order_by("-month")
    runs = Run.objects.filter(of_record=True, month=Subquery(sealed.values("month")[:1]))
    runs = runs.order_by("version_id", "values_digest")
    leads = Q(run__in=[])
    for run in runs.distinct("version_id", "values_digest").select_related("version"):
        try:
            ladder = checked(run.version, run.values).ladder
        except Faults:
            continue
        tiers = [step.source for step in (ladder.steps if ladder else ()) if by_confirmation(step)]
        if tiers:
            leads |= Q(run__version=run.version_id, run__values_digest=run.values_digest, tier__in=tiers)
    return rows.filter(leads)
