"""The parts of the board as its templates show them: the head, the flow, and the table of one page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.db.models import Exists, OuterRef

from assessment.models import AssessmentMonth, MonthState
from promotion.admin.tiers import OUTCOMES, OutcomeView
from promotion.models import Run, RunState
from promotion.sweep.board import Applied, Board, Line, Narrowing, Step, Tally
from promotion.web.flow import Flow, flow
from promotion.web.matrix import Column, Mark, Threshold, columns_of, marks, only_lacks, thresholds
from promotion.web.tiers import TierView, tier_views
from staff.kernel.paging import Counted
from staff.kernel.periods import Month

A_PAGE = 50
AT_WORK = (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class StepView:
    """A step in words: the tier held and the one it leads to (None at the top)."""

    policy: str
    tier: TierView
    target: TierView | None

    @property
    def value(self) -> str:
        return f"{self.policy}:{self.tier.key}"


@dataclass(frozen=True, slots=True)
class Row:
    """A person in the table. ``lacks`` names the one condition that is unmet while all others are met."""

    line: Line
    outcome: OutcomeView
    cells: list[Mark]
    lacks: str


@dataclass(slots=True)
class Band:
    """The people of a step on this page, under what it asks; ``people`` is how many the whole list has."""

    step: StepView
    people: int
    thresholds: list[Threshold]
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """One policy's table: its columns are its own."""

    applied: Applied
    columns: tuple[Column, ...]
    bands: list[Band] = field(default_factory=list)

    @property
    def conditions(self) -> int:
        return sum(not column.trigger for column in self.columns)

    @property
    def triggers(self) -> int:
        return sum(column.trigger for column in self.columns)


def step_view(step: Step) -> StepView:
    ladder = step.applied.statement.ladder
    views, onward = tier_views(ladder), ladder.step_from(step.tier)
    return StepView(step.applied.version.key, views[step.tier], views[str(onward.target)] if onward else None)


def table_page(
    board: Board, narrowing: Narrowing, number: Any, counts: Counter[Step] | None = None
) -> tuple[list[Table], Page]:
    """The tables of one page, a band for each step that has somebody on it. ``counts`` where they are known already."""
    counts = board.counts(narrowing) if counts is None else counts
    page = Counted(counts.total(), A_PAGE).get_page(number)
    lines = board.lines(narrowing, first=(page.number - 1) * A_PAGE, most=A_PAGE)
    return tables_of(board, lines, counts), page


def tables_of(board: Board, lines: Any, counts: Counter[Step]) -> list[Table]:
    tables: list[Table] = []
    before: Step | None = None
    for line in lines:
        applied = line.step.applied
        if before is None or before.applied is not applied:
            tables.append(Table(applied, columns_of(applied.statement)))
        if line.step != before:
            asks = thresholds(applied.statement, line.step.tier, board.month)
            tables[-1].bands.append(Band(step_view(line.step), counts[line.step], asks))
        before = line.step
        tables[-1].bands[-1].rows.append(row_of(line, board.month))
    for table in tables:
        _drop_idle_columns(table)
    return tables


def _drop_idle_columns(table: Table) -> None:
    """A column that none of the steps on this page asks for would be a grey stripe and no more."""
    kept = [at for at, _column in enumerate(table.columns) if any(band.thresholds[at].number for band in table.bands)]
    table.columns = tuple(table.columns[at] for at in kept)
    for band in table.bands:
        band.thresholds = [band.thresholds[at] for at in kept]
        for row in band.rows:
            row.cells[:] = [row.cells[at] for at in kept]


def row_of(line: Line, month: Month) -> Row:
    cells = marks(line.step.applied.statement, line.row, month)
    return Row(line, OUTCOMES[line.row.outcome], cells, only_lacks(line.row, cells))


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome with its people and the change since the month before; None: nothing to compare with."""

    view: OutcomeView
    people: int
    change: int | None


def flow_of(board: Board, tally: Tally) -> tuple[Flow[StepView, Outcome], list[tuple[StepView, list[int]]]]:
    """The drawing, and the same numbers as rows: a tier, then its people by outcome."""
    outcomes = {
        number: Outcome(view, tally.outcomes[number], _difference(board, tally, number))
        for number, view in OUTCOMES.items()
        if tally.outcomes[number] or tally.before[number]
    }
    by_tier: dict[StepView, Counter[int]] = {}
    for step in board.steps:
        found = {outcome: n for (at, outcome), n in tally.flow.items() if at == step}
        if found:
            by_tier.setdefault(step_view(step), Counter()).update(found)
    people = {(tier, outcomes[n]): count for tier, row in by_tier.items() for n, count in row.items()}
    drawn = flow(list(by_tier), list(outcomes.values()), people)
    return drawn, [(tier, [row[number] for number in outcomes]) for tier, row in by_tier.items()]


def _difference(board: Board, tally: Tally, number: int) -> int | None:
    return tally.outcomes[number] - tally.before[number] if board.compared else None


@dataclass(frozen=True, slots=True)
class RunsShown:
    """The month's runs: at work, failed and not run since, and the last one of each policy that is done."""

    at_work: list[Run]
    failed: list[Run]
    done: list[Run]

    @classmethod
    def of(cls, board: Board) -> RunsShown:
        runs = [run for run in board.runs if run.month == board.month]
        newest: dict[tuple[int, str], Run] = {}
        done: dict[tuple[int, str], Run] = {}
        for run in runs:
            newest.setdefault((run.version_id, run.values_digest), run)
            if run.state == RunState.DONE:
                done.setdefault((run.version_id, run.values_digest), run)
        return cls(
            at_work=[run for run in runs if run.state in AT_WORK],
            failed=[run for run in newest.values() if run.state == RunState.FAILED],
            done=list(done.values()),
        )

    @property
    def last(self) -> Run | None:
        return self.done[0] if self.done else None

    @property
    def recorded(self) -> bool:
        """Whether all that stands is of record: asking once more would change nothing."""
        return bool(self.done) and not self.failed and all(run.of_record for run in self.done)

    @property
    def seconds(self) -> float | None:
        """How long the last run took."""
        run = self.last
        return (run.finished_at - run.created_at).total_seconds() if run and run.finished_at else None


@dataclass(frozen=True, slots=True)
class MonthShown:
    month: Month
    sealed: bool


def swept_months(day: Any) -> list[MonthShown]:
    """Months that have ended and were swept, the latest first. One query."""
    sealed = AssessmentMonth.objects.filter(month=OuterRef("month"), state=MonthState.SEALED)
    swept = Run.objects.filter(month__lt=Month.of(day)).order_by("-month").values("month").distinct()
    return [MonthShown(row["month"], row["sealed"]) for row in swept.annotate(sealed=Exists(sealed))]


def around(months: list[MonthShown], month: Month) -> tuple[MonthShown | None, MonthShown | None, MonthShown | None]:
    """The swept month before, the month itself and the one after it."""
    earlier = next((one for one in months if one.month < month), None)
    itself = next((one for one in months if one.month == month), None)
    later = next((one for one in reversed(months) if one.month > month), None)
    return earlier, itself, later
