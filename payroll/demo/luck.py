"""What befalls people of every department alike, and numbers drawn around a mean."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from payroll.demo.shapes import Event, Person, day_in
from staff.kernel.periods import Month


def rate(chance: Random, mean: float, spread: float, most: int) -> Decimal:
    """A number around the mean with one decimal, between 0 and the most."""
    drawn = mean + spread * (chance.random() + chance.random() - 1)
    return Decimal(max(0, min(most * 10, round(drawn * 10)))) / 10


def troubles(person: Person, month: Month, skill: float, chance: Random, factor: float = 1.0) -> None:
    """A complaint, a violation, a word of praise: now and then."""
    if chance.random() < 0.035 * (1.5 - skill) * factor:
        status = chance.choice(("upheld", "upheld", "dismissed", "alleged"))
        note = chance.choice(("回复不及时", "承诺未兑现", "态度生硬", "资料填写有误"))
        person.events.append(Event(day_in(month, 1 + chance.randrange(28)), "complaint", status, note=note))
    if chance.random() < 0.008 * (1.5 - skill):
        degree = chance.choice(("minor", "minor", "minor", "serious"))
        note = chance.choice(("迟到三次", "离岗未报备", "未按流程登记"))
        person.events.append(Event(day_in(month, 1 + chance.randrange(28)), "violation", "upheld", degree, note=note))
    if chance.random() < 0.02 + 0.03 * skill:
        person.events.append(Event(day_in(month, 1 + chance.randrange(28)), "praise", subject="客户来信表扬"))
