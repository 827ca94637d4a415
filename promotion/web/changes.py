"""What changed since the month before, in words: who, and which clause or fact it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from policy.compiler import Finding, Verdict, findings, label
from promotion.sweep.board import Board, Change, Side, Tally
from promotion.web.matrix import rule_of, seen_words
from promotion.web.tiers import say, tier_views
from staff.kernel.periods import Month

#: Kind → its heading and tone, in the order in which they are told.
KINDS: dict[str, tuple[Any, str]] = {
    "triggered": (gettext_lazy("Newly triggered"), "bad"),
    "eligible": (gettext_lazy("Newly eligible"), "good"),
    "no_longer": (gettext_lazy("No longer eligible"), ""),
    "waiting": (gettext_lazy("Newly waiting"), ""),
    "cleared": (gettext_lazy("No longer triggered"), ""),
    "moved": (gettext_lazy("People who moved"), ""),
    "left": (gettext_lazy("No longer judged"), ""),
}
#: Names told of each kind, and clauses told of each person; the rest is a link away.
NAMED, _CLAUSES = 6, 2


@dataclass(frozen=True, slots=True)
class Told:
    """A person and why."""

    employee_no: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change. ``rest`` is how many are not named; ``listed`` whether the table can show them."""

    key: str
    heading: Any
    tone: str
    people: int
    told: tuple[Told, ...]

    @property
    def rest(self) -> int:
        return self.people - len(self.told)

    @property
    def listed(self) -> bool:
        return self.key != "left"


def changes_told(board: Board, tally: Tally, departments: Mapping[int, str]) -> list[Kind]:
    """The kinds that there are, with names and reasons. One query where anything changed."""
    if not board.compared or not tally.changes:
        return []
    told: dict[str, list[Told]] = {}
    for change in board.changes(NAMED):
        why = pgettext("list", ", ").join(islice(_why(change, board.month, departments), _CLAUSES))
        told.setdefault(change.kind, []).append(Told(change.employee_no, change.name, why))
    return [
        Kind(key, heading, tone, tally.changes[key], tuple(told.get(key, ())))
        for key, (heading, tone) in KINDS.items()
        if tally.changes[key]
    ]


def _why(change: Change, month: Month, departments: Mapping[int, str]) -> Iterator[str]:
    now, before = change.now, change.before
    if now is None:
        yield _left(change)
    elif change.kind == "moved":
        yield from _moved(change, now, month, departments)
    elif change.kind == "cleared" and before is not None:
        fired = {
            place for place, finding in _found(before, month.previous, trigger=True) if finding.verdict is Verdict.MET
        }
        yield from (_words(finding) for place, finding in _found(now, month, trigger=True) if place in fired)
    elif change.kind == "triggered":
        yield from _turned(now, before, month, Verdict.MET, trigger=True)
    elif change.kind == "eligible":
        yield from _turned(now, before, month, Verdict.MET)
    elif change.kind == "waiting":
        yield from _turned(now, before, month, Verdict.UNKNOWN)
    else:
        yield from _turned(now, before, month, Verdict.UNMET)
        yield from _turned(now, before, month, Verdict.UNKNOWN)


def _left(change: Change) -> str:
    if change.left_on is None:
        return _("no longer under a ladder")
    return _("left after %(day)s") % {"day": f"{change.left_on:%m-%d}"}


def _moved(change: Change, now: Side, month: Month, departments: Mapping[int, str]) -> Iterator[str]:
    before = change.before
    if before is None:
        hired = Month.of(change.hired_on) == month
        yield _("joined on %(day)s") % {"day": f"{change.hired_on:%m-%d}"} if hired else _("judged for the first time")
        return
    if before.step.applied.version.key != now.step.applied.version.key:
        yield _("now under %(policy)s") % {"policy": now.step.applied.version.title}
    elif before.step.tier != now.step.tier:
        tier = tier_views(now.step.applied.statement.ladder)[now.step.tier].name
        yield _("%(tier)s since %(day)s") % {"tier": tier, "day": f"{now.tier_since:%m-%d}"}
    if before.department_id != now.department_id:
        yield _("now in %(department)s") % {"department": departments.get(now.department_id, "—")}


def _turned(now: Side, before: Side | None, month: Month, verdict: Verdict, *, trigger: bool = False) -> Iterator[str]:
    """The rules that say ``verdict`` now and did not, or were not asked, a month ago."""
    same = before is not None and before.step.tier == now.step.tier
    earlier = dict(_found(before, month.previous, trigger=trigger)) if same and before else {}
    for place, finding in _found(now, month, trigger=trigger):
        then = earlier.get(place)
        if finding.verdict is verdict and (then is None or then.verdict is not verdict):
            yield _words(finding)


def _found(side: Side, month: Month, *, trigger: bool) -> Iterator[tuple[tuple[str, str], Finding]]:
    explained = findings(side.step.applied.statement, side.row, month)
    for finding in explained.triggers if trigger else explained.conditions:
        if finding.rule is not None and not rule_of(finding).by_process:
            yield (finding.clause.number, finding.rule), finding


def _words(finding: Finding) -> str:
    """``四.2.9 投诉 2``, or which month of what is missing."""
    given = {"clause": finding.clause.number, "what": say(label(rule_of(finding)))}
    if finding.verdict is Verdict.UNKNOWN and finding.missing:
        months = pgettext("list", ", ").join(str(month) for month in finding.missing[-_CLAUSES:])
        return _("%(clause)s %(what)s: %(months)s missing") % {**given, "months": months}
    return _("%(clause)s %(what)s %(seen)s") % {**given, "seen": seen_words(finding)}
