"""Reads of the results of a period: what a policy made of everybody whom one looks after, counted, narrowed and listed.

Every read starts from ``visible_to``, as whoever looks after others: what one reads as oneself stands on one's own page. The
database counts and orders, whatever the number of people: only the rows of a page are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Avg, Case, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Floor, JSONObject

from assessment.models import Assessed, Level, Result
from assessment.selectors.result_cards import Card, cards_of
from assessment.selectors.result_periods import Span
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod, Employee, Role, SupervisorPeriod

#: What a person's result may lack or be, as a filter says it.
STATES = ("missing", "exempt", "known", "cases")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to; empty asks for nothing. ``mark`` is a grade's key, or a number of stars."""

    departments: frozenset[int] | None = None
    mark: str = ""
    state: str = ""
    words: str = ""

    @property
    def whole(self) -> Narrowing:
        """The departments alone."""
        return Narrowing(self.departments)


@dataclass(slots=True)
class Group:
    """The people of a department. ``mean`` is of the totals there are, or of the stars where there are no totals."""

    department_id: int
    name: str = ""
    parent_id: int | None = None
    people: int = 0
    known: int = 0
    missing: int = 0
    exempt: int = 0
    mean: Decimal | None = None


@dataclass(slots=True)
class Tally:
    """Counts of a selection. ``bands``: number of a band of totals → people, each ``width`` wide."""

    people: int = 0
    known: int = 0
    missing: int = 0
    exempt: int = 0
    marks: Counter[str] = field(default_factory=Counter)
    bands: Counter[int] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    width: Decimal = Decimal(1)


class ResultBoard:
    """The results of a period by one policy, of the people whose results one may reach with ``verb``.

    ``policy`` empty: the one that assessed most of them.
    """

    def __init__(
        self, access: Access, span: Span, policy: str = "", verb: Verb = Verb.READ, *,
        inside: frozenset[int] | None = None, trend: bool = False,
    ) -> None:  # fmt: skip
        self.access, self.span, self.verb = others(access), span, verb
        self._asked, self._inside, self._trend = policy, inside, trend

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        """A row for each policy, version and department of the period, and one for each policy of a period before it."""
        months = [one.month for one in self.span.back()] if self._trend else [self.span.month]
        found = Result.objects.visible_to(self.access, self.verb).filter(
            level=self.span.level, month__in=months, employee__isnull=False
        )
        fields = {
            "at_version": "version_id", "digest": "values_digest", "at_department": "department_id",
            "named": "department__name", "parent": "department__parent_id",
        }  # fmt: skip
        here = {name: Case(When(month=self.span.month, then=F(field))) for name, field in fields.items()}
        chosen = Q(department__in=self._inside) if self._inside is not None else Q()
        figures = {
            f"{value}_{what}{where}": of(value, filter=condition)
            for value in ("total", "stars")
            for what, of in (("sum", Sum), ("n", Count))
            for where, condition in (("", None), ("_inside", chosen))
        }
        return list(
            found.values("month", "policy", **here).annotate(
                people=Count("pk"), known=Count("pk", filter=Q(counts=True, missing=[])),
                exempt=Count("pk", filter=Q(counts=False)), lacking=Count("pk", filter=~Q(missing=[])), **figures,
            ).order_by()
        )  # fmt: skip

    @cached_property
    def _groups(self) -> list[dict[str, Any]]:
        """Those of the period itself."""
        return [row for row in self._rows if row["month"] == self.span.month]

    @cached_property
    def cards(self) -> dict[str, Card]:
        """Policy → its card, of every policy that assessed somebody here; the one of most people first."""
        people: Counter[str] = Counter()
        for row in self._groups:
            people[row["policy"]] += row["people"]
        found = cards_of({(row["at_version"], row["digest"]) for row in self._groups})
        return {policy: found[policy] for policy, _ in sorted(people.items(), key=lambda one: (-one[1], one[0]))}

    @cached_property
    def card(self) -> Card | None:
        """Of the policy that is looked at; None where nobody has a result."""
        return self.cards.get(self._asked) or next(iter(self.cards.values()), None)

    @property
    def policy(self) -> str:
        return self.card.policy if self.card else ""

    @cached_property
    def groups(self) -> dict[int, Group]:
        """Department's id → its people, by this policy."""
        found: dict[int, Group] = {}
        sums: dict[int, _Mean] = {}
        for row in self._groups:
            if row["policy"] != self.policy:
                continue
            pk = row["at_department"]
            one = found.setdefault(pk, Group(pk, row["named"], row["parent"]))
            one.people += row["people"]
            one.known += row["known"]
            one.missing += row["lacking"]
            one.exempt += row["exempt"]
            one.mean = sums.setdefault(pk, _Mean()).add(row, self._measure)
        return found

    def trend(self) -> dict[str, dict[Month, Decimal]]:
        """Means of the periods up to this one: of everybody here (``all``), and of the departments chosen (``chosen``)."""
        found: dict[str, dict[Month, Decimal]] = {"chosen": {}, "all": {}}
        sums: dict[tuple[str, Month], _Mean] = {}
        for row in self._rows:
            for name, where in (("all", ""), ("chosen", "_inside")) if row["policy"] == self.policy else ():
                mean = sums.setdefault((name, row["month"]), _Mean()).add(row, self._measure, where)
                if mean is not None:
                    found[name][row["month"]] = mean
        return found

    @property
    def _measure(self) -> str:
        return "total" if self.card is None or self.card.has_total else "stars"

    def tally(self, narrowing: Narrowing, width: Decimal) -> Tally:
        """Counts of the departments chosen. One query; ``width`` is of a band of totals."""
        tally = Tally(width=width)
        band = Floor(F("total") / Value(width), output_field=models.IntegerField())
        rows = self.rows(narrowing.whole).annotate(band=band).order_by()
        grouped = rows.values("grade", "stars", "counts", "missing", "band").annotate(n=Count("pk"))
        for row in grouped:
            n = row["n"]
            tally.people += n
            tally.exempt += 0 if row["counts"] else n
            tally.missing += n if row["missing"] else 0
            tally.known += n if row["counts"] and not row["missing"] else 0
            for key in row["missing"]:
                tally.lacking[key] += n
            mark = row["grade"] or (row["stars"] is not None and str(row["stars"]))
            if mark:
                tally.marks[mark] += n
            if row["band"] is not None:
                tally.bands[row["band"]] += n
        return tally

    def rows(self, narrowing: Narrowing) -> QuerySet[Any]:
        """Results of people by this policy, narrowed; in no order."""
        return narrowed(self._of(self.span).filter(policy=self.policy), narrowing)

    def lines(self, narrowing: Narrowing, places: Sequence[int]) -> QuerySet[Any]:
        """The same in the order of the page: departments as ``places`` (ids) has them, then the best. Each has
        ``supervisor_name`` of today, and in ``made_of`` the results that a longer period is made of.
        """
        led = SupervisorPeriod.objects.filter(employee=OuterRef("employee"), period__contains=self.access.day)
        known = Value(list(places), output_field=ArrayField(models.BigIntegerField()))
        place = Func(known, F("department_id"), function="array_position", output_field=models.IntegerField())
        found = self.rows(narrowing).select_related("employee", "department")
        if self.span.parts:
            found = found.annotate(made_of=ArraySubquery(self._parts()))
        return found.annotate(supervisor_name=Subquery(led.values("supervisor__name")[:1])).order_by(
            place.asc(nulls_last=True),
            "department_id",
            F("rank").asc(nulls_last=True),
            F("stars").desc(nulls_last=True),
            "employee__pinyin",
            "employee__employee_no",
        )

    def _parts(self) -> QuerySet[Any]:
        """Of one person: month's number, whether it counts, total as text, stars."""
        parts = self.span.parts
        return Result.objects.filter(
            employee=OuterRef("employee"),
            policy=self.policy,
            level=parts[0].level,
            month__in=[one.month for one in parts],
        ).values(
            part=JSONObject(
                month=Cast("month", models.IntegerField()),
                counts="counts",
                total=Cast("total", models.TextField()),
                stars="stars",
            )
        )

    def teams(self) -> dict[int, Result]:
        """Department's id → the result of the team; months have none."""
        found = Result.objects.filter(level=self.span.level, month=self.span.month, policy=self.policy)
        return {one.department_id: one for one in teams_visible(found, self.access)}

    def _of(self, span: Span) -> QuerySet[Any]:
        found = Result.objects.visible_to(self.access, self.verb)
        return found.filter(level=span.level, month=span.month, employee__isnull=False)


@dataclass(slots=True)
class _Mean:
    """The exact mean of what several rows tell."""

    total: Decimal = Decimal(0)
    people: int = 0

    def add(self, row: Mapping[str, Any], measure: str, where: str = "") -> Decimal | None:
        """What it comes to with the row."""
        self.total += row[f"{measure}_sum{where}"] or 0
        self.people += row[f"{measure}_n{where}"]
        return self.total / self.people if self.people else None


def others(access: Access) -> Access:
    """The same account without what it reaches as oneself."""
    return access if access.everything else access.in_roles(access.roles - {Role.EMPLOYEE})


def trend_of(
    access: Access, verb: Verb, policy: str, span: Span, totals: bool, lines: Mapping[str, Q]
) -> dict[str, dict[Month, Decimal]]:
    """Means of totals, or of stars, by period, for each line's condition. One query."""
    value = "total" if totals else "stars"
    found = Result.objects.visible_to(access, verb).filter(
        employee__isnull=False, policy=policy, level=span.level, month__in=[one.month for one in span.back()]
    )
    means = {f"mean_{name}": Avg(value, filter=condition) for name, condition in lines.items()}
    trend: dict[str, dict[Month, Decimal]] = {name: {} for name in lines}
    for row in found.order_by().values("month").annotate(**means):
        for name in lines:
            if row[f"mean_{name}"] is not None:
                trend[name][row["month"]] = Decimal(row[f"mean_{name}"])
    return trend


def narrowed(results: QuerySet[Any], narrowing: Narrowing) -> QuerySet[Any]:
    if narrowing.departments is not None:
        results = results.filter(department__in=narrowing.departments)
    if narrowing.mark:
        stars = Q(stars=int(narrowing.mark)) if narrowing.mark.isdecimal() and len(narrowing.mark) < 4 else Q()
        results = results.filter(Q(grade=narrowing.mark) | stars if stars else Q(grade=narrowing.mark))
    if narrowing.words:
        results = results.filter(employee__in=Employee.objects.all().search(narrowing.words))
    conditions = {
        "missing": ~Q(missing=[]), "exempt": Q(counts=False), "known": Q(counts=True, missing=[]), "cases": ~Q(cases=[]),
    }  # fmt: skip
    return results.filter(conditions[narrowing.state]) if narrowing.state in conditions else results


def teams_visible(results: QuerySet[Any], access: Access) -> QuerySet[Any]:
    """Results of teams: of the departments of one's scope, and for a supervisor of those whose people they all lead."""
    results = results.filter(employee__isnull=True)
    scope = access.scope(Thing.STANDING)
    if scope.company:
        return results
    seen = Employee.objects.visible_to(access, Verb.READ, Thing.STANDING)
    placed = DepartmentPeriod.objects.filter(department=OuterRef("department"), period__contains=access.day)
    mine = placed.filter(employee__in=seen.values("pk"))
    foreign = placed.exclude(employee__in=seen.values("pk")).exclude(employee=access.employee_id)
    return results.filter(Q(department__in=scope.departments) | Q(Exists(mine), ~Exists(foreign)))


def assessed_spans() -> dict[Span, dict[str, Assessed]]:
    """Every period that was assessed, the latest first: policy → up to what. One query."""
    found: dict[Span, dict[str, Assessed]] = {}
    for state in Assessed.objects.order_by("-month", "policy"):
        found.setdefault(Span(Level(state.level), state.month), {})[state.policy] = state
    return found
