"""The five monthly policies read off the source by hand: naive, one person and one month at a time, exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction as F
from typing import Any

from tests.oracle.records import Away, Fact

Row = dict[str, Any]
Points = dict[str, F | None]


@dataclass(frozen=True)
class Worker:
    """``values``: month number → key → number; what is not there is missing."""

    number: str
    team: str
    hired_on: date
    regularised_on: date | None = None
    left_on: date | None = None
    position: str = ""
    values: dict[int, dict[str, F]] = field(default_factory=dict)
    events: tuple[Fact, ...] = ()
    absences: tuple[Away, ...] = ()
    moves: tuple[tuple[date, str], ...] = ()
    """From which day on in another team, in order."""


def days_of(month: int) -> list[date]:
    day, found = date(month // 12, month % 12 + 1, 1), []
    while day.year * 12 + day.month - 1 == month:
        found.append(day)
        day += timedelta(days=1)
    return found


def team_of(worker: Worker, month: int) -> str:
    """Where they are on the month's last day."""
    return next((team for day, team in reversed(worker.moves) if day <= days_of(month)[-1]), worker.team)


def away_on(worker: Worker, day: date) -> bool:
    return any(a.first_day <= day <= a.last_day for a in worker.absences)


def exempt(worker: Worker, month: int) -> bool:
    return all(away_on(worker, day) for day in days_of(month))


def rounded(value: F, digits: int) -> F:
    """Half away from zero."""
    sign = -1 if value < 0 else 1
    return F(sign * ((abs(value) * 2 * 10**digits + 1) // 2), 10**digits)


def to_cents(value: F) -> F:
    return rounded(value, 2)


def seen(worker: Worker, month: int, kind: str, subject: str = "", but: tuple[str, ...] = ()) -> int:
    """Events of the month while employed; upheld ones, or all ``but`` those of some statuses."""
    last = worker.left_on or date.max
    return sum(
        e.kind == kind and e.day in days_of(month) and worker.hired_on <= e.day <= last
        and (not subject or e.subject == subject)
        and (e.status not in but if but else e.status in ("", "upheld"))
        for e in worker.events
    )  # fmt: skip


def score_pay(w: Worker, month: int, v: dict[str, F]) -> Points:
    calls = [v.get(key) for key in ("calls_satisfied", "calls_unrated", "calls_answered")]
    satisfied, unrated, answered = calls
    rate = None if satisfied is None or unrated is None or not answered else (satisfied + unrated) / answered / F(4, 5)
    late = v.get("attendance")
    return {
        "satisfaction": None if rate is None else 20 * min(F(1), rate),
        "attendance": None if late is None else 20 * max(F(0), 1 - late / 5),
        "daily": v.get("daily"),
    }


def itemised(w: Worker, month: int, v: dict[str, F]) -> Points:
    def item(key: str, points: Callable[[F], int]) -> F | None:
        return F(points(v[key])) if key in v else None

    found = {
        "satisfaction": item("satisfaction", lambda x: 10 if x >= 90 else 0),
        "speed": item("speed", lambda x: max(0, 10 - 5 * (x // 1))),
        "accuracy": item("accuracy", lambda x: max(0, 10 - 5 * int(x))),
        "norms": item("norms", lambda x: max(0, 10 - 5 * int(x))),
        "tasks": item("tasks", lambda x: max(0, 15 - 5 * int(x))),
        "knowledge": item("knowledge", lambda x: 10 if x >= 90 else 5),
    }
    for key in ("overtime", "attendance", "initiative", "peers", "collaboration", "sharing"):
        found[key] = item(key, lambda x: 5 if x else 0)
    return found


def bands(value: F | None, *least: int) -> F | None:
    return None if value is None else F(4 - next((at for at, bound in enumerate(least) if value >= bound), 3))


def reward(w: Worker, month: int, v: dict[str, F]) -> Points:
    minutes, peers, leader = v.get("avg_response_minutes"), v.get("peer_review"), v.get("leader_rating")
    degree = next((points for word, points in (("major", 1), ("serious", 2)) if seen(w, month, "violation", word)), 0)
    return {
        "satisfaction": bands(v.get("satisfaction_rate"), 90, 80, 70),
        "response": None if minutes is None else bands(-minutes, -5, -10, -15),
        "resolution": bands(v.get("resolution_rate"), 90, 80, 70),
        "discipline": F(degree or (3 if seen(w, month, "violation") else 4)),
        "teamwork": None if peers is None or leader is None else F(int((peers + leader) / 2 + F(1, 2))),
    }


def grades(w: Worker, month: int, v: dict[str, F]) -> Points:
    return {key: v.get(key) for key in ("sales_result", "tasks", "ability", "attitude")}


def stars(w: Worker, month: int, v: dict[str, F]) -> int | None:
    keys = ("collection_rate", "leader_tasks", "service_attitude", "discipline", "proactive")
    if any(key not in v for key in keys):
        return None
    rate, tasks, service, discipline, proactive = (v[key] for key in keys)
    if rate >= 110 and not seen(w, month, "complaint", but=("dismissed", "withdrawn")) and service and discipline:
        return 5 if tasks and proactive else 4
    return 3 if rate >= 100 else 2 if rate >= 85 else 1


ITEMS: dict[str, Callable[[Worker, int, dict[str, F]], Points]] = {
    "score-pay": score_pay, "itemised-scorecard": itemised, "reward-and-penalty": reward, "grade-and-wage": grades,
}  # fmt: skip
FULL = {"score-pay": 100, "itemised-scorecard": 95, "grade-and-wage": 100}
GRADES = {
    "grade-and-wage": (("A", F(90)), ("B", F(80)), ("C", F(70)), ("D", F(60)), ("E", F(-1))),
    "reward-and-penalty": (("excellent", F(7, 2)), ("good", F(5, 2)), ("pass", F(3, 2)), ("fail", F(-1))),
}


def in_scope(policy: str, w: Worker, month: int) -> bool:
    days = days_of(month)
    if w.hired_on > days[-1] or (w.left_on is not None and w.left_on < days[0]):
        return False
    if policy == "itemised-scorecard":
        return w.regularised_on is not None and w.regularised_on <= days[-1]
    if policy == "monthly-stars":
        return w.position != "前台"
    if policy == "grade-and-wage":
        year = [day for back in range(12) for day in days_of(month - back)]
        return sum(day >= w.hired_on and away_on(w, day) for day in year) <= 60
    return True


def month_of_all(
    policy: str, workers: Iterable[Worker], month: int, before: dict[int, dict[str, Row]]
) -> dict[str, Row]:
    """The month's rows by number, given those of the months before."""
    rows: dict[str, Row] = {}
    teams: dict[str, list[F]] = {}
    people = [w for w in workers if in_scope(policy, w, month)]
    for w in people:
        values = {} if exempt(w, month) else w.values.get(month, {})
        items = ITEMS[policy](w, month, values) if policy in ITEMS else {}
        points = {k: None if p is None or exempt(w, month) else to_cents(p) for k, p in items.items()}
        known = [p for p in points.values() if p is not None]
        total = sum(known, F(0)) if points and len(known) == len(points) else None
        if total is not None and policy == "reward-and-penalty":
            total = to_cents(total / 5)
        if total is not None:
            teams.setdefault(team_of(w, month), []).append(total)
        grade = next((g for g, least in GRADES.get(policy, ()) if total is not None and total >= least), None)
        rows[w.number] = {
            "items": points, "total": total, "full_marks": FULL.get(policy), "grade": grade, "rank": None,
            "stars": stars(w, month, values) if policy == "monthly-stars" else None, "cases": [],
        }  # fmt: skip
    for w in people:
        row = rows[w.number]
        if row["total"] is not None:
            row["rank"] = 1 + sum(other > row["total"] for other in teams[team_of(w, month)])
        row["cases"] = sorted(cases(policy, [before.get(month - back, {}).get(w.number) for back in (1, 2)], row))
    return rows


def cases(policy: str, earlier: list[Row | None], row: Row) -> list[str]:
    def three(key: str, value: Any, case: str = "") -> bool:
        held = row[key] == value and all(past is not None and past[key] == value for past in earlier)
        return held and not (case and any(past is not None and case in past["cases"] for past in earlier))

    found = []
    if policy == "grade-and-wage":
        found += ["bonus"] if three("rank", 1, "bonus") else []
        found += ["resignation_clause"] if three("grade", "E", "resignation_clause") else []
    if policy == "reward-and-penalty":
        found += ["bonus", "praise"] if row["grade"] == "excellent" else []
        found += ["training"] if row["grade"] == "fail" else []
        found += ["warning_or_dismissal"] if three("grade", "fail") else []
    return found


def results(policy: str, workers: list[Worker], first: int, last: int) -> dict[int, dict[str, Row]]:
    """Every month in order, for streaks look back."""
    found: dict[int, dict[str, Row]] = {}
    for month in range(first, last + 1):
        found[month] = month_of_all(policy, workers, month, found)
    return found
