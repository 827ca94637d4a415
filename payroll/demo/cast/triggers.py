"""八: each demotion trigger, fired and not quite; the warning on the bottom tier."""

from __future__ import annotations

from collections.abc import Iterator

from payroll.demo.cast.scene import Part, Scene
from staff.kernel.periods import Month


def triggers(last: Month) -> Iterator[Part]:
    yield from _dry(last)
    yield from _findings(last)
    yield from _bottom(last)


def _dry(last: Month) -> Iterator[Part]:
    yield (
        Scene(last, "K1188", "韩序", 2, "diamond")
        .words(0, 0, 0)
        .without_keywords(0, 1, 2)
        .shows(
            "连续三个月无核心词上线(八.1)",
            "No core keyword online for three months (八.1)",
            "demotion_proposed", "star",
            unmet="四.3.10 customers, 四.3.11 exam", fired="八.1 dry",
        )
    )  # fmt: skip
    both = Scene(last, "K2061", "莫语", 3, "star").exam(1, score=88).words(0, 0, 0).without_keywords(0, 1, 2)
    for back in (3, 4, 5):
        both.keyword(back, 25, page=1)
    yield both.shows(
        "四.2 各条都满足,但八.1 触发:本次不能晋升",
        "Meets all of 四.2 while 八.1 fires: not eligible in this sweep",
        "demotion_proposed", "regular", fired="八.1 dry",
    )  # fmt: skip
    yield (
        Scene(last, "K2062", "石磊", 4, "star")
        .words(0, None, 0)
        .without_keywords(0, 1, 2)
        .shows(
            "两个月为 0,一个月缺报:八.1 待数据,不触发",
            "Two dry months and a missing one: 八.1 is unknown and proposes nothing",
            "not_yet", "diamond", unmet="四.2.8 customers, 四.2.10 exam", undecided="八.1 dry",
        )
    )  # fmt: skip
    yield (
        Scene(last, "K2063", "房玄", 5, "star")
        .words(0, 0, 5, 0)
        .away(2, 2, "medical")
        .without_keywords(0, 1, 3)
        .shows(
            "其中一个月病假免考核,连续中断:八.1 不触发",
            "An exempt month breaks the streak: 八.1 does not fire",
            "not_yet", "diamond", unmet="四.2.8 customers, 四.2.10 exam",
        )
    )  # fmt: skip


def _findings(last: Month) -> Iterator[Part]:
    yield (
        Scene(last, "K2064", "穆青", 6, "star")
        .complaint(1, 9)
        .complaint(4, 16)
        .complaint(9, 23)
        .shows(
            "12 个月内投诉成立 3 件(八.2)",
            "3 upheld complaints in 12 months (八.2)",
            "demotion_proposed", "regular",
            unmet="四.2.9 complaints, 四.2.10 exam", fired="八.2 complaints",
        )
    )  # fmt: skip
    yield (
        Scene(last, "K2065", "荆楚", 1, "crown")
        .misconduct(0, 15, note="与客户争执并挂断电话")
        .shows(
            "评定当月有重大行为失误(八.3)",
            "Major misconduct in the month (八.3)",
            "demotion_proposed", "diamond", fired="八.3 misconduct",
        )
    )  # fmt: skip
    yield (
        Scene(last, "K2066", "滕飞", 2, "crown")
        .misconduct(2, 15, found=0, note="两个月前的事,本月认定")
        .shows(
            "两个月前的失误,本月才认定(八.3 按认定日期)",
            "Misconduct of two months ago, found this month (八.3 goes by the finding)",
            "demotion_proposed", "diamond", fired="八.3 misconduct",
        )
    )  # fmt: skip
    again = Scene(last, "K2067", "戎马", 3, "diamond")
    again.complaint(4, 9).complaint(6, 9).complaint(8, 9).demoted(2, "star", "八.2 投诉成立 3 件,部门负责人决定降级")
    yield again.shows(
        "两个月前已因 3 件投诉降级:旧事不再触发",
        "Demoted two months ago over 3 complaints: they trigger nothing again",
        "not_yet", "diamond", unmet="四.2.9 complaints, 四.2.10 exam",
    )  # fmt: skip


def _bottom(last: Month) -> Iterator[Part]:
    yield (
        Scene(last, "K2068", "师越", 4, "regular", hired=11)
        .words(0, 0, 0)
        .shows(
            "普通客服触发八.1:只记警示",
            "八.1 on the bottom tier: a warning",
            "warning", "star", unmet="四.1.6 exam", fired="八.1 dry",
        )
    )  # fmt: skip
    yield (
        Scene(last, "K2069", "巫山", 5, "regular", hired=14)
        .complaint(2, 9)
        .complaint(3, 9)
        .complaint(7, 9)
        .exam(1, score=81)
        .shows(
            "普通客服投诉成立 3 件:只记警示",
            "3 upheld complaints on the bottom tier: a warning",
            "warning", "star", fired="八.2 complaints",
        )
    )  # fmt: skip
