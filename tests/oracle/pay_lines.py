"""Lines of pay of the monthly policies, read off their sources by hand from a month's results and the person's pay row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction as F

from tests.oracle.info_service import completed_months
from tests.oracle.month_results import Row, Worker, exempt, to_cents
from tests.oracle.records import first_day

#: As adopted.
SENIORITY_PER_YEAR = 30


@dataclass(frozen=True)
class Wage:
    """A pay row; what is None was left empty."""

    base: F | None
    post_wage: F | None
    performance: F | None


def lines(policy: str, worker: Worker, wage: Wage | None, row: Row, month: int) -> dict[str, F]:
    """Component → yuan. ``row`` is the month's result; a line whose amount something is missing for is left out."""
    found = LINES[policy](worker, wage or Wage(None, None, None), row, month)
    return {component: to_cents(amount) for component, amount in found if amount is not None}


def score_pay(w: Worker, wage: Wage, row: Row, month: int) -> Iterator[tuple[str, F | None]]:
    yield "base", wage.base
    if wage.base is not None and row["total"] is not None:
        yield "performance", wage.base * F(15, 100) * row["total"] / 100


def monthly_stars(w: Worker, wage: Wage, row: Row, month: int) -> Iterator[tuple[str, F | None]]:
    stars, performance = row["stars"], wage.performance
    if stars is None:
        return
    yield "performance", performance
    if stars >= 4:
        yield "star_bonus", F(500 if stars == 5 else 200)
    if stars <= 2 and performance is not None:
        yield "star_deduction", -performance * (F(1, 2) if stars == 2 else 1)


def grade_and_wage(w: Worker, wage: Wage, row: Row, month: int) -> Iterator[tuple[str, F | None]]:
    values = {} if exempt(w, month) else w.values.get(month, {})  # an exempt month's values do not count
    yield "post_wage", wage.post_wage
    yield "individual_commission", values.get("individual_commission")
    yield "public_commission", values.get("public_commission")
    years = completed_months(w.hired_on, first_day(month + 1)) // 12
    yield "seniority", F(years * SENIORITY_PER_YEAR)
    if "bonus" in row["cases"]:
        yield "bonus", F(200)


LINES = {"score-pay": score_pay, "monthly-stars": monthly_stars, "grade-and-wage": grade_and_wage}
