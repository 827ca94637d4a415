"""People whom a case or an application of the demonstration is about, and nobody else's outcome rests on."""

from __future__ import annotations

from collections.abc import Iterator

from payroll.demo.cast.scene import Part, Scene
from staff.kernel.periods import Month

_STAR = "四.2.9 misconduct, 四.2.10 exam"
_DIAMOND = "四.3.8 misconduct, 四.3.11 exam"


def courses(last: Month) -> Iterator[Part]:
    yield (
        Scene(last, "K2081", "余声", 1, "regular", hired=14)
        .exam(3, score=93)
        .shows("上月封账时已符合四.1", "Met all of 四.1 a month ago already: HR confirmed the exam", "eligible", "star")
    )
    yield (
        Scene(last, "K2082", "伏羽", 4, "star")
        .exam(4, score=87)
        .misconduct(1, 22, note="把客户电话转给了另一家客户")
        .shows(
            "申请途中触发八.3", "八.3 fired while the application was under way: halted",
            "not_yet", "diamond", unmet="四.2.9 misconduct",
        )
    )  # fmt: skip
    for no, name, team, tier, back, note, zh, en in (
        ("K2083", "江沅", 5, "diamond", 1, "未经客户同意修改落地页", "个案已核实", "A case whose facts HR has checked"),
        ("K2086", "祁连", 1, "star", 2, "漏发到期通知,客户停投三天", "已决定降级,可申诉", "Demotion decided, may be appealed"),
        ("K2088", "申屠静", 3, "diamond", 2, "擅自承诺排名", "申诉后维持降级", "Appealed in vain; waits for its day"),
        ("K2089", "陆离", 4, "star", 3, "误删客户词表", "申诉成立", "The appeal succeeded"),
        ("K2090", "容与", 5, "diamond", 2, "与客户争吵", "降级已生效", "The demotion is in the ledger"),
        ("K2091", "辛未", 6, "star", 1, "被指泄露报价", "事实更正,待恢复", "The facts were corrected: to be restored"),
    ):  # fmt: skip
        yield (
            Scene(last, no, name, team, tier)
            .misconduct(back, 14, note=note)
            .shows(zh, en, "not_yet", _NEXT[tier], unmet=_STAR if tier == "star" else _DIAMOND)
        )
    yield (
        Scene(last, "K2084", "陶然", 6, "star")
        .words(4, 0, 0, 0)
        .without_keywords(1, 2, 3)
        .shows(
            "三个月无核心词上线,上月已恢复:送达中", "Three dry months until the month before: the letter is served",
            "not_yet", "diamond", unmet="四.2.8 customers, 四.2.10 exam",
        )
    )  # fmt: skip
    for no, name, team, tier, back, zh, en in (
        ("K2085", "薄言", 2, "diamond", 1, "投诉 3 件,已陈述", "3 upheld complaints: the person has answered"),
        ("K2087", "栗明", 2, "star", 2, "投诉 3 件,申诉中", "3 upheld complaints: the decision is appealed"),
    ):
        star = tier == "star"
        yield (
            Scene(last, no, name, team, tier)
            .complaint(back, 8)
            .complaint(back + 2, 17)
            .complaint(back + 4, 24)
            .shows(
                zh, en, "demotion_proposed", "regular" if star else "star", fired="八.2 complaints",
                unmet="四.2.9 complaints, 四.2.10 exam" if star else "四.3.8 complaints, 四.3.11 exam",
            )
        )  # fmt: skip


_NEXT = {"star": "diamond", "diamond": "crown"}
