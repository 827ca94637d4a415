"""The second factor, the devices and the tokens, as somebody lives with them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from staff.kernel.one_time_codes import STEP, code_at
from staff.models import ApiToken
from tests.flows.conftest import Site
from tests.flows.test_admin import grave
from tests.flows.test_portal import violations
from tests.web.company import PASSWORD, Company

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]


def code(secret: str, off: int = 0) -> str:
    return code_at(secret, int(datetime.now(UTC).timestamp()) // STEP + off)


def give(page: Page, typed: str) -> None:
    page.fill("#id_code", typed)
    page.click("button.main-act")


def set_up(page: Page) -> tuple[str, list[str]]:
    """The key as it stands there, and the recovery codes."""
    page.goto("/settings/second-factor/set-up/")
    secret = "".join(page.locator("#secret span").all_inner_texts())
    give(page, code(secret, -1))
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    return secret, codes


def test_somebody_sets_up_a_second_factor_signs_in_with_it_loses_the_phone_and_ends_the_other_device(
    site: Site,
) -> None:
    page = site.enter("K2031")
    page.get_by_role("link", name="设置").click()
    page.get_by_role("link", name="设置二次验证").click()
    secret, codes = set_up(page)
    with page.expect_download() as file:
        page.get_by_role("link", name="下载").click()
    kept = file.value.path().read_text(encoding="utf-8")
    assert all(one in kept for one in codes)
    page.get_by_role("link", name="已保存，继续").click()
    expect(page.locator(".v.met")).to_contain_text("已启用")
    page.get_by_role("button", name="退出").click()

    page = site.enter("K2031")
    expect(page).to_have_url(f"{site.address}/accounts/second-factor/")
    give(page, "000000")
    expect(page.locator(".error")).to_contain_text("验证码不对")
    give(page, code(secret))
    expect(page).to_have_url(f"{site.address}/me/")

    other = site.enter("K2031", phone=True)
    give(other, codes[0])
    expect(other).to_have_url(f"{site.address}/me/")
    again = site.enter("K2031")
    give(again, codes[0])
    expect(again.locator(".error")).to_contain_text("验证码不对，或已用过")

    page.goto("/settings/devices/")
    expect(page.locator(".entries li")).to_have_count(2)
    page.locator(".entries button").click()
    expect(page.locator("[role=status]")).to_contain_text("已退出登录")
    expect(page.locator(".entries li")).to_have_count(1)
    other.goto("/me/")
    expect(other).to_have_url(f"{site.address}/accounts/login/?next=/me/")
    assert [complaint for complaint in site.complaints if "422" not in complaint] == []


def test_a_token_is_made_copied_and_revoked(site: Site) -> None:
    page = site.enter("hr", language="en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/settings/tokens/")
    page.get_by_role("link", name="New token").click()
    page.fill("#id_name", "attendance, every night")
    page.select_option("#id_scope_absences", "write")
    page.get_by_role("button", name="Make the token").click()
    shown = page.locator("#token").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown
    page.get_by_role("link", name="I have copied it").click()
    expect(page.locator(".entries h2")).to_contain_text("works")
    page.get_by_role("button", name="Revoke the token").click()
    expect(page.locator(".entries h2")).to_contain_text("revoked")
    assert ApiToken.objects.get().revoked_at
    assert site.complaints == []


def test_on_a_phone_and_in_chinese_axe_finds_nothing_and_nothing_scrolls_sideways(site: Site) -> None:
    page = site.enter("hr", phone=True)

    def look() -> None:
        width = page.viewport_size["width"]  # type: ignore[index]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        assert violations(page) == [], page.url

    for path in ("", "password/", "second-factor/", "second-factor/set-up/", "devices/", "tokens/", "tokens/new/"):
        page.goto(f"/settings/{path}")
        look()
    page.fill("#id_name", "attendance")
    page.select_option("#id_scope_values", "write")
    page.click("button.main-act")
    look()
    page.goto("/settings/tokens/")
    look()
    set_up(page)
    look()
    for path in ("", "second-factor/", "second-factor/codes/", "second-factor/remove/"):
        page.goto(f"/settings/{path}")
        look()
    page = site.open(phone=True)
    page.goto("/accounts/login/")
    look()
    page.fill("#id_login", "hr")
    page.fill("#id_password", PASSWORD)
    page.click("button.main-act")
    expect(page).to_have_url(f"{site.address}/accounts/second-factor/")
    look()


@pytest.mark.parametrize(("theme", "phone"), [("light", False), ("dark", True)], ids=["desk", "phone"])
def test_the_operator_looks_after_somebodys_sign_in(site: Site, company: Company, phone: bool, theme: str) -> None:
    their = site.enter("K2031")
    set_up(their)
    page = site.enter("operator", phone=phone, theme=theme)
    page.goto(f"/admin/staff/account/{company.accounts['K2031'].pk}/change/")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    assert grave(page) == []
    page.get_by_role("link", name="重置二次验证").click()
    page.fill("[name=reason]", "手机丢了，已当面确认")
    page.get_by_role("button", name="重置二次验证").click()
    expect(page.get_by_text("没有设置。")).to_be_visible()
    their.goto("/me/")
    expect(their).to_have_url(f"{site.address}/accounts/login/?next=/me/")
