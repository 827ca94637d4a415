"""A notice from the post to the effect: an objection from a phone, upheld, decided anew on a phone, posted anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from promotion.applications.models import EFFECT, NOTICE, Application
from promotion.notices.actions.notice_end import end_due_notices
from promotion.notices.models import Notice
from staff.kernel.access import Access
from tests.flows.conftest import Site
from tests.notices.conftest import Office
from tests.web.company import Company

pytestmark = [pytest.mark.flow]


def test_an_objection_is_upheld_and_the_promotion_decided_and_posted_anew(site: Site, company: Company) -> None:
    application = Office(company).approved("K2032", kind="skip")
    hr = site.let_in(company.accounts["hr"])
    hr.goto("/admin/notices/")
    hr.get_by_role("button", name="发布公示").click()
    expect(hr.get_by_text("GS-2026-001 已发布")).to_be_visible()

    employee = site.let_in(company.accounts["K2031"], phone=True)
    employee.goto("/notices/")
    employee.get_by_role("link", name="信息客服一组晋升公示").click()
    expect(employee.get_by_text("GS-2026-001")).to_be_visible()
    assert employee.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    employee.get_by_role("link", name="提出异议").click()
    employee.get_by_label("事实和依据").fill("六月的案例由两人完成。")
    employee.get_by_role("button", name="提交人事部").click()
    expect(employee.get_by_text("待人事书面答复")).to_be_visible()

    hr.goto("/admin/notices/")
    hr.get_by_role("link", name="答复").click()
    hr.get_by_label("异议").select_option("yes")
    hr.get_by_label("书面答复").fill("情况属实。")
    hr.get_by_role("button", name="答复").click()
    expect(hr.get_by_text("没有待答复的异议")).to_be_visible()
    employee.reload()
    expect(employee.get_by_text("情况属实。")).to_be_visible()

    manager = site.let_in(company.accounts["gm"], phone=True)
    manager.goto("/decisions/")
    expect(manager.get_by_text("六月的案例由两人完成。")).to_be_visible()
    manager.get_by_role("checkbox").check()
    manager.get_by_label("仍予批准的理由").fill("按功绩批准。")
    manager.get_by_role("button", name="批准所选").click()
    expect(manager.get_by_text("已批准 1 件")).to_be_visible()
    assert Application.objects.get(pk=application.pk).step == NOTICE

    hr.goto("/admin/notices/")
    hr.get_by_role("button", name="发布公示").click()
    expect(hr.get_by_text("GS-2026-002 已发布")).to_be_visible()
    again = Notice.objects.get(serial=2)
    end_due_notices(access=Access.system(again.ends_on.replace(day=again.ends_on.day + 1), "nightly"))
    assert Application.objects.get(pk=application.pk).step == EFFECT
    assert not site.complaints
