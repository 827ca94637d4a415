"""皇冠级客服, and those who are in no line of the sweep."""

from __future__ import annotations

from collections.abc import Iterator

from payroll.demo.cast.scene import Part, Scene
from payroll.demo.departments import head_of
from payroll.demo.shapes import Event, Move, day_in
from staff.kernel.periods import Month


def others(last: Month) -> Iterator[Part]:
    yield Scene(last, "K1350", "孟夏", 1, "crown").shows("皇冠级,最高级别", "Crown: the top", "top")
    yield (
        Scene(last, "K2071", "宫商", 6, "crown")
        .words(None, 0, 0)
        .without_keywords(0, 1, 2)
        .shows(
            "皇冠级,八.1 待数据:仍为最高级别",
            "Crown with 八.1 unknown: stays at the top",
            "top", undecided="八.1 dry",
        )
    )  # fmt: skip
    leaver = Scene(last, "K2072", "乐正", 2, "star").left(3, 15)
    leaver.person.events.append(Event(day_in(last - 2, 5), "complaint", "upheld", note="离职后收到的投诉"))
    yield leaver.shows("三个月前离职", "Left three months ago; a complaint came after")
    yield (
        Scene(last, "K2073", "向晚", 3, "star")
        .left(0, 0)
        .shows("评定当月最后一天离职", "Left on the last day of the month: paid for it, judged no more")
    )
    later = Scene(last, "K2074", "初晴", 4, "regular", hired=0, day=1)
    later.person.hired_on = day_in(last.next, 2)
    later.person.regularised_on = None
    later.person.values.clear()
    yield later.shows("下个月才入职", "Hired after the month")
    moved = Scene(last, "K2075", "客秋", 5, "star")
    moved.person.moves.append(Move((last - 1).first_day, "运营部", head_of("运营部")))
    yield moved.shows("已调往运营部,不在本制度内", "Moved to a department where the policy is not in force")
