"""The points that a row of the grid yields, for its page and for its script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import ngettext, pgettext

from assessment.selectors.points import Points, points_now
from assessment.web.own_result_words import grade_name, words
from policy.language.nodes import plain_number
from staff.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class PointsShown:
    """``told`` is the total, or the stars of a policy that gives no points, or that something is missing. ``items`` are (name,
    points or nothing, full marks). ``of``: full marks of the total, empty where it is no sum.
    """

    told: str
    of: str
    grade: str
    items: tuple[tuple[str, str, str], ...]

    def wire(self) -> dict[str, Any]:
        """As the grid's script takes it."""
        return {"told": self.told, "grade": self.grade, "items": [got for _name, got, _of in self.items]}


def points_shown(month: Month, people: Iterable[Any]) -> dict[int, PointsShown]:
    """Employee's id → points; none for whoever is exempt or under no scorecard. ``people`` are of ``entered_by``."""
    found = points_now(month, {person.pk: person.placed for person in people})
    return {pk: _shown(points) for pk, points in found.items() if points.counts}


def points_wired(month: Month, people: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """Employee no. → points, for the script."""
    numbers = {person.pk: person.employee_no for person in people}
    shown = points_shown(month, people)
    return {numbers[pk]: one.wire() for pk, one in shown.items()}


def stars_alone(found: Mapping[int, PointsShown]) -> bool:
    """Whether there are no points at all to speak of."""
    return not any(one.items for one in found.values())


def full_marks(found: Mapping[int, PointsShown]) -> str:
    """What the totals are of, where that is the same for everybody."""
    sums = {one.of for one in found.values()}
    return sums.pop() if len(sums) == 1 else ""


def _shown(points: Points) -> PointsShown:
    document = points.checked
    card = document.scorecard
    return PointsShown(
        told=_told(points),
        of=_number(card.full_marks if card else None),
        grade=grade_name(document, points.grade),
        items=tuple(
            (words(item.names) or str(item.key), _number(points.items.get(item.key)), plain_number(item.of))
            for item in (card.items if card else ())
        ),
    )


def _told(points: Points) -> str:
    if points.stars is not None:
        return ngettext("%(n)s star", "%(n)s stars", points.stars) % {"n": points.stars}
    return _number(points.total) or pgettext("intake", "waits")


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain_number(value)
