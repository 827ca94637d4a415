"""星级客服: the way to 钻级 (四.2), each clause short once, and what must not count."""

from __future__ import annotations

from collections.abc import Iterator

from payroll.demo.cast.scene import Part, Scene
from payroll.demo.departments import TEAMS, head_of
from staff.kernel.periods import Month

#: Not yet for want of one rule, or eligible: where every star's way leads.
_SHORT = ("not_yet", "diamond")
_THERE = ("eligible", "diamond")


def stars(last: Month) -> Iterator[Part]:
    yield _lin_xiao(last)
    yield from _one_short(last)
    yield from _keywords(last)
    yield from _findings(last)
    yield from _missing(last)


def _lin_xiao(last: Month) -> Part:
    """The first to look at: one clause short, one waiting for a report that the former supervisor owes."""
    scene = Scene(last, "K2031", "林晓", 2, "regular", hired=27, day=15)
    scene.tier = "star"
    person = scene.person
    person.events.clear()
    scene.promoted(19, "star").cases(0, 1, None, 1, 0, 1, 1, 0, 1, 1, 0, 1).words(6, 4, 3, 2, 5, 4)
    scene.keyword(0, 9, customer="恒泰阀门", page=1).keyword(0, 20, customer="明德包装", page=5)
    scene.keyword(1, 14, customer="华阳泵业", page=2).keyword(1, 3, customer="瑞丰电缆", page=2)
    scene.keyword(2, 22, customer="瑞丰电缆", page=3).keyword(7, 6, customer="立信仪表", page=1)
    scene.complaint(6, 9, note="回复不及时").exam(4, score=86).moved(1, 1)
    return scene.shows(
        "四.2.8 还差 2 个客户;四.2.7 缺一个月的数据,由调动前的主管贺宁补报",
        "Two customers short (四.2.8), a month of cases missing (四.2.7) that the supervisor before the transfer owes",
        *_SHORT, unmet="四.2.8 customers", unknown="四.2.7 cases",
    )  # fmt: skip


def _one_short(last: Month) -> Iterator[Part]:
    def part(no: str, name: str, team: int) -> Scene:
        return Scene(last, no, name, team, "star")

    yield (
        part("K1988", "陈默", 1)
        .exam(0, score=90)
        .shows("星级客服,四.2 各条都满足", "Star who meets all of 四.2", *_THERE)
    )
    yield (
        part("K2011", "施然", 2)
        .exam(1, score=81)
        .post_since(11, 2)
        .shows(
            "转岗来的,上岗差一天不满一年(四.2.1)",
            "Came from another post: one day short of a year (四.2.1)",
            *_SHORT, unmet="四.2.1 tenure",
        )
    )  # fmt: skip
    yield (
        part("K2012", "柯蓝", 3)
        .exam(2, score=85)
        .cases(1, 0, 1, 0, 1, 0)
        .shows("半年优秀案例 3 篇(四.2.7)", "3 cases in half a year (四.2.7)", *_SHORT, unmet="四.2.7 cases")
    )
    yield part("K2013", "戚薇", 1).shows(
        "只差考试(四.2.10)", "Only the exam missing (四.2.10)", *_SHORT, unmet="四.2.10 exam"
    )
    expired = part("K2014", "古越", 4).exam(12, score=88)
    yield expired.shows(
        "考试合格已过 12 个月(四.2.10)", "Exam passed more than 12 months ago (四.2.10)", *_SHORT, unmet="四.2.10 exam"
    )
    yield (
        part("K2015", "盛阳", 5)
        .exam(3, score=92, tier="crown")
        .shows(
            "考的是皇冠级,不是钻级(四.2.10)",
            "Passed the exam for another tier (四.2.10)",
            *_SHORT, unmet="四.2.10 exam",
        )
    )  # fmt: skip


def _keywords(last: Month) -> Iterator[Part]:
    def part(no: str, name: str, team: int) -> Scene:
        return Scene(last, no, name, team, "star").exam(1, score=87)

    yield (
        part("K2016", "温言", 2)
        .without_keywords(2, 4)
        .shows("半年上线 4 个客户(四.2.8)", "4 customers in half a year (四.2.8)", *_SHORT, unmet="四.2.8 customers")
    )
    yield (
        part("K2017", "祝融", 3)
        .without_keywords(2, 4)
        .keyword(2, 15, customer="四方农机", page=4)
        .shows(
            "第 5 个客户的词在第 4 页,不计(四.2.8)",
            "The fifth customer's keyword is on page 4 (四.2.8)",
            *_SHORT, unmet="四.2.8 customers",
        )
    )  # fmt: skip
    yield (
        part("K2018", "屈晴", 4)
        .without_keywords(0, 2, 4)
        .keyword(0, 7, customer="三江照明", page=1)
        .keyword(2, 7, customer="三江照明", page=2)
        .keyword(4, 7, customer="三江照明", page=3)
        .shows(
            "同一客户上线三次只计一个(四.2.8)",
            "The same customer three times counts once (四.2.8)",
            *_SHORT, unmet="四.2.8 customers",
        )
    )  # fmt: skip
    yield (
        part("K2019", "闻涛", 5)
        .words(0, 2, 3)
        .shows(
            "当月填报 0 个在线词,却有上线事件:两处矛盾",
            "Reported 0 keywords online in a month that has one in the events: they contradict",
            *_THERE,
        )
    )


def _findings(last: Month) -> Iterator[Part]:
    def part(no: str, name: str, team: int) -> Scene:
        return Scene(last, no, name, team, "star").exam(2, score=89)

    yield (
        part("K2020", "岑溪", 6)
        .complaint(3, 9)
        .complaint(8, 21)
        .shows(
            "一年内投诉成立 2 件(四.2.9)", "2 upheld complaints in a year (四.2.9)", *_SHORT, unmet="四.2.9 complaints"
        )
    )
    yield (
        part("K2021", "宁远", 6)
        .misconduct(5, 14, note="擅自承诺退款")
        .shows(
            "5 个月前有重大行为失误(四.2.9)",
            "Major misconduct 5 months ago (四.2.9)",
            *_SHORT, unmet="四.2.9 misconduct",
        )
    )  # fmt: skip
    yield (
        part("K2022", "苗青", 1)
        .complaint(3, 9)
        .complaint(5, 12, "dismissed", note="客户误投,不成立")
        .complaint(5, 25, "dismissed", note="非本人经办")
        .shows("两件投诉不成立,不计", "Dismissed complaints do not count", *_THERE)
    )
    yield (
        part("K2023", "车晓", 2)
        .complaint(4, 9)
        .complaint(0, 22, "alleged", note="待核实")
        .shows("一件投诉待核实,不计", "An alleged complaint does not count", *_THERE)
    )
    yield (
        part("K2024", "路遥", 3)
        .complaint(2, 9)
        .complaint(6, 9, "withdrawn", note="客户撤回")
        .complaint(13, 9)
        .shows("一件撤回,一件在 12 个月之外", "One withdrawn, one older than 12 months", *_THERE)
    )


def _missing(last: Month) -> Iterator[Part]:
    def part(no: str, name: str, team: int) -> Scene:
        return Scene(last, no, name, team, "star").exam(1, score=83)

    yield (
        part("K2025", "席慕", 4)
        .cases(1, None, 1, 0, 1, 0)
        .shows(
            "只差缺报的一个月(四.2.7)",
            "Waiting for one missing month (四.2.7)",
            "waiting_for_data", "diamond", unknown="四.2.7 cases",
        )
    )  # fmt: skip
    yield (
        part("K2026", "安琪", 5)
        .cases(1, None, 1, 1, 1, 0)
        .shows("缺报一个月,但已够 4 篇", "One month missing, 4 cases there already", *_THERE)
    )
    newcomer = part("K2027", "都灵", 6).exam(0, score=90)
    newcomer.person.hired_on = (last - 13).first_day
    newcomer.person.transitions.clear()
    newcomer.promoted(7, "star").person.regularised_on = (last - 10).first_day
    person = newcomer.person
    person.department, person.supervisor = TEAMS[5], head_of(TEAMS[5])
    person.values = {key: value for key, value in person.values.items() if key[0] >= last - 13}
    person.events = [event for event in person.events if event.day >= person.hired_on]
    yield newcomer.shows("一年两升的快手", "A fast one: 14 months in the company", *_THERE)
