"""A ladder's pay of a day: level pay as the policies in force yield it, the bands, and what a change would make of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from payroll.models import ChangeState, PayBand, PayRecord, PayTableChange, PayTableLine
from payroll.selectors.pay import LEVEL_PAY, level_pay_table
from policy.language.checked import Checked, Text
from policy.selectors import Governed, governing
from promotion.models import TierPeriod
from staff.kernel.access import Access

#: What a band says.
PARTS = ("minimum", "midpoint", "maximum")


@dataclass(frozen=True, slots=True)
class Band:
    """Yuan a month."""

    minimum: Decimal
    midpoint: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Levels:
    """Level pay by tier where one version with one set of values governs; no entry: no line is paid."""

    governed: Governed
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class PayTable:
    """What a ladder's tiers are paid on a day. Several ``levels`` where departments adopted different values."""

    ladder: str
    title: Text
    tiers: tuple[str, ...]
    day: date
    levels: tuple[Levels, ...]
    bands: Mapping[str, Band]

    @property
    def policy(self) -> Checked:
        return self.levels[0].governed.checked

    def level_pay(self, tier: str) -> list[Decimal]:
        """Every amount that is paid for the tier somewhere."""
        return sorted({levels.amounts[tier] for levels in self.levels if tier in levels.amounts})


def pay_tables(access: Access, day: date) -> list[PayTable]:
    """One for each ladder that is in force somewhere on the day, by title: with the level pay, which the policy prints, and the
    bands that the account may read.
    """
    found: dict[str, list[Governed]] = {}
    for governed in governing(day, part="ladder"):
        found.setdefault(governed.version.key, []).append(governed)
    bands: dict[str, dict[str, Band]] = {}
    for row in PayBand.objects.visible_to(access).filter(period__contains=day):
        bands.setdefault(row.ladder, {})[row.tier] = Band(row.minimum, row.midpoint, row.maximum)
    tables = [_table(key, groups, day, bands.get(key, {})) for key, groups in found.items()]
    return sorted(tables, key=lambda table: table.title.zh)


def _table(key: str, groups: list[Governed], day: date, bands: Mapping[str, Band]) -> PayTable:
    checked = groups[0].checked
    return PayTable(
        ladder=key,
        title=checked.title,
        tiers=tuple(str(tier.key) for tier in checked.ladder.tiers) if checked.ladder else (),
        day=day,
        levels=tuple(_levels(governed) for governed in groups),
        bands=bands,
    )


def _levels(governed: Governed) -> Levels:
    table = level_pay_table(governed.version, governed.values)
    return Levels(governed, {tier: amount for tier, amount in table if amount is not None})


def parameter_of(tier: str) -> str:
    """The policy's parameter that is a tier's level pay; a policy without it prints the amount in its own text."""
    return f"{LEVEL_PAY}_{tier.replace('-', '_')}"


def settable(table: PayTable) -> set[str]:
    """Tiers whose level pay an adoption may set, wherever the ladder is in force."""
    policies = [levels.governed.checked for levels in table.levels]
    return {tier for tier in table.tiers if all(parameter_of(tier) in policy.parameters for policy in policies)}


def level_values(lines: Iterable[PayTableLine]) -> dict[str, str]:
    """What the lines set, as values of an adoption."""
    return {parameter_of(line.tier): str(line.level_pay) for line in lines if line.level_pay is not None}


def with_lines(table: PayTable, lines: list[PayTableLine]) -> PayTable:
    """The table as the change would make it: the same policies bound with the new values, and the new bands."""
    values = level_values(lines)
    groups = (replace(levels.governed, values={**levels.governed.values, **values}) for levels in table.levels)
    bands = {line.tier: Band(line.minimum, line.midpoint, line.maximum) for line in lines if line.sets_band}
    return replace(
        table,
        levels=tuple(_levels(governed) for governed in groups) if values else table.levels,
        bands={**table.bands, **bands},
    )


def changes_of(access: Access, ladder: str) -> list[PayTableChange]:
    """The ladder's changes that are open or were approved, the latest day first, with who made and decided them."""
    shown = (ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.APPROVED)
    rows = PayTableChange.objects.visible_to(access).filter(ladder=ladder, state__in=shown)
    return list(rows.select_related("requested_by__employee", "decided_by__employee"))


def band_held(employee_id: int, day: date) -> tuple[str, str] | None:
    """(ladder, tier) of the band that a person is in on a day: its name, which HR and the person read, and no amount."""
    band = PayBand.objects.filter(ladder=OuterRef("ladder"), tier=OuterRef("tier"), period__contains=day)
    held = TierPeriod.objects.filter(Exists(band), employee_id=employee_id, period__contains=day)
    found: tuple[str, str] | None = held.values_list("ladder", "tier").first()
    return found


def record_in_force(access: Access, employee_id: int, day: date, tier: tuple[str, str]) -> Any:
    """The person's pay record of the day, or None; its ``banded`` says whether the tier (ladder, tier) has a band then."""
    band = PayBand.objects.filter(ladder=tier[0], tier=tier[1], period__contains=day)
    records = PayRecord.objects.visible_to(access).filter(employee_id=employee_id, starts_on__lte=day)
    return records.annotate(banded=Exists(band)).order_by("-starts_on").first()


def change_with_lines(access: Access, change_id: int) -> tuple[PayTableChange, list[PayTableLine]] | None:
    """By one query, for every change has a line. None where there is no such change for the reader."""
    visible = PayTableChange.objects.visible_to(access).filter(pk=change_id)
    people = ("change__requested_by__employee", "change__decided_by__employee")
    lines = list(PayTableLine.objects.filter(change__in=visible).select_related(*people))
    return (lines[0].change, lines) if lines else None
