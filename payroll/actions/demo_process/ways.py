"""How somebody of the demonstration goes the way of a promotion, act by act; each puts down one act with its day."""

from __future__ import annotations

from datetime import date

from payroll.actions.demo_process import words as said
from payroll.actions.demo_process.stage import GM, HR, Stage
from promotion.applications.actions.decide import approve
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.opine import opine
from promotion.applications.actions.review import review
from promotion.applications.actions.submit import submit
from promotion.applications.attesting import Answer, asked_at
from promotion.applications.models import Application
from promotion.notices.actions.notice_end import end_due_notices
from promotion.notices.actions.notice_post import post_notice


class Ways:
    """``heads``: who reviews, by the first letter of a person's number."""

    HEADS = {"K": "G0007", "S": "G0008", "Q": "G0010", "O": "G0011"}

    def __init__(self, stage: Stage):
        self.stage = stage

    def draft(self, number: str, day: date) -> None:
        self.stage.on(day, lambda on: self._write(number, on))

    def hand_in(self, number: str, day: date) -> None:
        def act(on: date) -> None:
            submit(access=self.stage.acting(number, on), application=self._write(number, on))

        self.stage.on(day, act)

    def opinion(self, number: str, by: str, day: date) -> None:
        def act(on: date) -> None:
            row = self.stage.application(number)
            opine(
                access=self.stage.acting(by, on), application=row, words=chosen(said.OPINIONS, number),
                answers=all_met(row, "opinion"),
            )  # fmt: skip

        self.stage.on(day, act)

    def review(self, number: str, day: date) -> None:
        def act(on: date) -> None:
            row = self.stage.application(number)
            review(
                access=self.stage.acting(self.HEADS[number[0]], on), application=row, words=said.REVIEWED,
                answers=all_met(row, "review"),
            )  # fmt: skip

        self.stage.on(day, act)

    def approve(self, number: str, day: date, words: str = said.APPROVED) -> None:
        self.stage.on(
            day,
            lambda on: approve(
                access=self.stage.acting(GM, on), application=self.stage.application(number), words=words
            ),
        )

    def post(self, numbers: tuple[str, ...], day: date) -> None:
        def act(on: date) -> None:
            rows = [self.stage.application(number).pk for number in numbers]
            post_notice(access=self.stage.acting(HR, on), applications=rows)

        self.stage.on(day, act)

    def end_notices(self, day: date) -> None:
        self.stage.on(day, lambda on: end_due_notices(access=self.stage.system(on)))

    def _write(self, number: str, on: date) -> Application:
        access = self.stage.acting(number, on)
        row = open_draft(access=access)
        return save_draft(
            access=access, application=row, summary=chosen(said.SUMMARIES, number), results=chosen(said.RESULTS, number)
        )


def all_met(row: Application, step: str) -> dict[str, Answer]:
    """Every clause that is asked at the step, found met, each for a reason of its own."""
    return {clause.number: Answer(True, said.MET[at % len(said.MET)]) for at, clause in enumerate(asked_at(row, step))}


def chosen(texts: tuple[str, ...], number: str) -> str:
    """The same for the same person each time."""
    return texts[int(number[1:]) % len(texts)]
