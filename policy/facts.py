"""The facts of a person's row and of the process, under the names that policies use."""

from __future__ import annotations

from collections.abc import Iterator

from policy.catalogue import Column, Fact, Key, Names, PersonFact, ProcessFact


def _person(key: str, type_: str, zh: str, en: str, **names: str) -> PersonFact:
    return PersonFact(Key(key), Names(zh, en, **names), type_, Column(key))  # type: ignore[arg-type]


def facts() -> Iterator[Fact]:
    """Columns of the relation of people, as they stand on the day of evaluation, and results of the process."""
    yield _person("hired_on", "date", "入职日期", "hiring", since_zh="入职以来")
    yield _person("regularised_on", "date", "转正日期", "regularisation", since_zh="转正以来")
    yield _person("post_since", "date", "上岗日期", "the first day at the post", since_zh="上岗以来")
    yield _person("birth_date", "date", "出生日期", "birth")
    yield _person("position", "text", "岗位", "position")
    yield ProcessFact(Key("competition_won"), Names("竞聘胜出", "competition won"), "yes_no")
    yield ProcessFact(Key("review_total"), Names("评审总分", "total of the review"), "point")
    yield ProcessFact(Key("defence_passed"), Names("答辩通过", "defence passed"), "yes_no")
