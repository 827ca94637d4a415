"""What stands beside the promotions of the demonstration: results fed back in every state, deputies, and a vacant post."""

from __future__ import annotations

from datetime import date, timedelta

from assessment.actions.feedback_answer import answer_feedback
from assessment.actions.feedback_give import give_feedback
from assessment.actions.feedback_reply import acknowledge_feedback, object_to_feedback, pass_on_feedback
from assessment.models import Feedback
from payroll.actions.demo_process.stage import HEAD, HR, Stage
from promotion.shortlist.actions.vacancy_mark import mark_vacancy
from promotion.shortlist.selectors import clauses_of, ladder_of
from staff.actions.delegation_end import end_delegation
from staff.actions.delegation_make import make_delegation
from staff.models import Delegation, Department

_FAILED = "等级不合格,主要差在首次响应和工单完成率;本月起每周一起看一次工单,先把积压清掉。"
_GOOD = "整体稳定,扣分项已逐条核对;下月保持,帮带一名新同事。"
_AGREED = "每周三下班前复盘当周工单。"


def talks(stage: Stage) -> None:
    """夏蝉 is told, 纪晨 has acknowledged, 秦川 objects, 章彤 is answered by the head, 莫离 has passed it on to HR."""
    of = stage.last - 1
    today = stage.day

    def given(number: str, summary: str) -> None:
        def act(on: date) -> None:
            give_feedback(
                access=stage.acting(stage.lead(number), on), employee=stage.person(number), month=of, held_on=on,
                summary=summary, agreed=_AGREED,
            )  # fmt: skip

        stage.on(today, act)

    for number, summary in {"S2001": _GOOD, "S2002": _GOOD, "S2003": _FAILED, "O2011": _FAILED, "O2013": _GOOD}.items():
        given(number, summary)

    def talk(number: str) -> Feedback:
        found: Feedback = Feedback.objects.select_related("employee").get(employee__employee_no=number, month=of)
        return found

    def replied(on: date) -> None:
        acknowledge_feedback(access=stage.acting("S2002", on), feedback=talk("S2002"))
        for number, words in {
            "S2003": "两条质检扣分是系统误判,录音里有完整的开场白。",
            "O2011": "当月有六天被抽调支援双十一,工单量不应与全组一样计算。",
            "O2013": "名次并列时应当并列第一,请核对。",
        }.items():
            object_to_feedback(access=stage.acting(number, on), feedback=talk(number), words=words)
        for number, words in {
            "S2003": "质检组复听了两段录音,第一条撤销,第二条成立;更正另行办理。",
            "O2013": "并列按总分,小数第二位有差别,名次不变。",
        }.items():
            answer_feedback(access=stage.acting(_head_of(number), on), feedback=talk(number), words=words)
        pass_on_feedback(access=stage.acting("O2013", on), feedback=talk("O2013"))

    stage.on(today, replied)


def _head_of(number: str) -> str:
    return {"S": "G0008", "O": "G0011"}[number[0]]


def deputies(stage: Stage) -> None:
    """程砚 has named 周岚 for a leave to come; the head of 售后客服部 is away today; that of 在线客服部 came back early."""

    def handed_on(holder: str, deputy: str, first: date, days: int, reason: str) -> None:
        def act(on: date) -> None:
            make_delegation(
                access=stage.acting(holder, on), role="head", number=deputy, name=stage.person(deputy).name,
                starts_on=max(first, on), ends_on=first + timedelta(days=days), reason=reason,
            )  # fmt: skip

        stage.on(min(first, stage.day), act)

    handed_on(HEAD, "K0101", stage.day + timedelta(days=14), 7, "年休假。")
    handed_on("G0008", "S0101", stage.back(1), 5, "外地培训。")
    handed_on("G0011", "O0101", stage.back(4), 10, "出差。")

    def back_early(on: date) -> None:
        access = stage.acting("G0011", on)
        end_delegation(access=access, delegation=Delegation.objects.get(holder__username="G0011"))

    stage.on(stage.back(2), back_early)


def vacancy(stage: Stage) -> None:
    """A second post in 信息客服五组, for which the crowns of the department are listed."""

    def marked(on: date) -> None:
        department = Department.objects.get(name="信息客服五组")
        governed = ladder_of(department, on)
        clauses = clauses_of(governed.checked) if governed else []
        mark_vacancy(
            access=stage.acting(HR, on), department=department, post="副主管", vacant_on=on + timedelta(days=30),
            clause=next((number for number, text in clauses if "主管" in text), ""), reason="五组扩编到二十人,增设副主管一名。",
        )  # fmt: skip

    stage.on(stage.back(1), marked)
