"""Quarters, years and teams read off the pages by hand, on top of the months of ``month_results``: naive, exact fractions."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product
from typing import Any

from tests.oracle.month_results import GRADES, Row, Worker, days_of, exempt, team_of, to_cents

Months = dict[int, dict[str, Row]]
#: (employee no. or None, team or None) → the line.
Lines = dict[tuple[str | None, str | None], dict[str, Any]]
GRADED = "reward-and-penalty"


def mean(totals: list[F | None]) -> F | None:
    """Null if one is, or if there is none."""
    known = [total for total in totals if total is not None]
    return to_cents(sum(known, F(0)) / len(known)) if known and len(known) == len(totals) else None


def grade_of(policy: str, total: F | None) -> str | None:
    return next((g for g, least in GRADES.get(policy, ()) if total is not None and total >= least), None)


def employed(w: Worker, last: int, length: int) -> bool:
    first_day, last_day = days_of(last - length + 1)[0], days_of(last)[-1]
    return w.hired_on <= last_day and (w.left_on is None or w.left_on >= first_day)


class Periods:
    """Every quarter and year that ends in the months given."""

    def __init__(self, policy: str, workers: list[Worker], months: Months) -> None:
        self.policy, self.months = policy, months
        self.workers = {w.number: w for w in workers}
        self.quarters = self._all(3)
        self.years = self._all(12)

    def _all(self, length: int) -> dict[int, Lines]:
        found: dict[int, Lines] = {}
        for last in sorted(self.months):
            if (last + 1) % length == 0:
                found[last] = self._period(last, length, found.get(last - length, {}))
        return found

    def _period(self, last: int, length: int, before: Lines) -> Lines:
        lines: Lines = {}
        for number, w in self.workers.items():
            parts = self._parts(number, last, length)
            if not parts or not employed(w, last, length):
                continue
            counting = [total for counts, total in parts if counts]
            total = mean(counting)
            five = sum(self._stars(number, m) == 5 for m in range(last - length + 1, last + 1))
            lines[number, None] = {
                "counts": bool(counting), "total": total, "grade": grade_of(self.policy, total), "rank": None,
                "five_star_months": five if counting and self.policy == "monthly-stars" else None, "cases": [],
            }  # fmt: skip
        self._rank(lines, last)
        if self.policy == GRADED:
            self._teams(lines, last)
        for key, line in lines.items():
            line["cases"] = sorted(self._cases(key, line, length, before.get(key)))
        if self.policy == "monthly-stars" and length == 12:
            for number in self._best(lines, last):
                lines[number, None]["cases"] = ["annual_excellent", "raise_priority"]
        return lines

    def _parts(self, number: str, last: int, length: int) -> list[tuple[bool, F | None]]:
        """(counts, total) of each month of a quarter, of each quarter of a year."""
        if length == 3:
            rows = [(m, self.months[m].get(number)) for m in range(last - 2, last + 1)]
            return [(not exempt(self.workers[number], m), row["total"]) for m, row in rows if row is not None]
        quarters = [self.quarters[q].get((number, None)) for q in range(last - 9, last + 1, 3)]
        return [(line["counts"], line["total"]) for line in quarters if line is not None]

    def _stars(self, number: str, month: int) -> int | None:
        row = self.months[month].get(number)
        return row["stars"] if row is not None else None

    def _rank(self, lines: Lines, last: int) -> None:
        for (number, _), line in lines.items():
            team = team_of(self.workers[str(number)], last)
            totals = [
                other["total"] for (one, _), other in lines.items()
                if other["total"] is not None and team_of(self.workers[str(one)], last) == team
            ]  # fmt: skip
            if line["total"] is not None:
                line["rank"] = 1 + sum(total > line["total"] for total in totals)

    def _teams(self, lines: Lines, last: int) -> None:
        members: dict[str, list[dict[str, Any]]] = {}
        for (number, _), line in lines.items():
            members.setdefault(team_of(self.workers[str(number)], last), []).append(line)
        for team, found in members.items():
            counting = [line["total"] for line in found if line["counts"]]
            total = mean(counting)
            lines[None, team] = {
                "counts": bool(counting), "total": total, "grade": grade_of(self.policy, total), "rank": None,
                "five_star_months": None, "cases": [],
            }  # fmt: skip

    def _cases(
        self, key: tuple[Any, Any], line: dict[str, Any], length: int, before: dict[str, Any] | None
    ) -> list[str]:
        twice = line["grade"] == "fail" and before is not None and before["grade"] == "fail"
        if key[1] is not None and length == 3:
            found = {"excellent": ["team_fund"], "fail": ["improvement_plan"]}.get(line["grade"], [])
            return found + (["reorganisation"] if twice else [])
        if key[1] is None and length == 12:
            found = {"excellent": ["bonus", "certificate"], "fail": ["training"]}.get(line["grade"], [])
            return found + (["dismissal"] if twice else [])
        return []

    def _best(self, lines: Lines, last: int) -> set[str]:
        """Whoever leads in every way in which the unreported months may turn out; nobody if that differs."""
        bounds: dict[str, tuple[int, int]] = {}
        for (number, _), line in lines.items():
            w = self.workers[str(number)]
            if (w.left_on is None or w.left_on >= days_of(last)[-1]) and line["counts"]:
                stars = [
                    self.months[m][w.number]["stars"] for m in range(last - 11, last + 1)
                    if w.number in self.months[m] and not exempt(w, m)
                ]  # fmt: skip
                bounds[w.number] = (stars.count(5), stars.count(5) + stars.count(None))
        least = max((lo for lo, _ in bounds.values()), default=0)
        near = {number: bound for number, bound in bounds.items() if bound[1] >= least}
        ways = {
            frozenset(n for n, five in zip(near, way, strict=True) if five == max(way) > 0)
            for way in product(*(range(lo, hi + 1) for lo, hi in near.values()))
        }  # fmt: skip
        return set(next(iter(ways))) if len(ways) == 1 else set()
