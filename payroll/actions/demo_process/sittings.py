"""Rounds of the demonstration: arranged, open with sheets in, closed with minutes, tied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from payroll.actions.demo_process import words as said
from payroll.actions.demo_process.stage import HR, Stage
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.round_arrange import Sitting, arrange_round
from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.actions.sheet_save import save_sheet
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.panels.models import Round

#: Hours of a sitting: scores are taken from the first until the second.
_FROM, _UNTIL = 9, 18


@dataclass(frozen=True)
class Panel:
    """``people``: candidates by number, with what each of the judges gives them, out of a hundred."""

    judges: Sequence[str]
    people: Mapping[str, Sequence[int]]
    vacancies: int | None = None


class Sittings:
    def __init__(self, stage: Stage):
        self.stage = stage

    def closed(self, panel: Panel, arranged: date, held: date) -> None:
        """Arranged, declared, opened, scored and closed with minutes."""
        self.arranged(panel, arranged, held, held)
        self._opened(panel, held)
        for seat in range(len(panel.judges)):
            self.stage.on(held, partial(self._scored, panel, panel.people, seat))
        self.stage.on(
            held,
            lambda on: close_round(
                access=self.stage.acting(HR, on), round_id=self._round(panel).pk, minutes=said.MINUTES,
                now=self.stage.at(on, _UNTIL - 1),
            ),
        )  # fmt: skip

    def open(self, panel: Panel, arranged: date, held: date, until: date, unfilled: str) -> None:
        """Open still: everybody but the first judge has handed in; the first a draft, and nothing for ``unfilled``."""
        self.arranged(panel, arranged, held, until)
        self._opened(panel, held)
        for seat in range(1, len(panel.judges)):
            self.stage.on(held, partial(self._scored, panel, panel.people, seat))
        rest = {number: points for number, points in panel.people.items() if number != unfilled}
        self.stage.on(held, partial(self._scored, panel, rest, 0))

    def arranged(self, panel: Panel, arranged: date, held: date, until: date) -> None:
        """Arranged alone, for a day to come or one that the others go on from."""

        def act(on: date) -> None:
            rows = [self.stage.application(number) for number in panel.people]
            place = rows[0].department
            while place.parent is not None and place.head_id is None:
                place = place.parent
            sitting = Sitting(
                place, self.stage.at(held, _FROM), self.stage.at(until, _UNTIL), "三楼 302 会议室", panel.vacancies
            )
            judges = [self.stage.account(number).pk for number in panel.judges]
            arrange_round(
                access=self.stage.acting(HR, on), sitting=sitting, applications=[row.pk for row in rows],
                judges=judges, now=self.stage.at(on, _FROM),
            )  # fmt: skip

        self.stage.on(arranged, act)

    def _opened(self, panel: Panel, held: date) -> None:
        def act(on: date) -> None:
            found, now = self._round(panel), self.stage.at(on, _FROM)
            for number in panel.judges:
                declare(access=self.stage.acting(number, on), round_id=found.pk, conflict=False, now=now)
            open_round(access=self.stage.acting(HR, on), round_id=found.pk, now=now)

        self.stage.on(held, act)

    def _scored(self, panel: Panel, people: Mapping[str, Sequence[int]], seat: int, on: date) -> None:
        found, now = self._round(panel), self.stage.at(on, _FROM + 2, 10 + seat)
        access = self.stage.acting(panel.judges[seat], on)
        order = dict(found.candidates.values_list("application__employee__employee_no", "ordinal"))
        for number, points in people.items():
            given = spread(found.sheet, points[seat])
            last = len(panel.people) > len(people) and number == list(people)[-1]
            (save_sheet if last else submit_sheet)(
                access=access, round_id=found.pk, ordinal=order[number], points=given,
                comment=said.COMMENTS[(seat + order[number]) % len(said.COMMENTS)], typed=now, now=now,
            )  # fmt: skip

    def _round(self, panel: Panel) -> Round:
        first = next(iter(panel.people))
        found: Round = Round.objects.filter(candidates__application__employee__employee_no=first).latest("pk")
        return found


def spread(sheet: Sequence[Mapping[str, str]], total: int) -> dict[str, str]:
    """A total of a hundred, over the lines of a sheet by what each is out of."""
    whole = sum(Decimal(line["of"]) for line in sheet)
    given = {line["key"]: int(Decimal(line["of"]) * total / whole) for line in sheet}
    left = int(total * whole / 100) - sum(given.values())
    for line in sheet:
        more = min(left, int(Decimal(line["of"])) - given[line["key"]])
        given[line["key"]] += more
        left -= more
    return {key: str(points) for key, points in given.items()}
