"""The board as a workbook: a sheet for each step, its thresholds above its people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from django.utils.translation import gettext as _

from promotion.admin.board_page import Row, StepView, row_of, step_view
from promotion.admin.tiers import OUTCOMES
from promotion.sweep.board import Board, Line, Narrowing, Step
from promotion.web.matrix import Mark, seen_words, thresholds
from promotion.web.tiers import tier_views
from staff.kernel.exports import Cell, Sheet

_FIXED = 7


def sheets(board: Board, narrowing: Narrowing, departments: Mapping[int, str]) -> Iterator[Sheet]:
    """Everybody that the list holds, all pages of it."""
    titles: set[str] = set()
    lines: Iterable[Line] = board.lines(narrowing)
    for step, people in groupby(lines, key=lambda line: line.step):
        yield Sheet(
            title=_title(step_view(step), titles),
            rows=_rows(board, step, people, departments),
            head=2,
            pinned=2,
            widths=[12, 12, 18, 12, 12, 12, 12],
        )
    if not titles:
        yield Sheet(title=str(board.month), rows=[[_("Nobody fits the filters.")]])


def _title(view: StepView, taken: set[str]) -> str:
    """Short enough for a spreadsheet, and not twice: two versions of a policy share their tiers."""
    words = f"{view.tier.name} → {view.target.name}" if view.target else view.tier.name
    title, n = words[:28], 1
    while title in taken:
        n += 1
        title = f"{words[:26]} {n}"
    taken.add(title)
    return title


def _rows(board: Board, step: Step, people: Iterable[Line], departments: Mapping[int, str]) -> Iterator[list[Cell]]:
    asked = [one for one in thresholds(step.applied.statement, step.tier, board.month) if one.number]
    head: list[Cell] = [
        _("employee no."), _("name"), _("department"), _("tier"), _("next or proposed tier"), _("outcome"), _("month before"),
    ]  # fmt: skip
    for one in asked:
        head += [f"{one.number} {one.column.name}", _("observed")]
    yield [*head, _("months missing")]
    yield [*[None] * (_FIXED - 1), _("asked:"), *(cell for one in asked for cell in (one.asks, None))]
    views = {key: view.name for key, view in tier_views(step.applied.statement.ladder).items()}
    for line in people:
        yield _person(row_of(line, board.month), views, departments)


def _person(row: Row, tiers: Mapping[str, str], departments: Mapping[int, str]) -> list[Cell]:
    line = row.line
    before = str(OUTCOMES[line.before].label) if line.before is not None else None
    cells: list[Cell] = [
        line.employee_no, line.name, departments.get(line.department_id), tiers.get(line.row.tier),
        tiers.get(line.row.target or ""), str(row.outcome.label), before,
    ]  # fmt: skip
    asked = [mark for mark in row.cells if mark.finding is not None]
    for mark in asked:
        cells += [mark.words, _typed(mark)]
    return [*cells, _missing(asked)]


def _typed(mark: Mark) -> Cell:
    """Numbers and days as such; of "each", how many months hold."""
    seen = mark.finding.observed if mark.finding else None
    return seen_words(mark.finding) if isinstance(seen, bool) and mark.finding else seen


def _missing(asked: list[Mark]) -> str | None:
    """``四.2.7: 2026-08``, clause by clause."""
    found = [
        f"{mark.finding.clause.number}: {' '.join(map(str, mark.finding.missing))}"
        for mark in asked
        if mark.finding and mark.finding.missing
    ]
    return "; ".join(found) or None
