"""A month is entered with the keyboard, by pasting, by two at once and without a connection."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from assessment.models import EmployeeMonth, HandIn, Metric
from policy.actions.policy_adopt import adopt
from staff.kernel.periods import Month
from tests.flows.conftest import Site, asked_anew
from tests.flows.test_portal import violations
from tests.web.company import Company, make_company

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
NOVEMBER = Month.parse("2026-11")
CASES, ONLINE = "优秀发布案例", "在线核心词数"
#: In the order of the grid: by pinyin.
NAMES = ("白羽", "陈默", "韩序", "季扬", "梁驰", "林晓", "孟夏", "苏禾", "许诺")


@pytest.fixture
def company(chromium: Browser, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Company:
    """In December, while November is entered."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 4))
    cache.clear()
    return make_company()


def cell(page: Page, name: str, metric: str = CASES) -> Locator:
    return page.get_by_label(f"{name} {metric}", exact=True)


def begin(page: Page, name: str, metric: str = CASES) -> None:
    """Focuses the cell once the table is open for entering."""
    expect(cell(page, name, metric)).to_be_editable()
    cell(page, name, metric).focus()


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const what = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', what));
        }""",
        text,
    )


def held(company: Company, number: str, metric: str = "excellent_cases") -> object:
    row = EmployeeMonth.objects.filter(employee=company.people[number], month=NOVEMBER).first()
    return getattr(row, f"s{Metric.objects.get(key=metric).slot}") if row else None


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("已自动保存")


def test_a_team_is_entered_with_the_keyboard(site: Site, company: Company) -> None:
    page = site.enter("K1001")
    page.get_by_role("link", name="本月填报").click()
    expect(page.locator("h1")).to_contain_text("本月填报")
    begin(page, "陈默")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(cell(page, "韩序")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    expect(cell(page, "韩序", ONLINE)).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    expect(cell(page, "陈默")).to_be_focused()
    saved(page)
    assert (held(company, "K2032"), held(company, "K2041"), held(company, "K2041", "keywords_online")) == (1, 2, 3)
    page.keyboard.press("F2")
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    expect(cell(page, "陈默")).to_have_value("1")
    page.keyboard.type("两篇")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "陈默")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#mend")).to_have_text("1 处要改")
    expect(page.locator("#hand-in button")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Control+z")
    expect(cell(page, "陈默")).to_have_value("1")
    page.keyboard.press("Control+z")
    expect(cell(page, "韩序", ONLINE)).to_have_value("")
    page.keyboard.press("Control+y")
    expect(cell(page, "韩序", ONLINE)).to_have_value("3")
    expect(page.locator("[data-filled]")).to_have_text("3 / 16")
    saved(page)
    page.reload()
    expect(cell(page, "韩序", ONLINE)).to_have_value("3")
    assert site.complaints == []


def test_a_block_is_pasted_mended_and_undone(site: Site, company: Company) -> None:
    page = site.enter("K1001")
    page.goto("/intake/")
    begin(page, "陈默")
    rows = ["1\t2", "两篇\t3", "1,234\t4", "１２\t5", "2\t6", "3\t1.5", "\t8", "1\t9"]
    paste(page, "\r\n".join(rows) + "\r\n")
    told = page.locator("#told")
    expect(told).to_contain_text("已粘贴 8 行 × 2 列")
    expect(told).to_contain_text("3 处要改")
    expect(told).to_contain_text("1 个空格保持原值")
    expect(page.locator("td.pasted")).to_have_count(15)
    assert held(company, "K2032") is None, "not saved until one goes on"
    page.get_by_role("button", name="撤销粘贴").click()
    expect(cell(page, "陈默")).to_have_value("")
    expect(page.locator("td.invalid")).to_have_count(0)
    paste(page, "\n".join(rows))
    page.keyboard.press("Enter")
    expect(page.locator("td.pasted")).to_have_count(0)
    saved(page)
    assert held(company, "K2042") == 1234
    assert held(company, "K2032", "keywords_online") == 2
    expect(page.locator("#fix li")).to_have_count(4)  # three faults, and who lacks one
    page.locator("#fix a").first.click()
    expect(cell(page, "韩序")).to_be_focused()
    expect(page.locator(".tip:visible")).to_have_text("“两篇”不是数字。写成数字，例如 2。")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("#mend")).to_have_text("2 处要改")


def test_two_see_each_others_entries_and_neither_overwrites(site: Site, company: Company) -> None:
    mine, theirs = site.enter("K1001"), site.enter("K1000")
    mine.clock.install()
    theirs.clock.install()
    mine.goto("/intake/")
    theirs.goto("/intake/?team=K1001")
    cell(theirs, "陈默").fill("7")
    cell(theirs, "陈默").press("Enter")
    saved(theirs)
    begin(mine, "林晓")
    mine.keyboard.type("1")
    asked_anew(mine)
    expect(cell(mine, "陈默")).to_have_value("7")
    expect(mine.locator("td.fresh")).to_have_count(1)
    cell(theirs, "林晓").fill("4")
    cell(theirs, "林晓").press("Enter")
    expect(theirs.locator("td.typed")).to_have_count(0)
    mine.keyboard.press("Enter")
    begin(mine, "林晓")
    bubble = mine.locator(".tip:visible")
    expect(bubble).to_contain_text("程砚 K1000")
    expect(bubble).to_contain_text("填了 4，你填的是 1")
    assert held(company, "K2031") == 4
    bubble.get_by_role("button", name="用 1").click()
    saved(mine)
    expect(mine.locator("td.invalid")).to_have_count(0)
    assert held(company, "K2031") == 1
    asked_anew(theirs)
    expect(cell(theirs, "林晓")).to_have_value("1")


def test_without_a_connection_nothing_is_lost_and_all_is_sent_later(site: Site, company: Company) -> None:
    page = site.enter("K1001")
    page.goto("/intake/")
    page.context.set_offline(True)
    begin(page, "陈默")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("有 2 格未保存")
    assert held(company, "K2032") is None
    page.context.set_offline(False)
    expect(page.locator("#told")).not_to_contain_text("未保存", timeout=15_000)
    saved(page)
    assert (held(company, "K2032"), held(company, "K2041")) == (5, 6)
    # what was typed while the sign-in ran out is there after signing in again
    page.context.clear_cookies(name="sessionid")
    begin(page, "苏禾")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("登录已过期")
    page.locator("#told").get_by_role("link", name="登录").click()
    page.fill("#id_login", "K1001")
    page.fill("#id_password", "quiet-river-stone-42")
    page.click("button.main-act")
    expect(cell(page, "苏禾")).to_have_value("8")
    saved(page)
    assert held(company, "K2033") == 8
    assert page.evaluate("localStorage.length") == 0


def test_a_month_is_handed_in_with_its_gaps_explained_and_taken_back(site: Site, company: Company) -> None:
    page = site.enter("K1001")
    page.goto("/intake/")
    page.fill("#note", "词数还没有统计")
    page.get_by_role("button", name="提交本月").click()
    expect(page.locator(".notice.met")).to_contain_text("周岚 K1001 已于")
    expect(page.locator(".notice.met")).to_contain_text("缺 16 处：词数还没有统计")
    expect(cell(page, "陈默")).not_to_be_editable()
    assert HandIn.objects.get().gaps == 16
    page.get_by_role("button", name="撤回提交").click()
    expect(cell(page, "陈默")).to_be_editable()


def test_on_a_phone_one_person_at_a_time(site: Site, company: Company) -> None:
    page = site.enter("K1001", phone=True)
    page.goto("/intake/")
    expect(page.locator(".turn h2")).to_contain_text("陈默")
    cell(page, "陈默").fill("1")
    cell(page, "陈默").press("Enter")
    expect(cell(page, "陈默", ONLINE)).to_be_focused()
    page.keyboard.type("2")
    page.locator(".next-gap").click()
    expect(page.locator(".turn h2")).to_contain_text("韩序")
    saved(page)
    page.get_by_role("button", name="表格", exact=True).click()
    expect(cell(page, "梁驰")).to_be_visible()


def test_events_are_pasted_and_come_back_with_their_faults(site: Site, company: Company) -> None:
    page = site.enter("K1001")
    page.goto("/intake/2026-11/events/")
    page.locator("[name=person]").first.focus()
    paste(page, "林晓\t表扬\t2026-11-03\t客户甲\n陈默\t投诉\t2026-11-32\n")
    page.get_by_role("button", name="保存事件").click()
    expect(page.locator(".notice.unmet")).to_contain_text("还没有保存")
    expect(page.locator("[name=subject]").first).to_have_value("客户甲")
    page.locator("[name=day]").nth(1).fill("2026-11-30")
    page.get_by_role("button", name="保存事件").click()
    expect(page.locator(".notice.met")).to_contain_text("已保存 2 条事件")
    expect(page.locator("section .table")).to_contain_text("待核实")


def test_in_chinese_the_grid_does_not_scroll_sideways_and_axe_finds_nothing(site: Site) -> None:
    """In English, and on a phone, every page is walked (test_every_page)."""
    page = site.enter("K1001")
    for path in ("/intake/", "/intake/2026-11/events/", "/intake/2026-10/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if path == "/intake/":
            begin(page, "陈默")
            paste(page, "x\t1\n2\t3")
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], path  # type: ignore[index]
        assert violations(page) == [], path


def thirty(company: Company) -> list[str]:
    """A team of thirty with ten metrics: two that the policy needs, eight that were reported already."""
    counted = Metric.objects.filter(unit__in=["count", "%", "yuan"], kind="value")
    more = list(counted.exclude(key__in=["excellent_cases", "keywords_online"])[:8])
    for at in range(30):
        company.hire(f"K4{at:03d}", f"组员{at:02d}", f"aa{at:02d}", hired="2026-11-01", boss="K1002")
        for metric in more:
            company.values(f"K4{at:03d}", metric.key, {"2026-11": 0})
    return [f"K4{at:03d}" for at in range(30)]


def test_thirty_people_and_ten_metrics_take_one_key_a_cell_beside_the_digits_or_three_for_a_block(
    site: Site, company: Company
) -> None:
    numbers = thirty(company)
    page = site.enter("K1002")
    page.goto("/intake/")
    expect(page.locator("td[data-metric]")).to_have_count(300)
    first = page.locator("td[data-metric] input").first
    expect(first).to_be_editable()
    # typed: a digit and Enter a cell, column by column, and no key to save
    first.focus()
    for _cell in range(300):
        page.keyboard.type("7")
        page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("td.typed")).to_have_count(0)
    keys = page.locator("thead [data-metric]").evaluate_all("all => all.map(th => th.dataset.metric)")
    slots = [f"s{slot}" for slot in Metric.objects.filter(key__in=keys).values_list("slot", flat=True)]
    rows = EmployeeMonth.objects.filter(employee__employee_no__in=numbers, month=NOVEMBER)
    assert all(getattr(row, slot) == 7 for row in rows for slot in slots)
    # pasted: the first cell, the block, Enter
    first.focus()
    paste(page, "\n".join("\t".join(["8"] * 10) for _row in range(30)))
    page.keyboard.press("Enter")
    expect(page.locator("td.pasted")).to_have_count(0)
    expect(page.locator("td.typed")).to_have_count(0)
    assert all(getattr(row, slot) == 8 for row in rows.all() for slot in slots)


def test_yes_and_no_are_turned_with_one_key_typed_pasted_and_clicked(site: Site, company: Company) -> None:
    adopt(
        access=company.access,
        key="itemised-scorecard",
        department=company.departments["信息客服一组"],
        starts_on=date(2026, 11, 1),
    )
    page = site.enter("K1001")
    page.goto("/intake/")
    begin(page, "陈默", "加班")
    for shown in ("是", "否", "是"):
        page.keyboard.press("Space")
        expect(cell(page, "陈默", "加班")).to_have_value(shown)
        expect(page.locator("#aloud")).to_have_text(f"陈默 · 加班: {shown}")
    page.keyboard.press("Enter")
    expect(cell(page, "韩序", "加班")).to_be_focused()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    expect(cell(page, "韩序", "加班")).to_have_value("否")
    page.keyboard.type("或许")
    page.keyboard.press("Enter")
    expect(page.locator("#fix")).to_contain_text("季扬 · 加班")
    expect(page.locator("#fix")).to_contain_text("只填是或否")
    cell(page, "季扬", "加班").focus()
    paste(page, "是\t否\n否\t是")
    expect(cell(page, "梁驰", "出勤")).to_have_value("是")
    page.keyboard.press("Enter")
    cell(page, "苏禾", "出勤").locator("xpath=..").locator(".flip").click()
    expect(cell(page, "苏禾", "出勤")).to_have_value("是")
    saved(page)
    assert [held(company, no, "overtime") for no in ("K2032", "K2041", "K2042", "K2034")] == [1, 0, 1, 0]
    assert (held(company, "K2034", "attendance"), held(company, "K2033", "attendance")) == (1, 1)
    begin(page, "苏禾", "出勤")
    page.keyboard.press("Delete")
    expect(cell(page, "苏禾", "出勤")).to_have_value("")
    row_yields_its_points_at_once(page)
    assert violations(page) == []


def row_yields_its_points_at_once(page: Page) -> None:
    """With the keyboard: the last cell is saved, right of it stands what the row yields, and a card says of what."""
    row = page.locator('tr[data-no="K2032"]')
    given = {"满意度": 95, "处理速度": 1, "准确性": 0, "服务规范": 1, "任务完成": 0, "业务知识": 88, "出勤": 1, "积极性": 1,
             "同事评价": 0, "协同解决问题": 1, "分享经验": 1}  # fmt: skip
    for metric, value in given.items():
        begin(page, "陈默", metric)
        page.keyboard.type(str(value))
    expect(row.locator("[data-total]")).to_have_text("待齐")
    page.keyboard.press("ArrowRight")
    expect(row.locator("[data-total]")).to_have_text("75")
    expect(row.locator(".pts button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".pts-card")).to_be_visible()
    expect(row.locator(".pts-card dt:text-is('处理速度') + dd")).to_have_text("5 / 10")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "陈默", "分享经验")).to_be_focused()
