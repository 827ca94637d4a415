"""钻级客服: the way to 皇冠 (四.3), each clause short once; exempt and missing months."""

from __future__ import annotations

from collections.abc import Iterator

from payroll.demo.cast.scene import Part, Scene
from staff.kernel.periods import Month

_SHORT = ("not_yet", "crown")
_THERE = ("eligible", "crown")


def diamonds(last: Month) -> Iterator[Part]:
    yield from _one_short(last)
    yield from _months(last)


def _part(last: Month, no: str, name: str, team: int) -> Scene:
    return Scene(last, no, name, team, "diamond")


def _one_short(last: Month) -> Iterator[Part]:
    yield (
        _part(last, "K2041", "顾盼", 1)
        .exam(0, score=93)
        .shows("钻级客服,四.3 各条都满足", "Diamond who meets all of 四.3", *_THERE)
    )
    yield (
        _part(last, "K2042", "简宁", 2)
        .exam(1, score=88)
        .post_since(23, 2)
        .shows("上岗差一天不满两年(四.3.1)", "One day short of two years (四.3.1)", *_SHORT, unmet="四.3.1 tenure")
    )
    yield (
        _part(last, "K2043", "翁然", 3)
        .exam(2, score=86)
        .complaint(1, 9)
        .complaint(10, 9)
        .shows(
            "一年内投诉成立 2 件(四.3.8)", "2 upheld complaints in a year (四.3.8)", *_SHORT, unmet="四.3.8 complaints"
        )
    )
    yield (
        _part(last, "K2044", "鲁迪", 4)
        .exam(2, score=90)
        .misconduct(9, 17, note="泄露客户报价")
        .shows(
            "9 个月前有重大行为失误(四.3.8)",
            "Major misconduct 9 months ago (四.3.8)",
            *_SHORT, unmet="四.3.8 misconduct",
        )
    )  # fmt: skip
    yield (
        _part(last, "K2045", "毕方", 5)
        .exam(1, score=87)
        .cases(1, 1, 1, 1, 0)
        .shows("有一个月没有优秀案例(四.3.9)", "One month without a case (四.3.9)", *_SHORT, unmet="四.3.9 cases")
    )
    yield (
        _part(last, "K2046", "云舒", 6)
        .exam(1, score=85)
        .without_keywords(3, 6, 9)
        .shows("一年上线 9 个客户(四.3.10)", "9 customers in a year (四.3.10)", *_SHORT, unmet="四.3.10 customers")
    )
    yield _part(last, "K2047", "郁离", 1).shows(
        "只差考试(四.3.11)", "Only the exam missing (四.3.11)", *_SHORT, unmet="四.3.11 exam"
    )


def _months(last: Month) -> Iterator[Part]:
    yield (
        _part(last, "K2048", "燕归", 2)
        .exam(1, score=89)
        .cases(1, 1, None)
        .shows(
            "有一个月缺报(四.3.9)",
            "A month was not reported (四.3.9)",
            "waiting_for_data", "crown", unknown="四.3.9 cases",
        )
    )  # fmt: skip
    mother = _part(last, "K2049", "卓娅", 3).exam(1, score=91).away(8, 5, "maternity")
    for back in (0, 1, 2, 3):
        mother.keyword(back, 26, page=2)
    yield mother.shows(
        "产假 4 个月免考核,其余 8 个月每月都有案例",
        "4 months of maternity leave exempt, a case in each of the other 8",
        *_THERE,
    )
    yield (
        _part(last, "K2050", "水淼", 4)
        .away(3, 0, "maternity")
        .shows("正在休产假", "On maternity leave now", *_SHORT, unmet="四.3.10 customers, 四.3.11 exam")
    )
