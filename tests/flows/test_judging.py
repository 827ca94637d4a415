"""A judge on a phone: declares, scores, loses the connection, and loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from promotion.panels.models import Candidate, Judge, Round, ScoreSheet
from tests.flows.conftest import Site
from tests.panels.planted import at_the_panel
from tests.web.company import Company

pytestmark = [pytest.mark.flow]
SHEET = [
    {"key": "speech", "zh": "演讲", "en": "Speech", "of": "40"},
    {"key": "questions", "zh": "问答", "en": "Questions", "of": "60"},
]


@pytest.fixture
def round(company: Company) -> Round:
    """One candidate before a panel of which a judge from elsewhere has not declared yet."""
    now, department = timezone.now(), company.departments["信息客服部"]
    application = at_the_panel(company.people["K2032"], department)
    found = Round.objects.create(
        step="defence", version=application.version, to_tier="diamond", department=department, place="三楼会议室",
        sheet=SHEET, bar=80, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=2), state="open",
    )  # fmt: skip
    Candidate.objects.create(round=found, application=application, ordinal=1)
    Judge.objects.create(round=found, account=company.account("judge", role="judge"))
    return found


def test_a_judge_on_a_phone_loses_the_connection_and_nothing_else(site: Site, company: Company, round: Round) -> None:
    page = site.let_in(company.accounts["judge"], phone=True)
    page.goto("/judging/")
    page.get_by_role("link", name="声明利害关系").click()
    page.get_by_role("button", name="声明", exact=True).click()
    page.get_by_role("link", name="陈默").click()
    speech, questions = page.get_by_role("textbox", name="演讲"), page.get_by_role("textbox", name="问答")
    speech.fill("33")
    page.get_by_role("button", name="演讲加 1 分").tap()
    expect(speech).to_have_value("34")
    expect(page.locator("#memo")).to_contain_text("已存草稿")
    assert ScoreSheet.objects.get().points == {"speech": "34"}

    page.context.set_offline(True)
    slider = page.get_by_role("slider", name="问答")
    slider.focus()
    for _each in range(3):
        slider.press("ArrowRight")
    expect(questions).to_have_value("3")
    questions.fill("52")
    page.get_by_label("评语").fill("次序对")
    expect(page.locator("#memo")).to_contain_text("没有网络")
    page.get_by_role("button", name="提交评分").click()
    expect(page.locator("#memo")).to_contain_text("联网后再提交")
    assert ScoreSheet.objects.get().points == {"speech": "34"}

    page.context.set_offline(False)
    page.reload()  # the browser was closed meanwhile; what was typed is still there
    expect(questions).to_have_value("52")
    expect(page.locator("#sum")).to_have_text("86")
    expect(page.locator("#memo")).to_contain_text("已存草稿")
    assert ScoreSheet.objects.get().points == {"speech": "34", "questions": "52"}
    page.get_by_role("button", name="提交评分").click()
    expect(page.get_by_text("已提交：陈默")).to_be_visible()
    sheet = ScoreSheet.objects.get()
    assert (sheet.total, sheet.comment) == (86, "次序对")
    page.goto(f"/judging/{round.pk}/1/")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('judging:')).length") == 0
    offline = [words for words in site.complaints if "ERR_INTERNET_DISCONNECTED" not in words]
    assert offline == []


def test_a_newer_draft_of_another_device_is_offered_and_never_written_over(
    site: Site, company: Company, round: Round
) -> None:
    Judge.objects.update(stance="clear", declared_at=timezone.now())
    address = f"/judging/{round.pk}/1/"
    phone, desk = (site.let_in(company.accounts["judge"], phone=small) for small in (True, False))
    phone.goto(address)
    desk.goto(address)
    phone.context.set_offline(True)
    phone.get_by_role("textbox", name="演讲").fill("10")
    desk.wait_for_timeout(30)
    desk.get_by_role("textbox", name="演讲").fill("20")
    expect(desk.locator("#memo")).to_contain_text("已存草稿")
    phone.context.set_offline(False)
    expect(phone.get_by_text("有更新的草稿")).to_be_visible()
    assert ScoreSheet.objects.get().points == {"speech": "20"}
    phone.get_by_role("button", name="用那一份").click()
    expect(phone.get_by_role("textbox", name="演讲")).to_have_value("20")
