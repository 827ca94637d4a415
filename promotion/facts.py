"""What the ledger says of a person on the day of evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from policy.catalogue import Column, Fact, Key, Names, PersonFact


def facts() -> Iterator[Fact]:
    yield PersonFact(Key("tier"), Names("级别", "tier"), "text", Column("tier"))
    yield PersonFact(
        Key("tier_since"),
        Names("级别起始日", "the present tier", since_zh="本级别期间", since_en="in the present tier"),
        "date",
        Column("tier_since"),
    )
    yield PersonFact(
        Key("demoted_on"),
        Names("上次降级日期", "the last demotion", since_zh="降级以来"),
        "date",
        Column("demoted_on"),
    )
