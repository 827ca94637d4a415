"""Expressions: text → tree → the same text, in both languages, and what cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.language import Faults, parse, show
from policy.language import nodes as n
from policy.language.faults import At
from policy.language.parse import parse_lines

KEYWORDS = {"if", "else", "otherwise", "or", "and", "not", "in", "none", "where", "by", "since"}
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word not in KEYWORDS)
hanzi = st.sampled_from(["优秀发布案例", "级别", "投诉", "a客户1"])
numbers = st.decimals(0, 10**6, places=2).map(lambda d: d.normalize() if d else Decimal(0)).map(
    lambda d: Decimal(n.plain_number(d)))  # fmt: skip
units = st.sampled_from([None, "%", "month", "year", "quarter", "day", "hour", "minute", "yuan", "point"])
refs = st.builds(n.Name, names | hanzi, st.none() | names)
atoms = (
    st.builds(n.Number, numbers, units)
    | st.builds(n.Day, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    | st.builds(n.Nothing)
    | refs
)


def grown(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    operators = st.sampled_from(["+", "-", "*", "/", ">=", "<=", ">", "<", "=", "!=", "and", "or"])
    args = inner | st.builds(n.Since, names) | st.builds(n.Events, refs, st.none() | names, inner)
    return (
        st.builds(n.Binary, operators, inner, inner)
        | st.builds(n.Minus, inner)
        | st.builds(n.Not, inner)
        | st.builds(n.Among, inner, st.lists(atoms, min_size=1, max_size=3).map(tuple))
        | st.builds(n.Call, names, st.lists(args, max_size=3).map(tuple))
        | st.tuples(inner, inner, inner).map(lambda t: n.Lines(((t[0], t[1]), (t[2], None)), inline=True))
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(atoms, grown, max_leaves=12))
def test_what_is_shown_is_read_back_as_the_same(node: n.Node) -> None:
    text = show(node)
    if len(text) <= 600:
        assert parse(text) == node
        assert show(parse(text)) == text


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("合计(优秀发布案例, 6 个月) ≥ 4", "sum(优秀发布案例, 6 months) >= 4"),
        ("连续(在线核心词数 = 0) ≧ 3 个月", "streak(在线核心词数 = 0) >= 3 months"),
        ("次数(考试 其中 级别 = target 且 非 结果 = 合格, 1 年, 自 入职日期) ≤ 2",
         "count(考试 where 级别 = target and not 结果 = 合格, 1 year, since 入职日期) <= 2"),
        ("次数(投诉 按 认定日期, 1 月)", "count(投诉 by 认定日期, 1 month)"),
        ("1000 元 若 级别 属于 (star, crown) 否则 无", "1000 yuan if 级别 in (star, crown) else none"),
        ("a ≠ 1 或 b ≦ 2 季度", "a != 1 or b <= 2 quarters"),
        ("a × 2 ÷ 3", "a * 2 / 3"),
        ("sum\uff08a\uff0c 6 个月\uff09 ≥ 90\uff05", "sum(a, 6 months) >= 90%"),
        ("满(hired_on)\u3000≥ 30 天", "completed(hired_on) >= 30 days"),
    ],
)  # fmt: skip
def test_chinese_is_the_same_expression(chinese: str, english: str) -> None:
    assert show(parse(chinese)) == english


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) - c", "a - b - c"),
        ("(a or b) and c", "(a or b) and c"),
        ("not (a = b)", "not a = b"),
        ("-(a + b) * 2", "-(a + b) * 2"),
        ("(a if b else c) if d else e", "(a if b else c) if d else e"),
        ("1 year", "1 year"),
        ("2.50 yuan", "2.5 yuan"),
        ("0 points", "0 points"),
    ],
)
def test_brackets_stand_where_precedence_needs_them(text: str, shown: str) -> None:
    assert show(parse(text)) == shown


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("a > > b", 5, "cannot read `>` here; expected (, a date, a name, a number, minus, none"),
        ("010 > 1", 1, "cannot read `0` here"),
        ("1e3", 2, "cannot read `e3` here"),
        ("a = 1.", 5, "cannot read `1` here"),
        ("６ > a", 1, "cannot read `６` here"),
        ("٣ > a", 1, "cannot read `٣` here"),
        ("a ~ b", 3, "cannot read `~` here"),
        ("a; drop", 2, "cannot read `;` here"),
        ("count(x", 8, "the expression ends too soon; expected"),
        ("", 1, "the expression ends too soon"),
        ("6 mnths", 3, "cannot read `mnths` here"),
        ("近 6 个月内合计", 3, "cannot read `6` here"),
        ("a = 2026-02-30", 5, "there is no day 2026-02-30"),
        ("1234567890123456", 1, "a number has at most 15 digits"),
        ("'a' = b", 1, "cannot read `'` here"),
        ("a if b", 7, "the expression ends too soon"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_column(text: str, column: int, message: str) -> None:
    with pytest.raises(Faults) as found:
        parse(text, At(7, 11))
    fault = found.value.faults[0]
    assert (fault.line, fault.column - 10) == (7, column)
    assert message in fault.message_en
    assert fault.text("zh") != fault.text("en")


def test_an_expression_may_not_be_too_long_nor_too_deep() -> None:
    with pytest.raises(Faults, match="at most 600 characters"):
        parse("a + " * 200 + "a")
    for deep in ("-" * 500 + "a", "not " * 140 + "a", "1" + "-1" * 280):
        with pytest.raises(Faults, match="nested at most 60 deep"):
            parse(deep)
    assert show(parse("(" * 299 + "a" + ")" * 299)) == "a"


def test_only_the_last_line_ends_in_otherwise() -> None:
    at = At(3, 5)
    good = parse_lines([("1 if a", at), ("2 otherwise", at)])
    assert show(good) == "1 if a\n2 otherwise"
    with pytest.raises(Faults, match="the last line must end in otherwise"):
        parse_lines([("1 if a", at), ("2 if b", at)])
    with pytest.raises(Faults, match="only the last line may end in otherwise"):
        parse_lines([("1 otherwise", at), ("2 otherwise", at)])
    with pytest.raises(Faults) as found:
        parse_lines([("1 if", At(3, 5)), ("2 iff b", At(4, 5)), ("3 otherwise", At(5, 5))])
    assert [fault.line for fault in found.value.faults] == [3, 4]
