"""Cases as HR, supervisors, employees and programs find them: October's demotion cases, a year's praise, a team's fund."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessment.models import Case
from policy.models import PolicyVersion
from staff.models import AuditEntry
from tests.assessment.cases.planted import raised_for
from tests.web.company import Company
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def of_team(company: Company) -> Case:
    version = PolicyVersion.objects.latest("pk")
    found: Case = Case.objects.create(
        kind="team_fund", policy=version.key, version=version, clause="五.1.2", level="quarter", month="2026-09",
        department=company.departments["信息客服一组"], owner="hr",
        evidence={"grade": "excellent", "total": 3.75, "rule": {"zh": "等级为优秀", "en": "grade is excellent"}},
    )  # fmt: skip
    return found


def test_hr_finds_the_months_new_ones_first_and_narrows_the_list(company: Company, visitor: Visitor) -> None:
    Case.objects.filter(pk=of_team(company).pk).update(
        state="withdrawn", withdrawn_at="2026-11-01T00:00:00+08:00", withdrawn_note="?"
    )
    client, page = visitor("hr", language="zh-hans"), reverse("admin:cases")
    whole = text(client.get(page))
    assert "本月新增：2026-10" in whole
    assert whole.index("八.") < whole.index("五.1.2")
    new = Case.objects.filter(kind="demotion", month="2026-10")
    assert text(client.get(page, {"state": "new"})).count('role="rowheader"') == new.count() > 1
    assert text(client.get(page, {"kind": "team_fund"})).count('role="rowheader"') == 1
    assert text(client.get(page, {"adverse": "no"})).count('role="rowheader"') == 1
    assert text(client.get(page, {"month": "2026-09", "state": "withdrawn"})).count('role="rowheader"') == 1
    assert "没有符合筛选的个案" in text(client.get(page, {"department": "999999"}))


def test_a_case_page_tells_clause_rule_facts_and_what_follows(company: Company, visitor: Visitor) -> None:
    case = Case.objects.filter(clause="八.1").latest("pk")
    told = text(visitor("hr", language="zh-hans").get(reverse("admin:case", args=[case.pk])))
    said = ("连续三个月无核心关键词上线", "这不是决定", "≥ 3 个月", "<small>2026-08</small>")
    assert [words for words in said if words not in told] == []
    english = text(visitor("hr").get(reverse("admin:case", args=[case.pk])))
    assert "No core keyword online for three months running" in english


def test_hr_marks_a_case_as_handled_on_its_page(company: Company, visitor: Visitor) -> None:
    case = raised_for(company.people["K2031"])
    client, page = visitor("hr"), reverse("admin:case", args=[case.pk])
    assert client.post(page, {"text": "已表扬"}).status_code == 302
    assert "已表扬" in text(client.get(page))
    assert client.post(page, {"text": "again"}).status_code == 422
    assert AuditEntry.objects.filter(action="case_handled", employee=company.people["K2031"]).count() == 1


def test_an_employee_sees_their_own_and_a_supervisor_those_of_the_people_they_lead(
    company: Company, visitor: Visitor
) -> None:
    own, team = raised_for(company.people["K2031"]), of_team(company)
    page = reverse("cases")
    mine = text(visitor("K2031", language="zh-hans").get(page))
    assert "我的个案" in mine
    assert (mine.count("公开表扬"), mine.count('role="row"')) == (1, 2)
    led = text(visitor("K1001", language="zh-hans").get(page))
    assert "没有关于你的个案" in led
    assert reverse("case", args=[own.pk]) in led
    assert reverse("case", args=[team.pk]) not in led  # a team's is for whoever has the department
    assert reverse("case", args=[team.pk]) in text(visitor("K1000").get(page))
    assert text(visitor("K2031").get(reverse("case", args=[own.pk]))).count("92.5") == 1


def test_the_file_holds_what_the_list_does_and_hr_alone_takes_it_out(company: Company, visitor: Visitor) -> None:
    of_team(company)
    response = visitor("hr", language="zh-hans").get(reverse("admin:cases-export"), {"kind": "team_fund"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    (_head, row) = list(sheet.values)
    assert (row[2], row[3], row[8]) == ("信息客服一组", "团队建设基金", "2026-Q3")
    assert visitor("auditor").get(reverse("admin:cases-export")).status_code == 403


def test_the_first_page_says_how_many_wait(company: Company, visitor: Visitor) -> None:
    waiting = Case.objects.filter(state="open").count()
    assert f"{waiting} 件个案待处理" in text(visitor("hr", language="zh-hans").get(reverse("admin:index")))
