"""A competition in the browser: equal at the last vacancy, two candidates come before the general manager with both files."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from policy.actions.policy_adopt import adopt
from promotion.models import LedgerLine
from tests.flows.walking import Walk, answer_clauses, grounds_of, hold_round, state_of, walk
from tests.web.company import Company

__all__ = ["walk"]
pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
JUDGES = ("judge-a", "judge-b", "judge-c")
#: In the order in which they come before the panel; the first two are equal, the third is below the bar.
RIVALS = {"K2081": "高原", "K2082": "罗溪", "K2083": "孔明远"}
LINES = ("12", "12", "12", "9", "9", "9", "6", "6", "6", "3", "3", "3")
FEWER = ("8", "8", "8", "9", "9", "9", "6", "6", "6", "3", "3", "3")


def with_rivals(company: Company) -> None:
    """二级客服 of a department that has another ladder, led by its own supervisor and head."""
    company.hire("K2080", "万里", "wanli wl", department="财务部", boss=None)
    for no, name in RIVALS.items():
        company.hire(no, name, no.lower(), department="财务部", boss="K2080", hired="2024-02-01")
        LedgerLine.objects.create(
            seq=0, employee=company.people[no], kind="entry", ladder="tiered-exam", from_tier="", to_tier="level2",
            effective_on=date(2024, 2, 1), channel="test", prev_hash="", hash="",
        )  # fmt: skip
        company.account(no, no)
    company.departments["财务部"].head = company.people["K2080"]
    company.departments["财务部"].save()
    company.account("K2080", "K2080")
    adopt(
        access=company.access, key="tiered-exam", department=company.departments["财务部"], starts_on=date(2024, 1, 1)
    )
    for name in JUDGES:
        company.account(name)


grounds = grounds_of(with_rivals)


def test_a_tie_at_the_last_vacancy_goes_to_the_general_manager_with_both_files(walk: Walk) -> None:
    for no in RIVALS:
        own = walk.at(no, "/me/", phone=True)
        walk.press(no, "申请晋升三级客服")
        own.get_by_label("工作总结").fill(f"{RIVALS[no]}：一年的接待记录。")
        walk.press(no, "提交")
    pk = hold_round(walk, judges=JUDGES, points=lambda judge, at: FEWER if at == 3 else LINES, vacancies=1)
    assert [state_of(no) for no in RIVALS] == [("open", "competition"), ("open", "competition"), ("declined", "")]

    manager = walk.at("gm", "/inbox/", phone=True)
    manager.locator(f"a[href='/rounds/{pk}/tie/']").first.click()
    walk.look("gm")
    for no in ("K2081", "K2082"):
        expect(manager.locator("main")).to_contain_text(f"{RIVALS[no]}：一年的接待记录。")
    manager.get_by_role("radio", name="罗溪").check()
    manager.get_by_role("textbox").fill("罗溪处理投诉的速度更好。")
    manager.locator("form.declare button.main-act").click()
    walk.look("gm")
    assert [state_of(no) for no in RIVALS] == [("declined", ""), ("open", "review"), ("declined", "")]
    loser = walk.at("K2081", "/applications/")
    loser.locator("ul.app-list a").first.click()
    walk.look("K2081")
    expect(loser.locator("main")).to_contain_text("罗溪处理投诉的速度更好。")

    head = walk.at("K2080", "/inbox/")
    walk.follow("K2080", "罗溪")
    assert answer_clauses(head) == 4
    walk.press("K2080", "完成审核")
    assert state_of("K2082") == ("open", "decision")
