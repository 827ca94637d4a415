"""The general manager decides on a list in one act: each by itself, each with its own outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from promotion.applications.actions.decide import approve, decline_application
from promotion.applications.models import Application
from staff.kernel.access import Access, Refused, Thing, Verb


@dataclass(frozen=True, slots=True)
class Decision:
    """``key`` makes a repeated decision one decision; a decline names its clause."""

    application: Application
    approved: bool
    key: str
    words: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of one; ``refusal`` says why it was not done, and what to do."""

    application: Application
    done: bool
    refusal: str = ""
    code: str = ""


def decide_list(*, access: Access, decisions: Sequence[Decision]) -> list[Decided]:
    """In the order given. One that is refused leaves the others as they are. Raises ``Forbidden`` for who decides on none."""
    access.require(Thing.APPLICATION, Verb.DECIDE)
    return [_one(access, decision) for decision in decisions]


def _one(access: Access, decision: Decision) -> Decided:
    try:
        if decision.approved:
            found = approve(access=access, application=decision.application, words=decision.words, key=decision.key)
        else:
            found = decline_application(
                access=access, application=decision.application, words=decision.words, clause=decision.clause,
                key=decision.key,
            )  # fmt: skip
    except Refused as refused:
        return Decided(decision.application, False, refused.message, refused.code)
    return Decided(found, True)
