"""Results that could not be brought up to date: of which policy, what of its statement fails, and what is to be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from assessment.models import Assessed, Level
from assessment.selectors.results import query_over
from policy.compiler import compile_month
from policy.language import Checked, Faults
from policy.language.scorecard import MOST_POINTS
from policy.selectors import Governed, policy_named
from staff.kernel.periods import Month
from staff.kernel.words import in_english

#: What fails, as ``Assessed.failure`` has it; ``item:`` is followed by the item's key.
ITEM, RESULTS, CASES, SIZE, PERIOD = "item:", "results", "cases", "size", "period"


@dataclass(frozen=True, slots=True)
class Failure:
    """``words`` say which policy and month, what of it, and what is to be done."""

    policy: str
    month: Month
    words: str


def failures(until: Month, policies: Iterable[str] | None = None, level: Level | None = None) -> list[Failure]:
    """Of every period up to the month, the earliest first; ``policies``, ``level``: of these alone. One query."""
    rows = Assessed.objects.exclude(failure="").filter(month__lte=until).order_by("month", "policy", "level")
    if policies is not None:
        rows = rows.filter(policy__in=list(policies))
    if level is not None:
        rows = rows.filter(level=level)
    return failures_among(rows)


def failures_among(states: Iterable[Assessed]) -> list[Failure]:
    """Those of them that failed when they were last tried."""
    return [Failure(row.policy, row.month, _words(row)) for row in states if row.failure]


def _words(row: Assessed) -> str:
    said = {"policy": _title(row.policy), "month": row.month, "part": _part(row)}
    told = _(
        "%(policy)s, %(month)s: %(part)s. Its results stay as they were, and later months wait. Correct the values or events "
        "that it rests on, or the lines of the policy in a draft; every assessment tries again."
    )
    return told % said


def _part(row: Assessed) -> str:
    if row.failure.startswith(ITEM):
        key = row.failure.removeprefix(ITEM)
        said = {"item": _item(row.policy, key) or key}
        return _("the points of “%(item)s” come to more than a result can hold") % said
    return {
        RESULTS: _("total, grade or stars cannot be computed: a number is beyond all bounds"),
        CASES: _("its cases cannot be computed: a number is beyond all bounds"),
        SIZE: _("somebody's total has more than ten digits, or their stars are more than 32767"),
    }.get(row.failure, _("the results of the quarter or year cannot be computed: a number is beyond all bounds"))


def _named(policy: str) -> Checked | None:
    try:
        return policy_named(policy)
    except (KeyError, Faults):
        return None


def _title(policy: str) -> str:
    found = _named(policy)
    return policy if found is None else (found.title.en if in_english() else found.title.zh)


def _item(policy: str, key: str) -> str:
    found = _named(policy)
    items = found.scorecard.items if found and found.scorecard else ()
    names = next((item.names for item in items if item.key == key), None)
    return "" if names is None else (names.en if in_english() else names.zh)


def failing_part(governed: Iterable[Governed], month: Month) -> str:
    """What of a policy's statement of a month cannot be computed, or comes to more than a result holds: part after part is
    tried alone. ``SIZE`` where each is well by itself.
    """
    for each in governed:
        for name, checked in _parts(each.checked):
            statement = compile_month(checked)
            query = query_over(statement, each.version.key, month, each.department_ids, adoptions=each.adoption_ids)
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(q::text), max(abs(q.total)) FROM ({query.sql}) q", query.params)
                    _all, highest = cursor.fetchone()
            except DataError:
                return name
            if name.startswith(ITEM) and highest is not None and highest > MOST_POINTS:
                return name
    return SIZE


def _parts(checked: Checked) -> Iterator[tuple[str, Checked]]:
    card = checked.scorecard
    if card is None:
        return
    bare = replace(card, items=(), grade=None, stars=None)
    yield RESULTS, replace(checked, scorecard=bare, cases=())
    for item in card.items:
        yield f"{ITEM}{item.key}", replace(checked, scorecard=replace(bare, items=(item,)), cases=())
    yield RESULTS, replace(checked, cases=())
    yield CASES, checked
