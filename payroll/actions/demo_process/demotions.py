"""Adverse cases of the demonstration: every state of a demotion, of a clause of dismissal, and of a correction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from assessment.actions.correction_request import facts_of, request_event_correction, request_value_correction
from assessment.models import Event, Metric
from assessment.models.corrections import Correction
from payroll.actions.demo_process.stage import GM, HEAD, HR, Stage
from promotion.cases.actions.appeal import decide_appeal, raise_appeal
from promotion.cases.actions.check import Answer, check_case
from promotion.cases.actions.decide import Demotion, Plan, decide_case
from promotion.cases.actions.dismissal import arrange, reassess
from promotion.cases.actions.plan import note_plan
from promotion.cases.actions.read import read_letter
from promotion.cases.actions.serve import serve_letter
from promotion.cases.actions.state import make_statement
from promotion.cases.actions.take_effect import take_demotions
from promotion.cases.models import Basis, ProtectedBy
from promotion.corrections.actions.correction_approve import approve_correction, preview_correction
from staff.kernel.periods import Month

_CHECKED = "投诉单、录音和月报逐项核对,与个案所列一致。"
_NO = "人事档案、考勤和本人书面说明,均无此情形。"
_STATED = "事情属实,我有责任。当天系统切换,提醒没有弹出;事后我已逐家致歉,客户没有流失。请考虑平时的表现。"
_TAKEN_UP = "系统切换一节已向运营部核实,提醒延迟属实,但切换通知提前两天发过,当天应当人工核对。"
_DEMOTED = "条款所列事实已核对无误,本人也承认。陈述中的客观原因部分成立,但不足以免除责任,按条款降一级。"
_APPEALED = "同组同月有人情形相同没有降级,请一并核对;我的改进已坚持两个月。"


class Courses:
    """Each puts down one act of one person's case with its day."""

    def __init__(self, stage: Stage):
        self.stage = stage

    def checked(self, number: str, day: date, **protected: str) -> None:
        """``protected``: items that apply, with their evidence."""
        answers = {str(item): Answer(item.value in protected, protected.get(item.value, _NO)) for item in ProtectedBy}
        self._do(
            number,
            HR,
            day,
            lambda access, case: check_case(access=access, proceeding=case, facts=_CHECKED, answers=answers),
        )

    def served(self, number: str, day: date) -> None:
        self.stage.account(number)
        self._do(number, HR, day, lambda access, case: serve_letter(access=access, proceeding=case))

    def stated(self, number: str, day: date, words: str = _STATED) -> None:
        self._do(number, number, day, lambda access, case: make_statement(access=access, proceeding=case, words=words))

    def demoted(self, number: str, day: date, effect: date) -> None:
        how = Demotion(Basis.CONTRACT, effect, effect)
        self._do(
            number, HEAD, day,
            lambda access, case: decide_case(
                access=access, proceeding=case, reason=_DEMOTED, on_statement=_TAKEN_UP, demotion=how
            ),
        )  # fmt: skip

    def to_decision(self, number: str, days: tuple[date, date, date, date], effect: date) -> None:
        """Checked, served, answered and decided on those days."""
        self.checked(number, days[0])
        self.served(number, days[1])
        self.stated(number, days[2])
        self.demoted(number, days[3], effect)

    def appealed(self, number: str, day: date) -> None:
        self._do(
            number, number, day, lambda access, case: raise_appeal(access=access, proceeding=case, words=_APPEALED)
        )

    def answered(self, number: str, day: date, words: str, effect: date | None) -> None:
        """By the general manager: it stands from ``effect`` on, or the appeal has succeeded."""
        self._do(
            number, GM, day,
            lambda access, case: decide_appeal(
                access=access, proceeding=case, upheld=effect is not None, words=words, tier_on=effect, pay_on=effect
            ),
        )  # fmt: skip

    def _do(self, number: str, by: str, day: date, act: Callable[..., object]) -> None:
        self.stage.on(day, lambda on: act(self.stage.acting(by, on), self.stage.case(number)))


def demotions(stage: Stage) -> None:
    """Puts all of it down. The oldest of info-service are settled, the newest is not touched."""
    courses, back = Courses(stage), stage.back
    early = [stage.nth(stage.last, n) for n in range(1, 16)]
    first, following = Month.of(stage.day).first_day, Month.of(stage.day).next.next.first_day
    _settled(stage, courses)
    for number in ("K2090", "K2091"):
        courses.to_decision(number, (early[0], early[0], early[1], early[2]), first)
    stage.on(stage.day, lambda on: take_demotions(access=stage.system(on)))
    courses.checked("K2083", back(2))
    courses.checked("K2084", back(5))
    courses.served("K2084", back(3))
    courses.checked("K2085", back(6))
    courses.served("K2085", back(5))
    courses.stated("K2085", back(1))
    courses.to_decision("K2086", (back(9), back(8), back(5), back(3)), following)
    courses.to_decision("K2087", (back(10), back(9), back(7), back(5)), following)
    courses.appealed("K2087", back(2))
    for number in ("K2088", "K2089"):
        courses.to_decision(number, (back(13), back(12), back(10), back(8)), following)
        courses.appealed(number, back(6))
    courses.answered("K2088", back(3), "同组案例已调阅:情形不同,彼时尚未公布该规范。维持降级决定。", following)
    courses.answered("K2089", back(2), "词表由系统恢复,未造成客户损失,且事发当日无备份权限。申诉成立,撤销降级。", None)
    _corrections(stage)
    _dismissals(stage, courses)


def _settled(stage: Stage, courses: Courses) -> None:
    """Of earlier months: no action twice, and a plan that is under way."""
    for number, backwards, words in (
        ("K2044", 7, "当事人已道歉,客户书面谅解,年内没有再犯;以提醒谈话代替降级,本案结案。"),
        ("K2067", 2, "同一批投诉已按部门决定降级并记入台账,不再重复处理,本案结案。"),
    ):
        month = stage.last - backwards
        courses.checked(number, stage.nth(month, 3))
        courses.served(number, stage.nth(month, 4))
        stage.on(stage.nth(month, 11), _no_action(stage, number, words))
    month = stage.last - 1
    courses.checked("K2021", stage.nth(month, 2))
    courses.served("K2021", stage.nth(month, 3))
    courses.stated("K2021", stage.nth(month, 5))
    stage.on(stage.nth(month, 8), lambda on: _plan(stage, on))
    stage.on(
        stage.back(4),
        lambda on: note_plan(
            access=stage.acting(stage.lead("K2021"), on), proceeding=stage.case("K2021"),
            words="第二次面谈:三家客户的核心词已报备,两家上线;约定每周五看一次进度。",
        ),
    )  # fmt: skip


def _no_action(stage: Stage, number: str, words: str) -> Callable[[date], object]:
    return lambda on: decide_case(access=stage.acting(HEAD, on), proceeding=stage.case(number), reason=words)


def _plan(stage: Stage, on: date) -> None:
    decide_case(
        access=stage.acting(HEAD, on), proceeding=stage.case("K2021"), on_statement=_TAKEN_UP,
        reason="事实成立,但平时表现稳定,当事人主动补救。先不降级,按八.1 和八.2 订立改进计划,由组长带教。",
        plan=Plan(("八.1", "八.2"), stage.last, stage.person(stage.lead("K2021"))),
    )  # fmt: skip


def _corrections(stage: Stage) -> None:
    """One is asked for and waits; one is approved, and takes the facts of 辛未's demotion away."""
    back = stage.back

    def asked(on: date) -> None:
        request_value_correction(
            access=stage.acting(stage.colleague(), on), employee=stage.person("K2012"), month=stage.last - 2,
            metric=Metric.objects.get(key="excellent_cases"), after=Decimal(2),
            reason="案例库导出显示当月收录两篇,填报时漏记一篇;截图已存档。",
        )  # fmt: skip

    def untrue(on: date) -> None:
        event = Event.objects.get(employee__employee_no="K2091", kind__key="major_misconduct")
        request_event_correction(
            access=stage.acting(stage.colleague(), on), event=event, after=_withdrawn(event),
            reason="经核查,报价由合作方系统外泄,与本人无关;技术部出具了日志。",
        )  # fmt: skip

    def approved(on: date) -> None:
        access, found = stage.acting(HR, on), Correction.objects.get(employee__employee_no="K2091")
        approve_correction(
            access=access, correction=found, seen=preview_correction(access=access, correction=found).digest
        )

    stage.on(back(2), asked)
    stage.on(back(3), untrue)
    stage.on(stage.day, approved)


def _withdrawn(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in facts_of(event)} | {"status": "withdrawn"}


def _dismissals(stage: Stage, courses: Courses) -> None:
    """石榴 trained and assessed again; 裘真 under protection; 苏木 has the letter and has read it."""
    back, month = stage.back, stage.last
    courses.checked("O2021", stage.nth(month, 1))
    courses.served("O2021", stage.nth(month, 2))
    courses.stated("O2021", stage.nth(month, 4), "三个月的短板我清楚,愿意参加培训,请再给一次机会。")
    stage.on(
        stage.nth(month, 6),
        lambda on: arrange(
            access=stage.acting(HR, on), proceeding=stage.case("O2021"), until=back(4),
            words="参加两周的话术与工单培训,由骆冰一对一带教,培训期间不计入排名。",
        ),
    )  # fmt: skip
    stage.on(
        back(2),
        lambda on: reassess(
            access=stage.acting(HR, on), proceeding=stage.case("O2021"),
            words="培训结业 88 分;近两周抽查 20 个工单,合格 17 个,较培训前明显改善。",
        ),
    )  # fmt: skip
    courses.checked("O2012", back(8), treatment="市二院诊断证明,医疗期至下月底。")
    courses.served("O2012", back(7))
    stage.on(
        back(1),
        lambda on: arrange(
            access=stage.acting(HR, on), proceeding=stage.case("O2012"), until=Month.of(stage.day).next.last_day,
            words="医疗期内不作任何处理;期满后先调往质检岗试岗一个月。",
        ),
    )  # fmt: skip
    courses.checked("Q2005", back(4))
    courses.served("Q2005", back(2))
    stage.on(back(1), lambda on: read_letter(access=stage.acting("Q2005", on), proceeding=stage.case("Q2005")))
