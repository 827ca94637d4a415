"""A draft's statement over a month that was swept, joined to the standings that are stored: who would stand otherwise.

The same statement as the sweep's, over the people's rows as they were read and the facts as they were known then; so an
unchanged draft changes nobody. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from policy.compiler import Explanation, Relation, SweepRow, findings
from policy.drafting.effects import NAMED, EffectRequest, TooLarge, TooLong, as_if, in_scope, patient_cursor
from policy.selectors import Governed, governing
from promotion.models import Run, RunState
from promotion.sweep.evaluation import EVIDENCE_COLUMNS, judged_as_known, statement_of, statement_text
from promotion.sweep.population import PERSON_COLUMNS, Population, population
from staff.kernel.periods import Month

_PERSON = ", ".join(PERSON_COLUMNS)
_STORED = f"SELECT employee_id AS id, tier, {_PERSON} FROM promotion_standing s WHERE {{these}}"
_THESE = "s.month = %(sim_month)s AND s.superseded_by_id IS NULL AND s.run_id = ANY(%(sim_runs)s)"
_EVIDENCE = ", ".join(f"{{0}}.{name}" for name in EVIDENCE_COLUMNS)
_PAIRS = f"""
    FROM (SELECT * FROM promotion_standing s WHERE {_THESE}) s FULL JOIN draft_standing d ON d.id = s.employee_id
    JOIN staff_employee e ON e.id = coalesce(s.employee_id, d.id)
"""
_MOVED = "(s.outcome, s.target) IS DISTINCT FROM (d.outcome, d.target)"


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody whose outcome changes. A side is None where that document does not judge them."""

    employee_no: str
    name: str
    tier: str
    before: Explanation | None
    after: Explanation | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """``tally``: (outcome before, outcome after) → people; ``moved`` names the first of ``changed``."""

    month: Month
    tally: dict[tuple[int | None, int | None], int]
    moved: tuple[Moved, ...]
    changed: int
    lacking: tuple[str, ...] = ()
    too_long: bool = False
    too_large: bool = False

    @property
    def people(self) -> int:
        return sum(self.tally.values())

    def of(self, outcome: int, side: int) -> int:
        """How many have the outcome before (side 0) or after (side 1)."""
        return sum(n for pair, n in self.tally.items() if pair[side] == outcome)


def months_swept(key: str) -> list[Month]:
    """Months in which the policy's standings may be looked at, the latest first."""
    rows = Run.objects.filter(version__key=key, state=RunState.DONE).order_by("-month")
    return list(rows.values_list("month", flat=True).distinct()[:12])


def simulated(request: EffectRequest) -> Simulation | None:
    """The draft over the month that was asked for, or the last that was swept; None where no sweep has judged by its policy."""
    key = str(request.draft.key)
    months = months_swept(key)
    if not months:
        return None
    month = request.month if request.month in months else months[0]
    governed = [g for g in governing(month.last_day, part="ladder") if g.version.key == key]
    drafts = [(now, as_if(now, request)) for now in governed]
    if not drafts or any(draft is None for _now, draft in drafts):
        return Simulation(month, {}, (), 0, lacking=request.draft.unset)
    try:
        with patient_cursor() as cursor:
            return _joined(cursor, request, month, [(now, draft) for now, draft in drafts if draft is not None])
    except TooLong:
        return Simulation(month, {}, (), 0, too_long=True)
    except TooLarge:
        return Simulation(month, {}, (), 0, too_large=True)


def _joined(
    cursor: Any, request: EffectRequest, month: Month, pairs: Sequence[tuple[Governed, Governed]]
) -> Simulation:
    narrowed, scope = in_scope(request)
    where = f"WHERE true{narrowed}"
    tally: dict[tuple[int | None, int | None], int] = {}
    moved: list[Moved] = []
    changed = 0
    for now, draft in pairs:
        runs = _runs(now, month)
        if not runs:
            continue
        _judge(cursor, month, now, draft, runs)
        params = {"sim_month": month.number, "sim_runs": runs, **scope}
        cursor.execute(f"SELECT s.outcome, d.outcome, count(*) {_PAIRS} {where} GROUP BY 1, 2", params)
        for before, after, people in cursor.fetchall():
            tally[before, after] = tally.get((before, after), 0) + people
        cursor.execute(f"SELECT count(*) {_PAIRS} {where} AND {_MOVED}", params)
        changed += cursor.fetchone()[0]
        moved += _named(cursor, month, now, draft, where, params, NAMED - len(moved))
        cursor.execute("DROP TABLE draft_standing")
    return Simulation(month, tally, tuple(moved), changed)


def _runs(now: Governed, month: Month) -> list[int]:
    rows = Run.objects.filter(month=month, version=now.version, values_digest=now.values_digest)
    return list(rows.values_list("pk", flat=True))


def _judge(cursor: Any, month: Month, now: Governed, draft: Governed, runs: list[int]) -> None:
    """The draft over everybody who has a standing; where it changes whom the policy applies to, over the others too."""
    statement = statement_of(draft.checked)
    people = _STORED.format(these=_THESE)
    params: dict[str, Any] = {**statement.params(month), "sim_month": month.number, "sim_runs": runs}
    if draft.checked.applies != now.checked.applies:
        others = population(now, month)
        people += (
            f" UNION ALL SELECT id, tier, {_PERSON} FROM ({others.relation}) o "
            f"WHERE NOT EXISTS (SELECT FROM promotion_standing s WHERE {_THESE} AND s.employee_id = o.id)"
        )
        params |= others.params
    known = Run.objects.filter(pk__in=runs).aggregate(at=Max("known_at"), judged=Max("shards__known_at"))
    params["known_at"] = max(at for at in known.values() if at is not None)
    judgement = judged_as_known(statement_text(statement), Population(Relation(people)), params)
    cursor.execute(f"CREATE TEMP TABLE draft_standing ON COMMIT DROP AS {judgement.sql}", judgement.params)
    cursor.execute("ANALYZE draft_standing")


def _named(
    cursor: Any, month: Month, now: Governed, draft: Governed, where: str, params: dict[str, Any], most: int
) -> list[Moved]:
    if most <= 0:
        return []
    columns = f"{_EVIDENCE.format('s')}, {_EVIDENCE.format('d')}"
    cursor.execute(
        f"SELECT e.id, e.employee_no, e.name, s.employee_id, d.id, {columns} {_PAIRS} {where} AND {_MOVED} "
        "ORDER BY d.outcome, s.outcome, e.employee_no COLLATE \"C\" LIMIT %(sim_most)s",
        {**params, "sim_most": most},
    )  # fmt: skip
    wide = len(EVIDENCE_COLUMNS)
    found = []
    for person, no, name, stored, judged, *evidence in cursor.fetchall():
        before = _read(now, month, person, evidence[:wide]) if stored else None
        after = _read(draft, month, person, evidence[wide:]) if judged else None
        tier = (before or after).tier if before or after else ""  # type: ignore[union-attr]
        found.append(Moved(no, name, tier, before, after))
    return found


def _read(governed: Governed, month: Month, person: int, evidence: Sequence[Any]) -> Explanation:
    return findings(statement_of(governed.checked), SweepRow(person, *evidence), month)
