"""What the address of the board asks for, and the choices that its form offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from policy.compiler import Verdict, label
from promotion.admin.tiers import OUTCOMES
from promotion.sweep.board import ANY_CHANGE, CHANGES, Applied, Board, Narrowing, Tally
from promotion.web.changes import KINDS
from promotion.web.tiers import TierView, say, tier_views
from staff.models import Department
from staff.selectors.department_tree import below

_OUTCOMES = {view.key: number for number, view in OUTCOMES.items()}
_VERDICTS = {str(verdict): verdict for verdict in (Verdict.UNMET, Verdict.UNKNOWN, Verdict.MET)}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Chosen:
    """The words of the address; what means nothing is empty."""

    outcome: str = ""
    tier: str = ""
    department: str = ""
    clause: str = ""
    verdict: str = ""
    changed: str = ""
    words: str = ""

    @classmethod
    def of(cls, asked: QueryDict) -> Chosen:
        def known(name: str, options: Iterable[str]) -> str:
            return value if (value := asked.get(name, "")) in options else ""

        return cls(
            outcome=known("outcome", _OUTCOMES),
            tier=asked.get("tier", ""),
            department=asked.get("department", ""),
            clause=asked.get("clause", ""),
            verdict=known("verdict", _VERDICTS) if asked.get("clause") else "",
            changed=known("changed", (ANY_CHANGE, *CHANGES)),
            words=asked.get("q", "").replace("\0", "").strip()[:_LONGEST],
        )

    @property
    def any(self) -> bool:
        return self != Chosen()

    def narrowing(self, departments: list[Department]) -> Narrowing:
        """The same for the selector. A department that the reader does not see holds nobody."""
        root = next((one.pk for one in departments if str(one.pk) == self.department), None)
        inside = frozenset(below(departments, root)) if root else frozenset[int]()
        return Narrowing(
            outcome=_OUTCOMES.get(self.outcome),
            tier=_pair(self.tier),
            departments=inside if self.department else None,
            words=self.words,
            clause=_pair(self.clause),
            verdict=_VERDICTS.get(self.verdict),
            changed=self.changed,
        )


def _pair(value: str) -> tuple[str, str] | None:
    policy, _colon, rest = value.partition(":")
    return (policy, rest) if value else None


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading: (value, words)."""

    heading: str
    options: tuple[tuple[str, str], ...]


def tier_groups(board: Board) -> list[Group]:
    """The tiers of each ladder."""
    found = []
    for one in _policies(board):
        views = tier_views(one.statement.ladder)
        found.append(
            Group(one.version.title, tuple((f"{one.version.key}:{key}", view.name) for key, view in views.items()))
        )
    return found


def clause_groups(board: Board) -> list[Group]:
    """The clauses that are measured: of each step, then those of demotion."""
    found = []
    for one in _policies(board):
        ladder, views, told = one.statement.ladder, tier_views(one.statement.ladder), set[str]()
        parts = [(step_words(views, str(step.source), str(step.target)), step.clauses) for step in ladder.steps]
        for heading, clauses in [*parts, (_("Demotion"), ladder.demotions)]:
            options = []
            for clause in clauses:
                rules = [rule for rule in clause.rules if not rule.by_process]
                if rules and clause.number not in told:
                    told.add(clause.number)
                    subjects = dict.fromkeys(say(label(rule)) for rule in rules)
                    options.append((f"{one.version.key}:{clause.number}", f"{clause.number} {' · '.join(subjects)}"))
            if options:
                found.append(Group(heading, tuple(options)))
    return found


def step_words(views: dict[str, TierView], source: str, target: str) -> str:
    return f"{views[source].name} → {views[target].name}"


def change_options(board: Board, tally: Tally) -> list[tuple[str, Any]]:
    if not board.compared:
        return []
    return [
        (ANY_CHANGE, _("outcome changed: %(n)s") % {"n": tally.changed}),
        *((key, f"{heading} {tally.changes[key]}") for key, (heading, _tone) in KINDS.items() if key != "left"),
    ]


def verdict_options() -> list[tuple[str, str]]:
    return [("unmet", _("unmet")), ("unknown", _("waiting for data")), ("met", _("met"))]


def _policies(board: Board) -> list[Applied]:
    """One of each policy: the latest version by which anybody was judged."""
    latest: dict[str, Applied] = {}
    for step in board.steps:
        latest.setdefault(step.applied.version.key, step.applied)
    return list(latest.values())
