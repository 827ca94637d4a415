"""The results of a period as a page shows them, in the admin and in the portal: what is asked, the table, the charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, QuerySet, Window
from django.http import Http404, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assessment.models import Assessed, Level, Result
from assessment.selectors.result_board import STATES, Group, Narrowing, ResultBoard, Tally, assessed_spans
from assessment.selectors.result_cards import Card, Column
from assessment.selectors.result_faults import Failure, failures_among
from assessment.selectors.result_periods import Span
from assessment.web.result_board_words import best_stars, case_names, grade_name, missing_names, said, stars_named
from staff.kernel.access import Access, Verb
from staff.kernel.charts import Number
from staff.kernel.paging import Counted
from staff.kernel.periods import Month
from staff.models import Department
from staff.selectors.department_tree import Node, below, tree

A_PAGE = 100
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Chosen:
    """The words of the address; what means nothing is empty. ``mark`` is a grade's key or a number of stars."""

    span: Span
    policy: str = ""
    department: str = ""
    mark: str = ""
    state: str = ""
    words: str = ""

    @classmethod
    def of(cls, asked: QueryDict, otherwise: Span) -> Chosen:
        """Raises ``Http404`` for a period that is none."""
        return cls(
            span=_span(asked.get("period"), otherwise),
            policy=_clean(asked.get("policy")),
            department=_clean(asked.get("department")),
            mark=_clean(asked.get("mark")),
            state=state if (state := asked.get("state", "")) in STATES else "",
            words=_clean(asked.get("q")),
        )

    @property
    def narrowed(self) -> bool:
        """Whether the table holds less than the department."""
        return bool(self.mark or self.state or self.words)

    def narrowing(self, departments: list[Department] | None) -> Narrowing:
        """The same for the selector, a department with all below it, or alone where none are given. One that the reader does
        not see holds nobody.
        """
        if departments is None:
            known = self.department.isascii() and self.department.isdecimal() and len(self.department) < 19
            alone = frozenset({int(self.department)} if known else ())
            return Narrowing(alone if self.department else None, self.mark, self.state, self.words)
        root = next((one.pk for one in departments if str(one.pk) == self.department), None)
        inside = frozenset(below(departments, root)) if root else frozenset[int]()
        return Narrowing(inside if self.department else None, self.mark, self.state, self.words)

    def address(self, **other: Any) -> str:
        """The query of an address that asks for the same but for ``other``; what is empty is left out."""
        names = {
            "period": self.span, "policy": self.policy, "department": self.department, "mark": self.mark,
            "state": self.state, "q": self.words,
        }  # fmt: skip
        asked = QueryDict(mutable=True)
        for name, value in {**names, **other}.items():
            if value not in ("", None):
                asked[name] = str(value)
        return asked.urlencode()


def _clean(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()[:_LONGEST]


def _span(asked: str | None, otherwise: Span) -> Span:
    try:
        return Span.parse(asked) if asked else otherwise
    except ValueError as error:
        raise Http404 from error


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell: its number, or why there is none. ``tone`` ``unknown``: it waits for data; ``off``: the period does not count;
    ``full``: full marks, which recede.
    """

    value: Number | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A person of the table. ``missing`` names what the result waits for, ``owner`` who can enter it today."""

    employee_no: str
    name: str
    result: Result
    cells: list[Mark]
    grade: str
    cases: list[str]
    missing: list[str]
    owner: str


@dataclass(slots=True)
class Band:
    """A department's people on this page, under their counts; ``team`` is the team's own result."""

    department: Department
    group: Group
    team: Result | None
    team_grade: str
    team_cases: list[str]
    lines: list[Line] = field(default_factory=list)


class ResultPage:
    """Everything that the page of a period's results shows. ``spans`` are those assessed, with up to what.

    ``departments``: those that may be chosen, each with all below; None: those that have somebody with a result, each alone.
    ``trend``: whether the course of the periods is asked for.
    """

    def __init__(
        self, access: Access, asked: QueryDict, verb: Verb = Verb.READ, *, departments: list[Department] | None = None,
        trend: bool = True,
    ) -> None:  # fmt: skip
        self.access = access
        self.spans = assessed_spans()
        self.chosen = Chosen.of(asked, self._latest())
        self.narrowing = self.chosen.narrowing(departments)
        inside = self.narrowing.departments
        self.board = ResultBoard(access, self.chosen.span, self.chosen.policy, verb, inside=inside, trend=trend)
        self._departments = departments
        self._number = asked.get("page", "")

    @cached_property
    def departments(self) -> list[Department]:
        """Those that may be chosen."""
        if self._departments is not None:
            return self._departments
        groups = self.board.groups.values()
        return [Department(pk=one.department_id, name=one.name, parent_id=one.parent_id) for one in groups]

    def _latest(self) -> Span:
        """The last month that has ended and was assessed, or would be."""
        months = (span for span in self.spans if span.level == Level.MONTH and span.begun(self.access.day))
        return next(months, Span.around(Level.MONTH, Month.of(self.access.day).previous))

    @property
    def span(self) -> Span:
        return self.chosen.span

    @property
    def card(self) -> Card | None:
        return self.board.card

    @property
    def stars_named(self) -> str:
        return stars_named(self.card, self.span)

    @property
    def cards(self) -> Iterable[Card]:
        return self.board.cards.values()

    @cached_property
    def nodes(self) -> list[Node]:
        return tree(self.departments)

    @property
    def department(self) -> Department | None:
        """The one that was chosen."""
        return next((one for one in self.departments if str(one.pk) == self.chosen.department), None)

    @property
    def state(self) -> Assessed | None:
        """Up to which facts the results are brought, and whether they are of record."""
        return self.spans.get(self.span, {}).get(self.board.policy)

    @cached_property
    def failures(self) -> list[Failure]:
        """What could not be brought up to date, of this period or of one before that it may rest on."""
        states = [
            state for span, found in self.spans.items() if span.month <= self.span.month for state in found.values()
        ]
        return failures_among(sorted(states, key=lambda state: (state.month, state.policy)))

    @property
    def earlier(self) -> Span | None:
        """The period before that was assessed."""
        return next((one for one in self.spans if one.level == self.span.level and one.month < self.span.month), None)

    @property
    def later(self) -> Span | None:
        found = [one for one in self.spans if one.level == self.span.level and one.month > self.span.month]
        return found[-1] if found else None

    @property
    def same_level(self) -> list[Span]:
        """Every period of the level, the latest first."""
        return [one for one in self.spans if one.level == self.span.level]

    @property
    def levels(self) -> list[tuple[str, Span, bool]]:
        """(word, period that holds this one's last month, whether it is this level) of each level."""
        words = {
            Level.MONTH: pgettext("length", "Month"), Level.QUARTER: pgettext("length", "Quarter"),
            Level.YEAR: pgettext("length", "Year"),
        }  # fmt: skip
        return [(words[level], self._nearest(level), level == self.span.level) for level in words]

    def _nearest(self, level: Level) -> Span:
        """Down: the last part that was assessed; up: the period that holds this one."""
        if level == self.span.level:
            return self.span
        inside = (one for one in self.spans if one.level == level and self.span.first <= one.month <= self.span.month)
        return next(inside, Span.around(level, self.span.month))

    @cached_property
    def tally(self) -> Tally:
        return self.board.tally(self.narrowing, self.width)

    @property
    def width(self) -> Decimal:
        """Of a band of totals: about a tenth of the most there can be, in round numbers."""
        most = self.card.most if self.card else Decimal(0)
        return _round_width(most / 10) if most else Decimal(10)

    @cached_property
    def groups(self) -> dict[int, Group]:
        """By department, of the departments chosen."""
        inside = self.narrowing.departments
        return {pk: one for pk, one in self.board.groups.items() if inside is None or pk in inside}

    @cached_property
    def columns(self) -> list[Column | Span]:
        """Between a person and the total: items of a month, or the totals that a longer period is made of."""
        if self.card is None:
            return []
        return list(self.span.parts or self.card.columns)

    @property
    def page_obj(self) -> Page:
        return self._fetched[0]

    def bands(self) -> list[Band]:
        """The table of this page."""
        return self.bands_of(self._fetched[1])

    @cached_property
    def _fetched(self) -> tuple[Page, list[Result]]:
        """The page asked for, or the nearest there is, and its rows. A narrowed list is counted by the query that reads it."""
        if not self.chosen.narrowed:
            page = Counted(sum(group.people for group in self.groups.values()), A_PAGE).get_page(self._number)
            return page, list(self._slice(page.number))
        asked = self._number.isascii() and self._number.isdecimal() and len(self._number) < 9
        number = max(int(self._number), 1) if asked else 1
        rows = list(self._slice(number)) or (list(self._slice(1)) if number > 1 else [])
        return Counted(rows[0].everybody if rows else 0, A_PAGE).get_page(number if rows else 1), rows

    def _slice(self, number: int) -> QuerySet[Any]:
        lines = self.lines()
        if self.chosen.narrowed:
            lines = lines.annotate(everybody=Window(Count("pk")))
        return lines[(number - 1) * A_PAGE : number * A_PAGE]

    def lines(self) -> QuerySet[Any]:
        """Everybody whom the list holds, in its order."""
        return self.board.lines(self.narrowing, [node.department.pk for node in self.nodes])

    def bands_of(self, results: Iterable[Result]) -> list[Band]:
        """The same people under their departments."""
        bands: list[Band] = []
        for result in results:
            if not bands or bands[-1].department.pk != result.department_id:
                bands.append(self._band(result.department))
            bands[-1].lines.append(self.line(result))
        return bands

    @cached_property
    def teams(self) -> dict[int, Result]:
        """Department's id → the team's own result; months have none."""
        return self.board.teams() if self.span.parts else {}

    def _band(self, department: Department) -> Band:
        team = self.teams.get(department.pk)
        group = self.board.groups.get(department.pk, Group(department.pk))
        grade = grade_name(self.card, team.grade) if team else ""
        return Band(department, group, team, grade, case_names(team.cases) if team else [])

    def line(self, result: Result) -> Line:
        return Line(
            employee_no=result.employee.employee_no if result.employee else "",
            name=result.employee.name if result.employee else "",
            result=result,
            cells=list(self._cells(result)),
            grade=grade_name(self.card, result.grade),
            cases=case_names(result.cases),
            missing=missing_names(self.card, result.missing),
            owner=getattr(result, "supervisor_name", None) or "",
        )

    def _cells(self, result: Result) -> Iterator[Mark]:
        parts = {one["month"]: one for one in getattr(result, "made_of", ())}
        for column in self.columns:
            if isinstance(column, Span):
                yield _made_of(parts.get(column.month.number))
            elif not result.counts:
                yield Mark(tone="off")
            else:
                yield _points(result, column)

    def marks(self) -> list[tuple[str, str, int]]:
        """(key, words, people) of each grade, from the best down, or of each number of stars that somebody has; of a longer
        period, of each number of months that had the most stars.
        """
        counts, card = self.tally.marks, self.card
        if card is None or not (card.has_grade or card.has_stars):
            return []
        if card.has_grade:
            named = [(key, said(words)) for key, words in card.grades]
            rest = sorted(counts.keys() - {key for key, _words in named})
            return [(key, words, counts[key]) for key, words in [*named, *((key, key) for key in rest)]]
        if self.span.length > 1:
            numbers = range(self.span.length, -1, -1)
            return [(str(n), ngettext("%(n)d month", "%(n)d months", n) % {"n": n}, counts[str(n)]) for n in numbers]
        most = max([best_stars(card), *(int(key) for key in counts if key.isdecimal())])
        return [(str(n), _("%(n)d stars") % {"n": n}, counts[str(n)]) for n in range(most, 0, -1)]

    def lacking(self) -> list[tuple[str, int]]:
        """What results wait for → how many people, the most first."""
        names = self.card.names if self.card else {}
        found = sorted(self.tally.lacking.items(), key=lambda one: (-one[1], one[0]))
        return [(said(names[key]) if key in names else key, n) for key, n in found]


def _points(result: Result, column: Column) -> Mark:
    found = result.items.get(column.key)
    if found is None:
        return Mark(tone="unknown" if result.missing else "none")
    value = Decimal(str(found))
    return Mark(value, "full" if value == column.of else "")


def _made_of(part: Mapping[str, Any] | None) -> Mark:
    if part is None:
        return Mark(tone="none")
    return _mark(part["counts"], Decimal(part["total"]) if part["total"] is not None else part["stars"])


def part_mark(result: Result | None) -> Mark:
    """Total or stars of a period that a longer one is made of."""
    if result is None:
        return Mark(tone="none")
    return _mark(result.counts, result.total if result.total is not None else result.stars)


def _mark(counts: bool, value: Number | None) -> Mark:
    if not counts:
        return Mark(tone="off")
    return Mark(tone="unknown") if value is None else Mark(value)


def _round_width(rough: Decimal) -> Decimal:
    """The next of 1, 2, 5, 10 … (and 0.1, 0.2, 0.5) that is no less."""
    power = Decimal(10) ** (rough.adjusted())
    return next(power * step for step in (1, 2, 5, 10) if power * step >= rough)
