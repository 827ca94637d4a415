"""What a notice says of its people and its policy. It takes clauses and steps from the document, and nothing measured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from promotion.applications.models import DECISION, NOTICE, Application, ApplicationKind
from promotion.applications.process import PANELS, policy_of, step_of, transition_of

#: A skip-level promotion stays posted so many times as long (a reading).
SKIP_FACTOR = 2
_MOST = 200


def days_posted(application: Application) -> int | None:
    """For how many working days it is posted; None where the document's number is a parameter without a value."""
    step = step_of(application, NOTICE)
    if step is None or step.days is None:
        return None
    return step.days * (SKIP_FACTOR if application.kind == ApplicationKind.SKIP else 1)


def clauses_of(application: Application) -> str:
    """The articles of the conditions, then those of the steps that were gone: ``四.2、五.2``. No clause's own result."""
    transition = transition_of(application)
    conditions = [_article(clause.number) for clause in transition.clauses]
    policy = policy_of(application)
    before = transition.process[: transition.process.index(DECISION)] if DECISION in transition.process else ()
    steps = [policy.process_step(transition, name).clause for name in before if name in (*PANELS, "exam")]
    if application.kind == ApplicationKind.SKIP:
        conditions = []
    found = [number for number in dict.fromkeys([*conditions, *steps]) if number]
    while len("、".join(found)) > _MOST:
        found.pop()
    return "、".join(found)


def digest_of(
    number: str, policy: str, version: int, posted_on: str, days: int, people: Iterable[Iterable[str]]
) -> str:
    """SHA-256 of what is posted; its last day is left out, as it may grow with the calendar."""
    posted: dict[str, Any] = {
        "number": number, "policy": policy, "version": version, "posted_on": posted_on, "days": days,
        "people": [list(person) for person in people],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(posted, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _article(number: str) -> str:
    """Of ``四.2.7`` the article ``四.2``; a number without parts stays."""
    head, _dot, _tail = number.rpartition(".")
    return head or number
