"""The results of a period as a workbook: everybody that the list holds, the teams, how they lie."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.models import Result
from assessment.selectors.result_periods import Span
from assessment.web.result_board import Line, Mark, ResultPage
from assessment.web.result_board_words import case_names, grade_name, said
from staff.kernel.exports import Cell, Sheet

_CHUNK = 500


def sheets(page: ResultPage) -> Iterator[Sheet]:
    """One sheet of people; a quarter's and a year's have one of the teams too."""
    title = " ".join([_("Results"), str(page.span)])
    yield Sheet(title=title, rows=_people(page), head=2, pinned=2, widths=[12, 12, 18])
    if page.span.parts:
        yield Sheet(title=_("Teams"), rows=_teams(page), pinned=1, widths=[24])
    if page.marks():
        rows: list[list[Cell]] = [[_("grade or stars"), _("people")]]
        rows += [[words, n] for _key, words, n in page.marks()]
        yield Sheet(title=_("Distribution"), rows=rows, widths=[18])


def _people(page: ResultPage) -> Iterator[list[Cell]]:
    card = page.card
    if card is None:
        yield [_("Nobody has a result.")]
        return
    state = _("of record") if page.state and page.state.of_record else _("provisional")
    note = f"{said(card.title)} · {page.span} · {state}"
    yield [note, said(card.note) or None]
    names = [str(column) if isinstance(column, Span) else said(column.names) for column in page.columns]
    yield [
        _("employee no."), _("name"), _("department"), *names, *_head(page), _("cases"), _("missing"), _("who owes it"),
        _("remark"),
    ]  # fmt: skip
    for results in _chunks(page):
        for band in page.bands_of(results):
            for line in band.lines:
                yield _row(page, line, band.department.name)


def _chunks(page: ResultPage) -> Iterator[list[Result]]:
    lines = page.lines()
    first = 0
    while rows := list(lines[first : first + _CHUNK]):
        yield rows
        first += _CHUNK


def _head(page: ResultPage) -> list[Cell]:
    card = page.card
    found: list[Cell] = []
    if card and card.has_total:
        found += [_("total"), _("full marks")] if card.full_marks is not None else [_("total")]
        found.append(_("rank"))
    if card and card.has_grade:
        found.append(pgettext("result", "grade"))
    if card and card.has_stars:
        found.append(page.stars_named)
    return found


def _row(page: ResultPage, line: Line, department: str) -> list[Cell]:
    result, comma = line.result, pgettext("list", ", ")
    remark = None if result.counts else _("not assessed")
    return [
        line.employee_no, line.name, department, *map(_cell, line.cells), *_numbers(page, result, line.grade),
        comma.join(line.cases) or None, comma.join(line.missing) or None, line.owner if line.missing else None, remark,
    ]  # fmt: skip


def _numbers(page: ResultPage, result: Result, grade: str) -> list[Cell]:
    card = page.card
    found: list[Cell] = []
    if card and card.has_total:
        found += [result.total, result.full_marks] if card.full_marks is not None else [result.total]
        found.append(result.rank)
    if card and card.has_grade:
        found.append(grade or None)
    if card and card.has_stars:
        found.append(result.stars)
    return found


def _cell(mark: Mark) -> Cell:
    """What waits for data is said, and never a zero."""
    if mark.value is not None:
        return mark.value
    return _("missing") if mark.tone == "unknown" else None


def _teams(page: ResultPage) -> Iterator[list[Cell]]:
    yield [_("team"), _("people"), _("total"), pgettext("result", "grade"), _("cases")]
    for node in page.nodes:
        team = page.teams.get(node.department.pk)
        if team is not None and node.department.pk in page.groups:
            total: Decimal | None = team.total
            cases = pgettext("list", ", ").join(case_names(team.cases))
            people = page.groups[node.department.pk].people
            yield [node.department.name, people, total, grade_name(page.card, team.grade) or None, cases or None]
