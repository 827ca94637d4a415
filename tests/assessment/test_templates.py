"""A template with a month's people in it, filled in and loaded as any file."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from assessment.models import EmployeeMonth, Metric
from staff.actions.records_load import apply, preview, template_of
from staff.kernel.periods import Month
from staff.models import Account
from staff.selectors.access import access_of
from tests.web.company import MONTH, TODAY, Company
from tests.web.conftest import Visitor

NEXT = MONTH.next


def test_a_month_s_template_has_its_people_and_what_is_reported_already(company: Company) -> None:
    company.values("K2031", "keywords_online", {str(NEXT): 4})
    hr = access_of(Account.objects.get(username="hr"), TODAY)
    with translation.override("zh-hans"):
        name, content = template_of(access=hr, table_name="values", month=NEXT)
    lines = content.decode("utf-8-sig").split("\r\n")
    assert (name, lines[0]) == ("指标值.csv", "工号,月份,指标,数值")
    assert "K2031,2026-11,优秀发布案例," in lines
    assert "K2031,2026-11,在线核心词数,4" in lines
    assert not [line for line in lines if line.startswith(("K2054", "K1001"))]  # left; on no ladder


def test_filled_in_it_loads(company: Company) -> None:
    hr = access_of(Account.objects.get(username="hr"), TODAY)
    with translation.override("en"):
        _name, content = template_of(access=hr, table_name="values", month=NEXT)
    text = content.decode("utf-8-sig")
    filled = "\r\n".join(line + "2" if line.endswith(",") else line for line in text.split("\r\n"))
    upload = preview(access=hr, file_name="values.csv", content=filled.encode())
    assert upload.summary["faults"] == []
    apply(access=hr, upload_id=upload.pk, now=timezone.now())
    slot = Metric.objects.get(key="excellent_cases").slot
    assert EmployeeMonth.objects.get(employee=company.people["K2032"], month=NEXT).__dict__[f"s{slot}"] == 2


def test_what_was_reported_before_is_in_it_though_no_policy_asks(company: Company) -> None:
    company.values("K2053", "excellent_cases", {str(NEXT): 1})  # on no ladder
    _name, content = template_of(access=company.access, table_name="values", month=NEXT.next)
    assert "K2053,2026-12,优秀发布案例," in content.decode()


def test_each_finds_their_own_people_alone(company: Company) -> None:
    two = access_of(Account.objects.get(username="hr-two"), TODAY)
    _name, content = template_of(access=two, table_name="values", month=NEXT)
    assert content.decode("utf-8-sig").split("\r\n")[1:] == [""]


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=x"])
def test_what_is_no_month_has_no_template(visitor: Visitor, query: str) -> None:
    assert visitor("hr").get(f"/admin/uploads/templates/values/{query}").status_code == 404
    assert visitor("hr").get("/admin/uploads/templates/staff/?month=2026-11").status_code == 404


def test_the_uploads_page_offers_it(visitor: Visitor) -> None:
    page = visitor("hr").get("/admin/uploads/").content.decode()
    assert 'formaction="/admin/uploads/templates/values/"' in page
    assert 'value="2026-10"' in page
    assert visitor("hr").get("/admin/uploads/templates/values/?month=2026-11").status_code == 200


def test_a_template_asks_the_database_a_few_times_however_many_people(
    company: Company, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        template_of(access=company.access, table_name="items", month=Month.parse("2026-11"))
