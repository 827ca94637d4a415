"""One person's result of a period as the drawer and its page show it, with how it moves beside their team and department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from assessment.models import Assessed, Level, Result
from assessment.selectors.own_results import own_result, results_of
from assessment.selectors.result_board import others, trend_of
from assessment.selectors.result_cards import Card, cards_of
from assessment.selectors.result_periods import Span
from assessment.web.own_result_words import ItemView, Rating, items_of, ratings_of
from assessment.web.result_board import Chosen, Mark, part_mark
from assessment.web.result_board_charts import person_chart
from assessment.web.result_board_words import case_names, grade_name, missing_names, stars_named
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.charts import Chart
from staff.kernel.periods import Month
from staff.models import Department, DepartmentClosure, Employee, SupervisorPeriod


@dataclass(frozen=True, slots=True)
class PersonShown:
    """``parts`` are what a quarter or year is made of, by period; a month has ``items`` and ``ratings``, each with its sum in
    words; a quarter and a year have none.
    """

    chosen: Chosen
    result: Result
    card: Card | None
    grade: str
    cases: list[str]
    missing: list[str]
    owner: str
    of_record: bool
    parts: list[tuple[Span, Mark]]
    items: list[ItemView]
    ratings: dict[str, Rating]
    chart: Chart

    @property
    def span(self) -> Span:
        return self.chosen.span

    @property
    def stars_named(self) -> str:
        return stars_named(self.card, self.span)

    @property
    def address(self) -> str:
        """Of the board that holds it."""
        return self.chosen.address()


def person_shown(access: Access, employee: Employee, asked: QueryDict) -> PersonShown:
    """The period and policy that the address names. Raises ``Http404`` where the person has no result of it."""
    chosen = Chosen.of(asked, Span.around(Level.MONTH, Month.of(access.day).previous))
    every = results_of(access, employee)
    result = next((one for one in every if _fits(one, chosen)), None)
    if result is None:
        raise Http404
    card = cards_of({(result.version_id, result.values_digest)}).get(result.policy)
    same = {(one.level, one.month): one for one in every if one.policy == result.policy}
    led = SupervisorPeriod.objects.filter(employee=employee, period__contains=access.day).select_related("supervisor")
    owner = led.first() if result.missing else None
    own = own_result(access, employee, result, every) if result.level == Level.MONTH else None
    record = Assessed.objects.filter(policy=result.policy, level=result.level, month=result.month, of_record=True)
    return PersonShown(
        chosen=chosen,
        result=result,
        card=card,
        grade=grade_name(card, result.grade),
        cases=case_names(result.cases),
        missing=missing_names(card, result.missing),
        owner=owner.supervisor.name if owner else "",
        of_record=record.exists(),
        parts=[(part, part_mark(same.get((part.level, part.month)))) for part in chosen.span.parts],
        items=items_of(own) if own else [],
        ratings=ratings_of(own) if own else {},
        chart=_chart(access, employee, result, card, chosen.span, same),
    )


def _fits(one: Result, chosen: Chosen) -> bool:
    level, month = chosen.span.level, chosen.span.month
    return (one.level, one.month) == (level, month) and chosen.policy in ("", one.policy)


def _chart(
    access: Access, employee: Employee, result: Result, card: Card | None, span: Span, same: Mapping[Any, Result]
) -> Chart:
    """Beside the person the team, and the department above it where the reader looks after all of that."""
    own = {month: one for (level, month), one in same.items() if level == span.level}
    reached, totals = others(access), card is None or card.has_total
    team = result.department
    scope = reached.scope(Thing.STANDING)
    whole = scope.company or team.pk in scope.departments
    lines = {"team": Q(department=team) if whole else Q()}
    names = {"team": team.name if whole else _("the people you lead")}
    above = team.parent
    if above is not None and (scope.company or above.pk in scope.departments):
        lines["above"] = Q(department__in=_below(above))
        names["above"] = above.name
    trend = trend_of(reached, Verb.READ, result.policy, span, totals, lines)
    told = [key for key in lines if key == "team" or trend[key] != trend["team"]]
    beside: list[tuple[str, Mapping[Month, Decimal]]] = [(names[key], trend[key]) for key in told]
    return person_chart(card, span, own, employee.name, beside)


def _below(department: Department) -> Any:
    return DepartmentClosure.objects.filter(ancestor=department).values("descendant")
