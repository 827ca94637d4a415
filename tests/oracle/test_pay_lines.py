"""The pay run of a whole company against the oracle, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from random import Random

import pytest
from hypothesis import given

from payroll.models import PayRecord
from staff.kernel.periods import Month
from staff.models import Employee
from tests.company import Company
from tests.oracle import month_results
from tests.oracle import pay_lines as oracle
from tests.oracle.test_month_results import FIRST, LAST, by_chance, enter
from tests.oracle.test_sweep_against_oracle import SEEDS, few, rolled_back
from tests.payroll.test_payrun import run

pytestmark = pytest.mark.django_db
#: Some whose shares end in half a cent.
AMOUNTS = (None, "0", "3333.33", "800.05", "1000.01", "4999.99")


def wage_by_chance(chance: Random) -> oracle.Wage | None:
    amounts = [chance.choice(AMOUNTS) for _ in range(3)]
    return oracle.Wage(*(None if a is None else F(a) for a in amounts)) if chance.random() < 0.9 else None


def keep(number: str, wage: oracle.Wage) -> None:
    """In force since this month; the row before it and the one to come are not."""
    person = Employee.objects.get(employee_no=number)
    amounts = {
        name: None if value is None else Decimal(value.numerator) / value.denominator
        for name, value in vars(wage).items()
    }
    others = {"base": Decimal(1), "post_wage": Decimal(2), "performance": Decimal(3)}
    PayRecord.objects.create(employee=person, starts_on=date(2025, 1, 1), **others)
    PayRecord.objects.create(employee=person, starts_on=date(2026, 10, 31), **amounts)
    PayRecord.objects.create(employee=person, starts_on=date(2026, 11, 1), **others)


@pytest.mark.parametrize("policy", oracle.LINES)
@few
@given(seed=SEEDS)
def test_every_line_is_what_the_policy_yields(policy: str, seed: int) -> None:
    chance = Random(seed)
    with rolled_back():
        workers = [by_chance(chance, f"K{n:03d}", policy) for n in range(25)]
        company = Company(policy="")
        values = {"seniority_per_year": str(oracle.SENIORITY_PER_YEAR)} if policy == "grade-and-wage" else {}
        company.adopt(policy, **values)
        enter(company, workers)
        wages = {w.number: wage_by_chance(chance) for w in workers}
        for number, wage in wages.items():
            if wage is not None:
                keep(number, wage)
        rows = month_results.results(policy, workers, FIRST, LAST)[LAST]
        expected = [
            f"{w.number},{Month(LAST)},{component},{float(amount):.2f}"
            for w in workers if w.number in rows
            for component, amount in oracle.lines(policy, w, wages[w.number], rows[w.number], LAST).items()
        ]  # fmt: skip
        lines, told = run(str(Month(LAST)))
        assert lines == sorted(expected)
        assert told
