"""Examples that HR can read, as records of the oracle: ``examples/*.yaml`` says how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.oracle.records import TIERS, Away, Fact, Person, Step, month_of

FOLDER = Path(__file__).parent / "examples"
KEYS = {
    "say", "like", "tier", "hired_on", "regularised_on", "post_since", "left_on", "tier_since", "steps", "cases", "online",
    "customers", "exams", "events", "absences", "outcome", "target", "rules",
}  # fmt: skip
CUSTOMERS_SINCE = date(2026, 6, 15)


@dataclass(frozen=True)
class Example:
    """``outcome`` None: no line. ``rules``: by key of a rule, or clause and key, what is observed, the verdict, and months."""

    say: str
    clause: str
    person: Person
    outcome: str | None
    target: str | None
    rules: dict[str, tuple[Any, str, tuple[str, ...]]]


def examples(name: str) -> tuple[int, list[Example]]:
    """The month of a file and its people, numbered in order."""
    document = YAML(typ="safe").load(FOLDER / f"{name}.yaml")
    month = month_of(document["as_of"])
    found: list[Example] = []
    for clause in document["examples"]:
        for people in clause["people"]:
            number = f"{name[0].upper()}{len(found):04d}"
            said = {**document["bases"][people["like"]], **people}
            if unknown := said.keys() - KEYS:
                raise ValueError(f"{people['say']}: what is {unknown}?")
            found.append(_example(number, clause["clause"], said, month))
    return month, found


def _example(number: str, clause: str, said: dict[str, Any], month: int) -> Example:
    outcome = None if said["outcome"] == "none" else said["outcome"]
    place = TIERS.index(said["tier"]) if said["tier"] else 0
    above = TIERS[place + 1] if place + 1 < len(TIERS) else None
    rules = {
        key: (rule[0], rule[1], tuple(map(str, rule[2:][0] if rule[2:] else ())))
        for key, rule in said.get("rules", {}).items()
    }
    return Example(said["say"], clause, _person(number, said, month), outcome, said.get("target", above), rules)


def _person(number: str, said: dict[str, Any], month: int) -> Person:
    steps = tuple(_step(text) for text in said.get("steps", ()))
    if not steps and said["tier"]:
        steps = (Step(said.get("tier_since", said["hired_on"]), said["tier"]),)
    customers = [
        Fact("keyword_online", CUSTOMERS_SINCE, subject=f"客户{n}", quantity=3) for n in range(said.get("customers", 0))
    ]
    exams = [
        Fact("exam", date.fromisoformat(day), _status(status), tier)
        for tier, day, status in map(str.split, said.get("exams", ()))
    ]
    return Person(
        number,
        said["hired_on"],
        regularised_on=said.get("regularised_on"),
        post_since=said.get("post_since"),
        left_on=said.get("left_on"),
        steps=steps,
        cases=_months(said.get("cases", ()), month),
        online=_months(said.get("online", ()), month),
        events=(*customers, *exams, *map(_event, said.get("events", ()))),
        absences=tuple(Away(*map(date.fromisoformat, text.split())) for text in said.get("absences", ())),
    )


def _months(values: list[Any], month: int) -> dict[int, int]:
    return {month - back: value for back, value in enumerate(reversed(values)) if value != "."}


def _step(text: str) -> Step:
    day, tier, kind = text.split()
    return Step(date.fromisoformat(day), tier, kind)


def _event(text: str) -> Fact:
    """``kind day status [subject [quantity]] [@decided_on]``; a status of ``-`` is empty."""
    words = text.split()
    decided = date.fromisoformat(words.pop()[1:]) if words[-1].startswith("@") else None
    kind, day, status, *rest = words
    subject = rest[0] if rest else ""
    quantity = int(rest[1]) if len(rest) > 1 else None
    return Fact(kind, date.fromisoformat(day), _status(status), subject, quantity, decided)


def _status(text: str) -> str:
    return "" if text == "-" else text
