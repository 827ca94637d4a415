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


def approve(walk: Walk, name: str, words: str = "") -> None:
    manager = walk.at("gm", "/decisions/", phone=True)
    manager.get_by_role("checkbox", name=f"批准 {name}").check()
    if words:
        manager.get_by_label("仍予批准的理由").fill(words)
    walk.press("gm", "批准所选")
    expect(manager.get_by_text("已批准 1 件")).to_be_visible()


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
