"""What the page of processes says of one application, in plain Python that knows no table and no action of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

OWN, HEAD, HR, MANAGERS = "K2032", "K1000", "hr", ("gm", "gm-two")
#: ``K1000`` is a general manager too, who has always advised before it comes to a decision.
EVERYBODY = (OWN, "K1001", HEAD, "K1002", "K2031", HR, "hr-two", "payroll", *MANAGERS, "auditor", "operator")
EMPLOYEES = ("K1001", HEAD, "K1002", "K2031")
UNSETTLED = ("draft", "nominated", "open", "returned")
#: Steps at which somebody has a number of days, by the readings of the version.
TIMED = ("review", "decision")
#: The last act of the timeline that moved it, by where it stands.
ENDINGS = {
    "draft": {"opened", "accepted"}, "nominated": {"nominated"}, "returned": {"returned"}, "withdrawn": {"withdrawn"},
    "declined": {"declined"}, "halted": {"halted"}, "effective": {"effective"},
    "review": {"submitted", "upheld"}, "defence": {"reviewed", "submitted", "upheld"}, "decision": {"passed", "upheld"},
    "public_notice": {"approved"}, "effect": {"cleared"},
}  # fmt: skip


@dataclass
class Paper:
    """``round``: empty, arranged or open. ``ends_on`` is there while a notice is posted; ``objectors`` wait for an answer.
    ``refused_by`` and ``refused_on`` are of the newest decline, ``appeal`` is empty, open or settled of it.
    """

    kind: str
    process: tuple[str, ...]
    state: str
    step: str = ""
    attempt: int = 0
    written: bool = False
    round: str = ""
    ends_on: date | None = None
    objectors: list[str] = field(default_factory=list)
    answered_on: date | None = None
    effective_on: date | None = None
    refused_by: str = ""
    refused_on: date = date.min
    refused_at: str = ""
    appeal: str = ""

    @property
    def unsettled(self) -> bool:
        return self.state in UNSETTLED

    def at(self, step: str) -> bool:
        return self.state == "open" and self.step == step

    def onward(self) -> None:
        self.step = self.process[self.process.index(self.step) + 1]

    def hand_in(self) -> None:
        self.state, self.step, self.attempt = "open", self.process[1], self.attempt + 1

    def decline(self, by: str, day: date) -> None:
        self.refused_by, self.refused_on, self.refused_at, self.appeal = by, day, self.step, ""
        self.end("declined")

    def reopen(self) -> None:
        self.state, self.step, self.attempt = "open", self.refused_at, self.attempt + 1

    def end(self, state: str) -> None:
        self.state, self.step = state, ""

    def may_be_withdrawn(self) -> bool:
        undecided = self.process[: self.process.index("decision") + 1]
        return self.state in ("draft", "returned") or (self.state == "open" and self.step in undecided)

    def may_be_returned(self) -> bool:
        before = self.process[: self.process.index("decision")]
        return self.state == "open" and self.step in before and self.kind != "skip" and not self.round

    def night(self, day: date) -> None:
        """The notice ends the day after its last, unless somebody objects; the effect waits for the first of a month."""
        if self.at("public_notice") and self.ends_on is not None and self.ends_on < day and not self.objectors:
            ended = max(self.ends_on, self.answered_on or self.ends_on)
            self.effective_on = max(first_after(ended), first_not_before(day))
            self.ends_on = None
            self.onward()
        if self.at("effect") and self.effective_on is not None and self.effective_on <= day:
            self.end("effective")


def first_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def first_not_before(day: date) -> date:
    return day if day.day == 1 else first_after(day)


def newest(papers: Sequence[Paper]) -> Paper | None:
    """The one that is not settled, else the last that was begun: an older one may have been opened again."""
    return next((one for one in papers if one.unsettled), papers[-1] if papers else None)
