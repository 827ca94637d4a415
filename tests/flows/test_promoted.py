"""From eligible to promoted, as all who have a part in it go through it: by exam, by a defence, over a tier."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from promotion.models import LedgerLine
from tests.flows.walking import Walk, answer_clauses, grounds_of, hold_round, state_of, walk
from tests.web.company import Company

__all__ = ["walk"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
JUDGES = ("judge-a", "judge-b", "judge-c", "judge-d", "judge-e")


def with_applicants(company: Company) -> None:
    """K2061 passed the exam for 星级; K2062 and K2063 are 星级, and eligible like K2032."""
    company.hire("K2061", "沈月", "shenyue sy", hired="2026-03-02", regularised="2026-06-02")
    company.tier("K2061", ("regular", "2026-03-02"))
    company.report("K2061", 8)
    company.exam("K2061", "2026-10-14", "star", 88)
    for no, name, pinyin in (("K2062", "邵平", "shaoping sp"), ("K2063", "温故", "wengu wg")):
        company.hire(no, name, pinyin, hired="2023-02-01")
        company.tier(no, ("regular", "2023-02-01"), ("star", "2024-01-01"))
        company.report(no)
        company.customers(no, "2026-05-04", "2026-06-08", "2026-07-09", "2026-08-12", "2026-09-10")
        company.exam(no, "2026-03-20", "diamond", 90)
    for no in ("K2061", "K2062", "K2063"):
        company.account(no, no)
    for name in JUDGES:
        company.account(name)


grounds = grounds_of(with_applicants)


def test_a_passed_exam_is_confirmed_attested_decided_posted_and_takes_effect(walk: Walk) -> None:
    hr = walk.at("hr", "/admin/applications/")
    walk.follow("hr", "确认考试合格")
    hr.get_by_label("员工").fill("K2061")
    walk.press("hr", "确认")
    expect(hr.get_by_role("link", name="沈月")).to_be_visible()

    head = walk.at("K1000", "/inbox/")
    walk.follow("K1000", "沈月")
    assert answer_clauses(head) == 3
    walk.press("K1000", "完成审核")
    assert state_of("K2061") == ("open", "decision")

    manager = walk.at("gm", "/inbox/", phone=True)
    walk.follow("gm", "沈月")
    walk.follow("gm", "决定")
    manager.get_by_role("checkbox", name="批准 沈月").check()
    walk.press("gm", "批准所选")
    expect(manager.get_by_text("已批准 1 件")).to_be_visible()

    number = walk.post("沈月")
    own = walk.at("K2061", "/me/", phone=True)
    expect(own.locator("main")).to_contain_text("公示")
    walk.at("K2061", f"/notices/{number}/")
    walk.on(date(2026, 11, 20))
    assert state_of("K2061") == ("open", "effect")
    walk.on(date(2026, 12, 1))
    walk.at("K2061", "/me/")
    expect(own.locator("h1")).to_contain_text("星级客服")
    walk.at("K2061", "/applications/")
    own.locator("ul.app-list a").first.click()
    walk.look("K2061")
    expect(own.get_by_text("已生效").first).to_be_visible()
    walk.follow("K2061", "晋升通知书")
    expect(own.get_by_role("heading", name="晋升通知书")).to_be_visible()
    expect(own.locator("main")).to_contain_text("2026年12月1日")
    assert own.pdf(format="A4").startswith(b"%PDF")


def hand_in(walk: Walk, who: str) -> str:
    """From one's own page to the application handed in, with a file; its number."""
    own = walk.at(who, "/me/", phone=True)
    walk.press(who, "申请晋升钻级客服")
    own.get_by_label("工作总结").fill("半年里完成五个客户的上线，案例五篇。")
    own.get_by_label("业绩成果").fill("五个客户，五篇优秀案例。")
    own.get_by_label("附件").set_input_files(
        {"name": "感谢信.txt", "mimeType": "text/plain", "buffer": "谢谢".encode()}
    )
    walk.press(who, "提交")
    expect(own.get_by_role("link", name="感谢信.txt")).to_be_visible()
    return own.url.rstrip("/").rsplit("/", 1)[1]


def review(walk: Walk, name: str) -> None:
    """The head finds it in the inbox and finds every clause met."""
    head = walk.at("K1000", "/inbox/")
    walk.follow("K1000", name)
    assert answer_clauses(head) == 5
    walk.press("K1000", "完成审核")


def approve(walk: Walk, name: str, words: str = "") -> None:
    manager = walk.at("gm", "/decisions/", phone=True)
    manager.get_by_role("checkbox", name=f"批准 {name}").check()
    if words:
        manager.get_by_label("仍予批准的理由").fill(words)
    walk.press("gm", "批准所选")
    expect(manager.get_by_text("已批准 1 件")).to_be_visible()


def test_of_two_at_a_defence_one_is_objected_to_and_decided_again_and_the_other_appeals_in_vain(walk: Walk) -> None:
    number, other = hand_in(walk, "K2032"), hand_in(walk, "K2062")
    review(walk, "陈默")
    review(walk, "邵平")
    hold_round(walk, judges=JUDGES, points=lambda judge, at: ("35", "26", "27" if at == 1 else "21"))
    own = walk.at("K2032", f"/applications/{number}/")
    expect(own.locator("main")).to_contain_text("88")
    approve(walk, "陈默")
    decline(walk, "邵平")
    appeal_in_vain(walk, "K2062", other)
    objected_and_decided_again(walk, number)


def decline(walk: Walk, name: str) -> None:
    manager = walk.at("gm", "/decisions/", phone=True)
    manager.get_by_text(f"驳回 {name}").click()
    manager.get_by_label("依据条款").select_option("四.2.4")
    manager.get_by_label("理由").fill("改善方案还没有实施。")
    walk.press("gm", "驳回")
    expect(manager.get_by_text("已驳回")).to_be_visible()


def appeal_in_vain(walk: Walk, who: str, number: str) -> None:
    """The only general manager has declined it, so HR names somebody who had no part in it."""
    own = walk.at(who, f"/applications/{number}/")
    expect(own.locator("main")).to_contain_text("改善方案还没有实施。")
    own.get_by_label("申诉").fill("两份方案九月已经实施。")
    walk.press(who, "申诉")
    hr = walk.at("hr", "/inbox/")
    walk.follow("hr", "邵平")
    hr.get_by_label("申诉决定人").fill("payroll")
    walk.press("hr", "指定")
    outsider = walk.at("payroll", "/inbox/")
    walk.follow("payroll", "邵平")
    outsider.get_by_role("radio", name="申诉不成立").check()
    outsider.get_by_label("理由").fill("九月的方案不在评定期内。")
    walk.press("payroll", "决定")
    walk.at(who, f"/applications/{number}/")
    expect(own.locator("main")).to_contain_text("九月的方案不在评定期内。")
    assert state_of(who) == ("declined", "")


def objected_and_decided_again(walk: Walk, number: str) -> None:
    notice, own = walk.post("陈默"), walk.pages["K2032"]

    colleague = walk.at("K2031", "/notices/", phone=True)
    walk.at("K2031", f"/notices/{notice}/")
    walk.follow("K2031", "提出异议")
    colleague.get_by_label("事实和依据").fill("六月的案例由两人完成。")
    walk.press("K2031", "提交人事部")
    hr = walk.at("hr", "/inbox/")
    walk.follow("hr", "异议")
    hr.get_by_label("异议").select_option("yes")
    hr.get_by_label("书面答复").fill("情况属实，请重新决定。")
    walk.press("hr", "答复")
    assert state_of("K2032") == ("open", "decision")
    own = walk.at("K2032", f"/applications/{number}/")
    expect(own.locator("main")).to_contain_text("六月的案例由两人完成。")
    approve(walk, "陈默", "除去这一篇，仍有四篇。")
    walk.post("陈默")
    walk.on(date(2026, 11, 25))
    walk.on(date(2026, 12, 1))
    walk.at("K2032", "/me/")
    expect(own.locator("h1")).to_contain_text("钻级客服")


def test_a_tier_is_skipped_by_merit_panel_and_a_notice_of_double_length(walk: Walk) -> None:
    hr = walk.at("hr", "/admin/applications/")
    walk.follow("hr", "发起越级晋升")
    hr.get_by_label("员工").fill("K2063")
    hr.get_by_label("晋升到").select_option(label="皇冠级客服")
    hr.get_by_label("突出贡献").fill("挽回流失的大客户三家。")
    hr.get_by_label("证据").set_input_files({"name": "合同.txt", "mimeType": "text/plain", "buffer": "合同".encode()})
    walk.press("hr", "发起")
    hold_round(walk, judges=JUDGES, points=lambda judge, at: ("36", "27", "28"))
    approve(walk, "温故")
    notice = walk.post("温故")
    walk.on(date(2026, 11, 20))
    assert state_of("K2063") == ("open", "public_notice")
    everybody = walk.at("K2031", f"/notices/{notice}/", phone=True)
    expect(everybody.locator("main")).to_contain_text("越级")
    walk.on(date(2026, 11, 27))
    walk.on(date(2026, 12, 1))
    line = LedgerLine.objects.get(employee__employee_no="K2063", effective_on=date(2026, 12, 1))
    assert (line.kind, line.from_tier, line.to_tier) == ("skip", "star", "crown")
    own = walk.at("K2063", "/me/", phone=True)
    expect(own.locator("h1")).to_contain_text("皇冠级客服")
