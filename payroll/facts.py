"""The amounts of a person's pay row, under the names that policies use."""

from __future__ import annotations

from collections.abc import Iterator

from policy.catalogue import Column, Fact, Key, Names, PayFact


def facts() -> Iterator[Fact]:
    """The row that is in force on the month's last day."""
    yield PayFact(Key("base"), Names("固定工资", "fixed pay"), Column("base"))
    yield PayFact(Key("post_wage"), Names("岗位工资", "post wage"), Column("post_wage"))
    yield PayFact(Key("performance"), Names("绩效工资", "performance pay"), Column("performance"))
