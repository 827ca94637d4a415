"""A step of a process in words: who does it, within how long, and what a panel judges by."""

from __future__ import annotations

from policy.language.checked import ProcessStep, Text
from policy.language.nodes import plain_number

STEPS = {
    "exam": Text("考试", "exam"),
    "application": Text("申请", "application"),
    "opinion": Text("主管意见", "the supervisor's opinion"),
    "review": Text("部门审核", "review"),
    "interview": Text("面试", "interview"),
    "verification": Text("考核验证", "verification"),
    "defence": Text("答辩", "defence"),
    "competition": Text("竞聘", "competition"),
    "decision": Text("决定", "decision"),
    "public_notice": Text("公示", "public notice"),
    "written_notice": Text("书面通知", "written notice"),
}
OWNERS = {
    "employee": Text("本人", "the employee"),
    "supervisor": Text("主管", "the supervisor"),
    "head": Text("部门负责人", "the head of department"),
    "hr": Text("人事", "HR"),
    "gm": Text("总经理", "the general manager"),
}
_ASKS = {"summary": Text("工作总结", "a summary of work"), "results": Text("业绩成果", "results")}
_AGGREGATES = {
    "mean": Text("取平均", "their mean"),
    "trimmed_mean": Text("去掉最高和最低后取平均", "their mean without the highest and the lowest"),
}
NO_BAR = Text(
    "合格线见各级条件；条件未写的没有合格线", "the bar stands in the conditions of a promotion, where they have one"
)


def short_lines(step: ProcessStep) -> list[Text]:
    """What a drawing has room for: owner, days, judges and bar, the lines of a short sheet."""
    found = [OWNERS[step.owner]]
    if step.days is not None:
        found.append(_days(step.days))
    elif (step.readings or step.parameters) and not step.by_panel:
        found.append(Text("天数由采用时给出", "days set by the adoption"))
    if step.by_panel:
        found.append(_judges(step))
        if step.bar is not None:
            found.append(_bar(step))
        if len(step.sheet) <= 4:
            found.append(_sheet(step))
    return found


def long_lines(step: ProcessStep) -> list[Text]:
    """All of it, a sentence each."""
    name, owner = STEPS[step.name], OWNERS[step.owner]
    found = [Text(f"{name.zh}：由{owner.zh}办理", f"{name.en}: by {owner.en}")]
    if step.days is not None:
        days = _days(step.days)
        if step.name == "public_notice":
            found.append(Text(f"公示 {days.zh}", f"posted for {days.en}"))
        else:
            found.append(Text(f"{days.zh}内完成", f"within {days.en}"))
    if step.asks:
        asked = [_ASKS[word] for word in step.asks]
        found.append(Text("须附" + "、".join(a.zh for a in asked), "with " + " and ".join(a.en for a in asked)))
    if step.by_panel:
        judges, how = _judges(step), _AGGREGATES[step.aggregate]
        found.append(Text(f"{judges.zh}打分，{how.zh}", f"{judges.en} score; {how.en} counts"))
        found.append(_sheet(step))
        bar = _bar(step)
        found.append(Text(f"合格线：{bar.zh}", f"the bar: {bar.en}") if step.bar is not None else NO_BAR)
    return found


def _days(days: int) -> Text:
    return Text(f"{days} 个工作日", f"{days} working day" + ("" if days == 1 else "s"))


def _judges(step: ProcessStep) -> Text:
    if step.panel is None:
        return Text("评委", "judges")
    return Text(f"{step.panel} 名评委", f"{step.panel} judges")


def _bar(step: ProcessStep) -> Text:
    sign, full = {">=": "≥", ">": ">"}[step.bar_op], plain_number(step.full_marks)
    bar = plain_number(step.bar) if step.bar is not None else ""
    return Text(f"{sign} {bar} / {full} 分", f"{sign} {bar} of {full} points")


def _sheet(step: ProcessStep) -> Text:
    lines = [(line.label, plain_number(line.of)) for line in step.sheet]
    return Text(
        " · ".join(f"{label.zh} {of}" for label, of in lines),
        " · ".join(f"{label.en or label.zh} {of}" for label, of in lines),
    )
