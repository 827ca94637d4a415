"""Clauses that a plan's goals may name: the policy's own."""

from __future__ import annotations

from assessment.models import Case
from policy.selectors import checked


def goals_of(case: Case) -> dict[str, str]:
    """Number → the source's words: the clauses of demotion, then what is measured on the ways up, of the case's version."""
    ladder = checked(case.version, {}).ladder
    if ladder is None:
        return {}
    found = {clause.number: clause.text for clause in ladder.demotions}
    for step in ladder.steps:
        for clause in (one for one in step.clauses if one.rules):
            found.setdefault(clause.number, clause.text)
    return found
