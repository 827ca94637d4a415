"""A ladder as it is drawn: treads with what they pay, the way from each to the next, the ways down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policy.compiler.process import short_lines
from policy.compiler.say import sentence
from policy.language import Checked
from policy.language import typed as t
from policy.language.checked import Clause, Step
from policy.web.process import PROCESS
from policy.web.tiers import TierView, say, tier_views


@dataclass(frozen=True, slots=True)
class Chip:
    """A clause in the drawing: its number, and where its words stand on the page."""

    number: str
    anchor: str
    judged: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the process in the drawing: its name, what there is room for, and where all of it stands on the page."""

    name: str
    anchor: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """From a tier to the next: the steps of its process in order, and its clauses."""

    source: TierView
    target: TierView
    process: tuple[Stop, ...]
    chips: tuple[Chip, ...]

    @property
    def measured(self) -> int:
        return sum(not chip.judged for chip in self.chips)

    @property
    def judged(self) -> int:
        return sum(chip.judged for chip in self.chips)


@dataclass(frozen=True, slots=True)
class Tread:
    """A tier. ``way`` is what leads up to it, None at the foot; ``people`` is None where nobody says how many hold it."""

    tier: TierView
    pay: str
    way: Way | None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    treads: tuple[Tread, ...]
    down: tuple[Chip, ...] = field(default=())

    @property
    def ways(self) -> tuple[Way, ...]:
        return tuple(tread.way for tread in self.treads if tread.way)


def drawn(checked: Checked, people: Mapping[str, int] | None = None) -> Drawn | None:
    """None where the policy has no ladder. ``people``: tier → how many hold it."""
    ladder = checked.ladder
    if ladder is None:
        return None
    views = tier_views(ladder)
    ways = {
        str(step.target): Way(
            views[str(step.source)],
            views[str(step.target)],
            tuple(_stop(checked, step, name) for name in step.process),
            _chips(step.clauses, f"step-{step.target}"),
        )
        for step in ladder.steps
    }
    pay = _pay(checked)
    treads = tuple(
        Tread(view, pay.get(key, ""), ways.get(key), None if people is None else people.get(key, 0))
        for key, view in views.items()
    )
    return Drawn(treads, _chips(ladder.demotions, "demotion"))


def _stop(checked: Checked, step: Step, name: str) -> Stop:
    at = list(checked.process).index(name) + 1
    facts = short_lines(checked.process_step(step, name))
    return Stop(str(PROCESS[name]), f"process-{at}", tuple(say(line) for line in facts))


def _chips(clauses: Iterable[Clause], section: str) -> tuple[Chip, ...]:
    return tuple(
        Chip(clause.number, f"{section}-{at}", clause.attest is not None) for at, clause in enumerate(clauses, 1)
    )


def _pay(checked: Checked) -> dict[str, str]:
    """Tier → what a component of pay gives by the tier alone: lines of the kind ``amount if tier = star``."""
    found: dict[str, str] = {}
    for component in checked.pay:
        lines = component.amount.lines if isinstance(component.amount, t.Choice) else ()
        for value, when in lines:
            tier = _tier_of(when)
            if tier and isinstance(value, t.Const) and value.unit != "none":
                found[tier] = say(sentence(value, checked))
    return found


def _tier_of(when: t.Typed | None) -> str:
    if not isinstance(when, t.Compare) or when.op != "=" or not isinstance(when.right, t.Const) or not when.right.tier:
        return ""
    return str(when.right.value)
