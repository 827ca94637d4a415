"""The policy as one would write it first: a person at a time, with Django's objects and a query wherever one is needed."""

from __future__ import annotations

from datetime import date

from assessment.models import EmployeeMonth, Metric
from policy.compiler import Outcome
from promotion.models import Run, Standing
from staff.kernel.periods import Month, completed_months
from staff.models import Employee

NEXT = {"regular": "star", "star": "diamond", "diamond": "crown"}
BELOW = {upper: lower for lower, upper in NEXT.items()}
UPHELD = ("", "upheld")


def judge(person: Employee, month: Month, run: Run) -> int:
    """The outcome as of the month, kept as a standing of ``run`` (without evidence, which the sweep writes besides)."""
    day = month.last_day
    held = person.tier_periods.get(period__contains=day)
    fired, waits = _triggers(person, month)
    if fired:
        outcome = Outcome.WARNING if held.tier == "regular" else Outcome.DEMOTION_PROPOSED
    elif held.tier == "crown":
        outcome = Outcome.TOP
    else:
        verdicts = list(_conditions(person, month, held.tier, held.period.lower))
        outcome = (
            Outcome.NOT_YET if False in verdicts else Outcome.WAITING_FOR_DATA if None in verdicts else Outcome.ELIGIBLE
        )
    department = person.department_periods.get(period__contains=day).department_id
    Standing.objects.create(
        run=run, employee=person, month=Month(0), tier=held.tier, outcome=outcome,
        target=BELOW.get(held.tier) if fired else NEXT.get(held.tier), bits=0, observed=[], missing=None if not waits else [],
        department_id=department, position=person.position, hired_on=person.hired_on, tier_since=held.period.lower,
    )  # fmt: skip
    return int(outcome)


def _conditions(person: Employee, month: Month, tier: str, since: date) -> list[bool | None]:
    tenure = completed_months(person.post_since or person.hired_on, month)
    year, half = (month + -11).first_day, (month + -5).first_day
    exam = _events(person, month, "exam", max(year, since)).filter(subject=NEXT[tier], status="passed").exists()
    if tier == "regular":
        regularised = person.regularised_on is not None and person.regularised_on <= month.last_day
        violations = _upheld(person, month, "violation", person.hired_on)
        return [
            regularised,
            tenure >= 3,
            violations == 0,
            _upheld(person, month, "major_misconduct", person.hired_on) == 0,
            exam,
        ]
    blameless = [
        _upheld(person, month, "complaint", year) <= 1, _upheld(person, month, "major_misconduct", year) == 0, exam,
    ]  # fmt: skip
    if tier == "star":
        return [tenure >= 12, _sum(person, month), _customers(person, month, half) >= 5, *blameless]
    return [tenure >= 24, _each(person, month), _customers(person, month, year) >= 10, *blameless]


def _triggers(person: Employee, month: Month) -> tuple[bool, bool]:
    dry = _values(person, month, "keywords_online", 3)
    streak = len(dry) == 3 and all(value == 0 for value in dry)
    complaints = _upheld(person, month, "complaint", (month + -11).first_day)
    found = streak or complaints > 2 or _upheld(person, month, "major_misconduct", month.first_day) > 0
    return found, None in dry


def _sum(person: Employee, month: Month) -> bool | None:
    values = _values(person, month, "excellent_cases", 6)
    total = sum(value for value in values if value is not None)
    return True if total >= 4 else None if None in values else False


def _each(person: Employee, month: Month) -> bool | None:
    values = _values(person, month, "excellent_cases", 12)
    if any(value is not None and value < 1 for value in values):
        return False
    return None if not values or None in values else True


def _values(person: Employee, month: Month, metric: str, length: int) -> list[float | None]:
    """Values of the months that count, None where nobody reported."""
    slot = f"s{Metric.objects.get(key=metric).slot}"
    found: list[float | None] = []
    for back in range(length):
        each = month + -back
        if each < Month.of(person.hired_on):
            break
        row = EmployeeMonth.objects.filter(employee=person, month=each).first()
        if row is None or row.counts:
            found.append(None if row is None else getattr(row, slot))
    return found


def _customers(person: Employee, month: Month, since: date) -> int:
    online = _events(person, month, "keyword_online", since).filter(quantity__lte=3).exclude(subject="")
    return online.values("subject").distinct().count()


def _upheld(person: Employee, month: Month, kind: str, since: date) -> int:
    return _events(person, month, kind, since).filter(status__in=UPHELD).count()


def _events(person: Employee, month: Month, kind: str, since: date):  # type: ignore[no-untyped-def]
    return person.events.filter(kind=kind, day__gte=max(since, person.hired_on), day__lte=month.last_day)
