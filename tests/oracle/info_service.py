"""信息客服晋升体制管理制度, clause by clause, for one person and one month: slow, plain, from the policy's text alone.

What a missing month could be is not reasoned about but tried: a rule is judged on every completion of the missing values,
and is unknown where two completions disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from tests.oracle.records import TIERS, Fact, Person, Step, first_day, last_day, month_number, month_text

Value = int | str | None


@dataclass(frozen=True)
class Finding:
    """One rule of a clause; ``rule`` is None for an attestation."""

    clause: str
    rule: str | None
    observed: Value
    threshold: Value
    verdict: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    tier: str
    outcome: str
    target: str | None
    conditions: tuple[Finding, ...]
    triggers: tuple[Finding, ...]


def judge(person: Person, month: int) -> Judgement | None:
    """What the policy says of a person as of a month; None where the person is not swept."""
    evaluation_day = last_day(month)
    employed = person.hired_on <= evaluation_day and (person.left_on is None or person.left_on > evaluation_day)
    step = step_on(person, evaluation_day)
    if not employed or step is None or not step.tier:
        return None
    return Case(person, month, step).judgement()


def step_on(person: Person, day: date) -> Step | None:
    """The line of the ledger that holds on a day; of two on one day the later written."""
    held = None
    for step in person.steps:
        if step.day <= day and (held is None or step.day >= held.day):
            held = step
    return held


def stands(person: Person, step: Step) -> bool:
    """Whether no later written line of the same day takes its place."""
    return step is [s for s in person.steps if s.day == step.day][-1]


class Case:
    """One person as of one month."""

    def __init__(self, person: Person, month: int, step: Step) -> None:
        self.person, self.month, self.tier, self.tier_since = person, month, step.tier, step.day
        self.evaluation_day = last_day(month)
        # Triggers that a demotion has answered do not fire again.
        demoted = [
            s.day for s in person.steps if s.kind == "demotion" and s.day <= self.evaluation_day and stands(person, s)
        ]
        self.triggers_from = max(demoted, default=person.hired_on)
        self.away = {
            absence.first_day + timedelta(days=n)
            for absence in person.absences
            for n in range((absence.last_day - absence.first_day).days + 1)
        }

    # Outcome

    def judgement(self) -> Judgement:
        place = TIERS.index(self.tier)
        above = TIERS[place + 1] if place + 1 < len(TIERS) else None
        below = TIERS[place - 1] if place else None
        conditions, triggers = tuple(self.conditions(above)), tuple(self.triggers())
        outcome = self.outcome(conditions, triggers, above, below)
        return Judgement(self.tier, outcome, below if outcome == "demotion_proposed" else above, conditions, triggers)

    def outcome(
        self, conditions: tuple[Finding, ...], triggers: tuple[Finding, ...], above: str | None, below: str | None
    ) -> str:
        if any(found.verdict == "met" for found in triggers):
            return "demotion_proposed" if below else "warning"
        if above is None:
            return "top"
        measured = [found.verdict for found in conditions if found.rule is not None]
        if "unmet" in measured:
            return "not_yet"
        return "waiting_for_data" if "unknown" in measured else "eligible"

    def conditions(self, target: str | None) -> Iterator[Finding]:
        if target == "star":
            yield from self.to_star()
        elif target == "diamond":
            yield from self.to_diamond()
        elif target == "crown":
            yield from self.to_crown()

    # 四: promotion

    def to_star(self) -> Iterator[Finding]:
        regularised = self.person.regularised_on
        yield Finding(
            "四.1.1",
            "regularised",
            regularised.isoformat() if regularised else None,
            self.evaluation_day.isoformat(),
            met(regularised is not None and regularised <= self.evaluation_day),
        )
        yield self.tenure("四.1.1", 3)
        for rule, kind in (("violations", "violation"), ("misconduct", "major_misconduct")):
            count = len(self.upheld(kind, self.person.hired_on))
            yield Finding("四.1.2", rule, count, 0, met(count == 0))
        yield from attestations("四.1", 3, 5)
        yield self.exam("四.1.6", "star")

    def to_diamond(self) -> Iterator[Finding]:
        yield self.tenure("四.2.1", 12)
        yield from attestations("四.2", 2, 6)
        months = self.counting(6)
        reported = [self.person.cases[m] for m in months if m in self.person.cases]
        verdict = over_completions(months, self.person.cases, lambda values: sum(values) >= 4)
        yield Finding("四.2.7", "cases", sum(reported), 4, verdict, self.missing(months, self.person.cases))
        yield self.customers("四.2.8", 6, 5)
        yield from self.clean("四.2.9")
        yield self.exam("四.2.10", "diamond")

    def to_crown(self) -> Iterator[Finding]:
        yield self.tenure("四.3.1", 24)
        yield from attestations("四.3", 2, 7)
        yield from self.clean("四.3.8")
        months = self.counting(12)
        holds = sum(self.person.cases.get(m, 0) >= 1 for m in months)
        verdict = over_completions(months, self.person.cases, lambda values: all(v >= 1 for v in values))
        yield Finding(
            "四.3.9",
            "cases",
            holds,
            len(months),
            verdict if months else "unknown",
            self.missing(months, self.person.cases),
        )
        yield self.customers("四.3.10", 12, 10)
        yield self.exam("四.3.11", "crown")

    def tenure(self, clause: str, threshold: int) -> Finding:
        months = completed_months(self.person.post_since or self.person.hired_on, first_day(self.month + 1))
        return Finding(clause, "tenure", months, threshold, met(months >= threshold))

    def customers(self, clause: str, months: int, threshold: int) -> Finding:
        """Different customers with a keyword on pages 1 to 3; an event that names no customer or was withdrawn is none."""
        found = {
            event.subject
            for event in self.events("keyword_online", self.window_start(months))
            if event.subject and event.status != "withdrawn" and event.quantity is not None and event.quantity <= 3
        }
        return Finding(clause, "customers", len(found), threshold, met(len(found) >= threshold))

    def clean(self, clause: str) -> Iterator[Finding]:
        complaints = len(self.upheld("complaint", self.window_start(12)))
        misconduct = len(self.upheld("major_misconduct", self.window_start(12)))
        yield Finding(clause, "complaints", complaints, 1, met(complaints <= 1))
        yield Finding(clause, "misconduct", misconduct, 0, met(misconduct == 0))

    def exam(self, clause: str, target: str) -> Finding:
        since = max(self.window_start(12), self.tier_since)
        passed = [e for e in self.events("exam", since) if e.subject == target and e.status == "passed"]
        return Finding(clause, "exam", len(passed), 1, met(len(passed) >= 1))

    # 八: demotion

    def triggers(self) -> Iterator[Finding]:
        yield self.dry()
        complaints = len(self.upheld("complaint", max(self.window_start(12), self.triggers_from)))
        yield Finding("八.2", "complaints", complaints, 2, met(complaints > 2))
        found = [
            event
            for event in self.person.events
            if event.kind == "major_misconduct"
            and event.status in ("", "upheld")
            and self.person.hired_on <= event.day
            and max(first_day(self.month), self.triggers_from) <= (event.decided_on or event.day) <= self.evaluation_day
        ]
        yield Finding("八.3", "misconduct", len(found), 1, met(len(found) >= 1))

    def dry(self) -> Finding:
        """Three calendar months running, ending at the month of the sweep, each with 0 keywords online."""
        months = [self.month - 2, self.month - 1, self.month]
        begun = month_number(self.triggers_from)
        counting = [m for m in self.counting(3) if m >= begun]
        run = 0
        for month in reversed(months):
            if month not in counting or self.person.online.get(month) != 0:
                break
            run += 1
        unbroken = counting == months
        verdict = over_completions(counting, self.person.online, lambda values: unbroken and not any(values))
        return Finding("八.1", "dry", run, 3, verdict, self.missing(counting, self.person.online))

    # Facts in time

    def window_start(self, months: int) -> date:
        return first_day(self.month - months + 1)

    def counting(self, months: int) -> list[int]:
        """Of the last months those that count: since the month of hire, and not wholly absent. Oldest first."""
        window = range(self.month - months + 1, self.month + 1)
        return [m for m in window if m >= month_number(self.person.hired_on) and not self.exempt(m)]

    def exempt(self, month: int) -> bool:
        length = (first_day(month + 1) - first_day(month)).days
        return all(first_day(month) + timedelta(days=n) in self.away for n in range(length))

    @staticmethod
    def missing(months: list[int], values: dict[int, int]) -> tuple[str, ...]:
        return tuple(month_text(m) for m in months if m not in values)

    def events(self, kind: str, since: date) -> list[Fact]:
        """Within employment, by date."""
        since = max(since, self.person.hired_on)
        return [e for e in self.person.events if e.kind == kind and since <= e.day <= self.evaluation_day]

    def upheld(self, kind: str, since: date) -> list[Fact]:
        return [event for event in self.events(kind, since) if event.status in ("", "upheld")]


def completed_months(since: date, instant: date) -> int:
    months = (instant.year * 12 + instant.month) - (since.year * 12 + since.month)
    return max(0, months - (1 if since.day > 1 else 0))


def met(holds: bool) -> str:
    return "met" if holds else "unmet"


def over_completions(months: list[int], values: dict[int, int], holds: Callable[[list[int]], bool]) -> str:
    """Judged on every completion of the missing months by nothing or by plenty: the rules here turn on no value between."""
    seen = set()
    for guess in product((0, 1000), repeat=sum(m not in values for m in months)):
        guesses = iter(guess)
        seen.add(holds([values[m] if m in values else next(guesses) for m in months]))
        if len(seen) == 2:
            return "unknown"
    return met(seen.pop())


def attestations(step: str, first: int, last: int) -> Iterator[Finding]:
    for number in range(first, last + 1):
        yield Finding(f"{step}.{number}", None, None, None, "unknown")
