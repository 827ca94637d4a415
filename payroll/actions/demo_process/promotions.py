"""Who is where on the way of a promotion: every state of an application, of a round and of a notice, under all four ladders."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from payroll.actions.demo_process import words as said
from payroll.actions.demo_process.sittings import Panel, Sittings
from payroll.actions.demo_process.stage import GM, HEAD, HR, JUDGE, Stage
from payroll.actions.demo_process.ways import Ways, all_met
from promotion.applications.actions.appeal_decide import decide_appeal
from promotion.applications.actions.appeal_raise import raise_appeal
from promotion.applications.actions.decide import decline_application
from promotion.applications.actions.exam_confirm import confirm_exam
from promotion.applications.actions.nominate import nominate
from promotion.applications.actions.review import review
from promotion.applications.actions.send_back import send_back
from promotion.applications.actions.skip_open import open_skip
from promotion.applications.actions.take_effect import take_effects
from promotion.applications.actions.withdraw import withdraw
from promotion.applications.attesting import Answer, asked_at
from promotion.applications.models import Appeal
from promotion.notices.actions.objection_answer import answer_objection
from promotion.notices.actions.objection_raise import raise_objection
from promotion.notices.models import NoticeEntry, Objection

#: Panels without the direct superior, the heads above and whoever reviewed.
INFO = (JUDGE, "G0004", "G0008", "G0009", "G0011")
SERVICE = (JUDGE, HEAD, "G0009")
SIGNING = (JUDGE, HEAD, "G0008")


def before_the_last_seal(stage: Stage) -> None:
    """伏羽 hands in a month earlier, and is on the way still when the month is sealed whose facts halt it."""
    ways, month = Ways(stage), stage.last.previous
    ways.hand_in("K2082", stage.nth(month, 12))
    ways.review("K2082", stage.nth(month, 15))
    stage.play()


def promotions(stage: Stage) -> None:
    """Puts all of it down."""
    ways, sittings = Ways(stage), Sittings(stage)
    _in_the_ledger(stage, ways, sittings)
    _info_service(stage, ways, sittings)
    _on_their_own(stage, ways)
    _after_sales(stage, ways, sittings)
    _elsewhere(stage, ways, sittings)


def _in_the_ledger(stage: Stage, ways: Ways, sittings: Sittings) -> None:
    """Handed in at the beginning of the month before, effective on the first of the day's own; 古越 falls short."""
    early = [stage.nth(stage.last, n) for n in range(1, 16)]
    for number in ("K2022", "K2014"):
        ways.hand_in(number, early[1])
        ways.review(number, early[3])
    sittings.closed(Panel(INFO, {"K2022": (90, 88, 92, 86, 89), "K2014": (76, 81, 74, 79, 77)}), early[4], early[6])
    ways.hand_in("S2011", early[0])
    ways.opinion("S2011", "S0102", early[2])
    sittings.closed(Panel(SERVICE, {"S2011": (93, 90, 91)}), early[4], early[5])
    for number in ("K2022", "S2011"):
        ways.approve(number, early[7])
        ways.post((number,), early[8])
    ways.end_notices(early[14])
    stage.on(stage.day, lambda on: take_effects(access=stage.system(on)))


def _info_service(stage: Stage, ways: Ways, sittings: Sittings) -> None:
    back = stage.back
    many = ("K2018", "K2019", "K2023", "K2024", "K2026")
    for number in many:
        ways.hand_in(number, back(12))
        ways.review(number, back(9))
    given = (
        (85, 83, 88, 81, 84),
        (91, 89, 90, 92, 88),
        (82, 80, 84, 81, 79),
        (87, 90, 85, 88, 86),
        (93, 91, 90, 92, 94),
    )
    sittings.closed(Panel(INFO, dict(zip(many, given, strict=True))), back(8), back(4))
    for number in ("K2024", "K2026"):
        ways.approve(number, back(3))
    ways.post(("K2024",), back(2))
    ways.post(("K2026",), back(2))
    _object(stage, "K2024", "K0104", back(1))
    _object(stage, "K2026", "K0103", back(2))
    stage.on(back(1), lambda on: _dismiss(stage, "K2026", on))
    stage.on(
        back(2),
        lambda on: decline_application(
            access=stage.acting(GM, on), application=stage.application("K2023"), clause="四.2.4",
            words="再带教半年:两篇案例的数据没有说明来源,改进方案没有落实到人。",
        ),
    )  # fmt: skip
    _appeal(stage, "K2023", back(1), "四.2.4 所说的改进方案我提交过两份,负责人和日期都写了,附在业绩成果里。")
    for number in ("K2027", "K2061"):
        ways.hand_in(number, back(9))
        ways.review(number, back(6))
    panel = Panel(INFO, {"K2027": (88, 85, 90, 84, 87), "K2061": (0, 82, 79, 84, 80)})
    sittings.open(panel, back(4), back(1), stage.workdays.nth_after(stage.day, 4), unfilled="K2061")
    stage.on(
        back(9),
        lambda on: open_skip(
            access=stage.acting(HR, on), employee=stage.person("K2013"), to_tier="crown", merit=said.MERIT
        ),
    )
    sittings.closed(Panel(INFO, {"K2013": (92, 95, 90, 93, 94)}), back(8), back(3))


def _on_their_own(stage: Stage, ways: Ways) -> None:
    """Nomination, exam confirmed, data that is waited for and a review that is late, returned."""
    back = stage.back
    stage.on(
        back(3),
        lambda on: nominate(access=stage.acting(HR, on), employee=stage.person("K2049"), words=said.PLEASE),
    )
    stage.account("K2049")
    stage.on(back(2), lambda on: confirm_exam(access=stage.acting(HR, on), employee=stage.person("K2081")))
    ways.hand_in("K2048", back(8))
    ways.hand_in("K2025", back(7))
    stage.on(
        back(4),
        lambda on: send_back(
            access=stage.acting(HEAD, on), application=stage.application("K2025"),
            words="案例只写了标题。请补上两篇案例的客户、做法和结果,并附上截图。",
        ),
    )  # fmt: skip


def _after_sales(stage: Stage, ways: Ways, sittings: Sittings) -> None:
    back = stage.back
    ways.hand_in("S2001", back(2))
    for number, by in (("S2002", "S0101"), ("S2005", "S0101"), ("S2012", "S0102")):
        ways.hand_in(number, back(14))
        ways.opinion(number, by, back(13))
    sittings.closed(Panel(SERVICE, {"S2005": (84, 86, 88), "S2012": (90, 87, 88)}), back(12), back(11))
    for number in ("S2005", "S2012"):
        ways.approve(number, back(10))
        ways.post((number,), back(9))
    _object(stage, "S2005", "S0102", back(5))
    ways.end_notices(back(2))
    sittings.arranged(
        Panel(SERVICE, {"S2002": ()}),
        back(1),
        stage.workdays.nth_after(stage.day, 3),
        stage.workdays.nth_after(stage.day, 3),
    )
    ways.hand_in("S2015", back(6))
    stage.on(
        back(3),
        lambda on: withdraw(
            access=stage.acting("S2015", on), application=stage.application("S2015"), words=said.WITHDRAWN
        ),
    )


def _elsewhere(stage: Stage, ways: Ways, sittings: Sittings) -> None:
    """tiered-exam with its competition, which ends in a tie; parametric up to its interview."""
    back = stage.back
    ways.draft("Q2001", back(1))
    for number in ("Q2003", "Q2006", "Q2007"):
        ways.hand_in(number, back(8))
    sittings.closed(
        Panel(SIGNING, {"Q2003": (86, 84, 88), "Q2006": (81, 80, 82), "Q2007": (88, 84, 86)}, vacancies=1),
        back(6),
        back(3),
    )
    ways.hand_in("Q2004", back(9))
    stage.on(back(7), lambda on: _found_unmet(stage, on))
    _appeal(stage, "Q2004", back(5), "两次投诉都在当天回访并解决,记录在系统里。请核对后再定。")
    stage.on(
        back(2),
        lambda on: decide_appeal(
            access=stage.acting(GM, on), appeal=Appeal.objects.get(application=stage.application("Q2004")), upheld=False,
            words="核对了两次回访:一次是次日补的。处理及时这一条还要再看一个季度,维持部门的决定。",
        ),
    )  # fmt: skip
    ways.hand_in("O2001", back(10))
    ways.opinion("O2001", "O0101", back(8))
    ways.review("O2001", back(5))


def _found_unmet(stage: Stage, on: date) -> None:
    row = stage.application("Q2004")
    last = asked_at(row, "review")[1].number
    answers = all_met(row, "review") | {last: Answer(False, "近三个月两次投诉没有当天回访,处理还不够及时。")}
    review(access=stage.acting("G0010", on), application=row, answers=answers)


def _object(stage: Stage, number: str, by: str, day: date) -> None:
    def act(on: date) -> None:
        entry = NoticeEntry.objects.get(application=stage.application(number), taken_back_on=None)
        raise_objection(access=stage.acting(by, on), entry_id=entry.pk, text=said.OUTSIDE)

    stage.on(day, act)


def _dismiss(stage: Stage, number: str, on: date) -> None:
    objection = Objection.objects.get(entry__application=stage.application(number))
    answer_objection(
        access=stage.acting(HR, on), objection_id=objection.pk, upheld=False,
        answer="已调取系统日志:回访当天录入,时间与通话记录一致,异议不成立。",
    )  # fmt: skip


def _appeal(stage: Stage, number: str, day: date, text: str) -> None:
    def act(on: date) -> None:
        # A decline bears the server's own time; on a company of days to come nobody appeals after its term.
        access = stage.acting(number, min(on, timezone.localdate(stage.now)))
        raise_appeal(access=access, application=stage.application(number), text=text)

    stage.on(day, act)
