"""What an application's own version says of its way: the transition, its steps and their deadlines. Reads no table."""

from __future__ import annotations

from collections.abc import Mapping

from policy.language.checked import Checked, ProcessStep, Step
from policy.models import PolicyVersion
from policy.selectors import checked
from promotion.applications.models import EFFECT, Application
from promotion.applications.models import NOTICE as NOTICE

APPLICATION, OPINION, REVIEW, EXAM, LETTER = "application", "opinion", "review", "exam", "written_notice"
#: Steps that a panel judges.
PANELS = ("interview", "verification", "defence", "competition")
#: No step waits there: an exam is passed before anybody is eligible, and the letter is printed once the promotion stands in
#: the ledger, so that nobody's effect waits for a sheet of paper.
_NO_WAITING = (EXAM, LETTER)


def policy_of(application: Application) -> Checked:
    """The version's document with its values."""
    return checked(application.version, application.values)


def transition_of(application: Application) -> Step:
    """Raises ``LookupError`` where the version knows no such transition."""
    return transition_to(application.version, application.values, application.to_tier)


def transition_to(version: PolicyVersion, values: Mapping[str, str], to_tier: str) -> Step:
    """The promotion that leads to the tier. Raises ``LookupError`` where the version has none."""
    ladder = checked(version, values).ladder
    found = next((step for step in ladder.steps if step.target == to_tier), None) if ladder else None
    if found is None:
        raise LookupError(to_tier)
    return found


def names_of(transition: Step) -> list[str]:
    """The steps at which an application may stand, in order, ``EFFECT`` last."""
    return [name for name in transition.process if name not in _NO_WAITING] + [EFFECT]


def by_confirmation(transition: Step) -> bool:
    """Whether HR's confirmation of the exam opens it, and the person files nothing."""
    return EXAM in transition.process and APPLICATION not in transition.process


def first_step(process: list[str]) -> str:
    """Where it stands once it is handed in."""
    return next(name for name in process if name != APPLICATION)


def next_step(process: list[str], step: str) -> str:
    """Raises ``LookupError`` at the end, and for a step that it does not have."""
    if step not in process[:-1]:
        raise LookupError(step)
    return process[process.index(step) + 1]


def step_of(application: Application, name: str) -> ProcessStep | None:
    """What the document says of the step; None of the effect, which no document names."""
    return (
        policy_of(application).process_step(transition_of(application), name) if name in _named(application) else None
    )


def clause_of(application: Application, name: str) -> str:
    """The clause of the document that the step rests on; empty where it names none."""
    step = step_of(application, name)
    return step.clause if step else ""


def days_of(application: Application, name: str) -> int | None:
    """Within how many working days the step is to be done. A notice's days are its length, and no deadline of anybody's."""
    step = step_of(application, name) if name != NOTICE else None
    return step.days if step else None


def clauses_to_name(application: Application) -> list[str]:
    """The clauses by which it can be declined: the transition's, those of its steps, and the clauses of demotion."""
    policy, transition = policy_of(application), transition_of(application)
    steps = [clause_of(application, name) for name in application.process]
    demotions = policy.ladder.demotions if policy.ladder else ()
    every = [*(c.number for c in transition.clauses), *steps, *(c.number for c in demotions)]
    return list(dict.fromkeys(number for number in every if number))


def _named(application: Application) -> frozenset[str]:
    return frozenset(policy_of(application).process)
