"""普通客服: the way to 星级 (四.1), each clause short once."""

from __future__ import annotations

from collections.abc import Iterator

from payroll.demo.cast.scene import Part, Scene
from payroll.demo.shapes import day_in
from staff.kernel.periods import Month


def regulars(last: Month) -> Iterator[Part]:
    def part(no: str, name: str, team: int, **career: int) -> Scene:
        return Scene(last, no, name, team, "regular", **career)

    yield (
        part("K2001", "方宁", 1)
        .exam(0, score=91)
        .shows("普通客服,四.1 各条都满足", "Regular who meets all of 四.1", "eligible", "star")
    )
    unconfirmed = part("K2002", "贾一诺", 1, hired=5).exam(0, score=84)
    unconfirmed.person.regularised_on = None
    yield unconfirmed.shows(
        "只差转正(四.1.1)", "Only regularisation short (四.1.1)", "not_yet", "star", unmet="四.1.1 regularised"
    )
    short = part("K2003", "龚悦", 2, hired=2, day=2).exam(0, score=80)
    short.person.regularised_on = day_in(last, 20)
    yield short.shows(
        "只差上岗满3个月:2 日入职,差一天不满(四.1.1)",
        "Only tenure short: hired on the 2nd, one day too late (四.1.1)",
        "not_yet", "star", unmet="四.1.1 tenure",
    )  # fmt: skip
    yield (
        part("K2004", "常安", 2, hired=22)
        .exam(1, score=82)
        .violation(19, 11, "minor", note="未按规定整理工位,口头处罚")
        .shows(
            "入职以来有一次轻微违纪(四.1.2)",
            "A minor violation since hire (四.1.2)",
            "not_yet", "star", unmet="四.1.2 violations",
        )
    )  # fmt: skip
    yield (
        part("K2005", "武恺", 3, hired=20)
        .exam(1, score=83)
        .misconduct(15, 8, note="误发客户资料")
        .shows(
            "15 个月前有重大行为失误,早过评定当月(四.1.2,八.3 不触发)",
            "Major misconduct 15 months ago: bars 四.1.2, no longer triggers 八.3",
            "not_yet", "star", unmet="四.1.2 misconduct",
        )
    )  # fmt: skip
    yield part("K2006", "尹可", 3).shows(
        "只差考试(四.1.6)", "Only the exam missing (四.1.6)", "not_yet", "star", unmet="四.1.6 exam"
    )
    yield (
        part("K2007", "乔木", 4)
        .exam(0, status="failed", score=52)
        .shows("考了没过(四.1.6)", "Took the exam and failed (四.1.6)", "not_yet", "star", unmet="四.1.6 exam")
    )
    yield (
        part("K2008", "黎夏", 4, hired=4, day=1)
        .exam(0, score=79)
        .words(4, 3, 0, 2)
        .shows("刚转正就考过", "Regularised just now, exam passed at once", "eligible", "star")
    )
    yield part("K2009", "尚恩", 5, hired=0, day=2).shows(
        "当月新入职", "Hired in the month itself", "not_yet", "star",
        unmet="四.1.1 regularised, 四.1.1 tenure, 四.1.6 exam",
    )  # fmt: skip
