"""The pages of the trail: found within seconds, in words, by whoever may read it."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import capfirst
from openpyxl import load_workbook

from assessment.models import EmployeeMonth, Metric
from staff.kernel import audit
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.kernel.trail import ACTIONS, OBJECTS
from staff.models import Absence, AuditEntry, Department, RowChange
from tests.web.company import TODAY, Company

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS, ACTS = "admin:staff_rowchange_changelist", "admin:staff_auditentry_changelist"
#: Codes that are put together; each state has its own.
COMPOSED = {"adoption_request_", "application_", "case_", "pay_table_"}
Visitor = Callable[..., Client]


@pytest.fixture
def change(company: Company) -> RowChange:
    """HR corrected 林晓's value of November through the admin."""
    slot = Metric.objects.get(key="keywords_online").slot
    month = {"employee": company.people["K2031"], "month": Month.parse("2026-11")}
    EmployeeMonth.objects.create(**month, **{f"s{slot}": Decimal(2)})
    access = Access(company.accounts["hr"].pk, None, TODAY, channel="admin")
    with audit.acting(access):
        EmployeeMonth.objects.filter(**month).update(**{f"s{slot}": Decimal("4.5")})
        audit.record(
            access, "value_saved", object_type="value", object_key="K2031 2026-11", employee_id=month["employee"].pk,
            reason="counted again",
        )  # fmt: skip
    return RowChange.objects.latest("id")


def called() -> str:
    return capfirst(Metric.objects.get(key="keywords_online").en)


def recorded() -> tuple[set[str], set[str]]:
    """Every code and object type that the source gives to ``audit.record``; of a composed code its beginning."""
    codes, types = set(), set()
    for app in ("staff", "policy", "assessment", "promotion", "payroll"):
        for path in (ROOT / app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(call, ast.Call) and ast.unparse(call.func) in ("audit.record", "_record")):
                    continue
                texts = (
                    [n.value for n in ast.walk(call.args[1]) if isinstance(n, ast.Constant)]
                    if len(call.args) > 1
                    else []
                )
                codes |= {text for text in texts if isinstance(text, str)}
                types |= {
                    k.value.value for k in call.keywords if k.arg == "object_type" and isinstance(k.value, ast.Constant)
                }
    return codes, types


def test_every_act_and_object_of_the_source_has_a_name() -> None:
    codes, types = recorded()
    assert len(codes) > 40
    assert codes - set(ACTIONS) - COMPOSED == set()
    assert types - set(OBJECTS) == set()


def test_every_name_is_in_both_languages(visitor: Visitor) -> None:
    from django.utils import translation

    names = [*ACTIONS.values(), *(kind.name for kind in OBJECTS.values())]
    for name in names:
        with translation.override("en"):
            english = str(name)
        with translation.override("zh-hans"):
            assert str(name) != english, english


def test_an_auditor_finds_who_changed_a_value(visitor: Visitor, change: RowChange) -> None:
    answer = visitor("auditor").get(reverse(ROWS), {"q": "linxiao", "thing": "value", "operation": "update"})
    body = answer.content.decode()
    for text in (
        "林晓 K2031",
        "2026-11",
        called(),
        "2 → <b>4.5</b>",
        "hr",
        "the admin",
    ):
        assert text in body, text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"who": "hr"}, True),
        ({"who": "gm"}, False),
        ({"channel": "admin"}, True),
        ({"channel": "api"}, False),
        ({"thing": "pay"}, False),
        ({"q": "陈默"}, False),
        ({"at_from": "2020-01-01"}, True),
        ({"at_to": "2020-01-01"}, False),
        ({"at_from": "no day"}, True),
    ],
)
def test_rows_are_narrowed(visitor: Visitor, change: RowChange, asked: dict[str, str], found: bool) -> None:
    query = {"operation": "update", "q": "K2031", **asked}
    body = visitor("auditor").get(reverse(ROWS), query).content.decode()
    assert ("<b>4.5</b>" in body) is found


def test_a_day_is_whole_at_both_ends(visitor: Visitor, change: RowChange) -> None:
    from django.utils import timezone

    day = f"{timezone.localtime(change.at):%Y-%m-%d}"
    body = visitor("auditor").get(reverse(ROWS), {"q": "K2031", "at_from": day, "at_to": day}).content.decode()
    assert "<b>4.5</b>" in body


@pytest.mark.parametrize("asked", [{"action": "value_saved"}, {"object": "value"}, {"who": "hr"}, {"q": "lx"}])
def test_acts_are_narrowed(visitor: Visitor, change: RowChange, asked: dict[str, str]) -> None:
    assert "Value saved" in visitor("auditor").get(reverse(ACTS), asked).content.decode()
    others = {"action": "person_hired", "object": "metric", "who": "gm", "q": "cm"}
    (name,) = asked
    body = visitor("auditor").get(reverse(ACTS), {name: others[name]}).content.decode()
    assert "K2031 2026-11" not in body


def test_the_page_of_an_act_says_what_it_changed(visitor: Visitor, change: RowChange) -> None:
    entry = AuditEntry.objects.latest("id")
    body = visitor("auditor").get(reverse("admin:staff_auditentry_change", args=[entry.pk])).content.decode()
    for text in ("Value saved", "counted again", "2 → <b>4.5</b>"):
        assert text in body, text


def test_the_page_of_a_row_says_in_which_act(visitor: Visitor, change: RowChange) -> None:
    body = visitor("auditor").get(reverse("admin:staff_rowchange_change", args=[change.pk])).content.decode()
    assert "Value saved" in body
    assert "4.5" in body


def test_the_particulars_of_an_absence_are_not_the_general_managers(visitor: Visitor, company: Company) -> None:
    person = company.people["K2031"]
    audit.record(
        company.access, "absence_saved", object_type="absence", object_key=1, employee_id=person.pk,
        after={"kind": "canary-kind"}, reason="canary-reason",
    )  # fmt: skip
    url = reverse("admin:staff_auditentry_change", args=[AuditEntry.objects.latest("id").pk])
    assert "canary" not in visitor("gm").get(url).content.decode()
    assert "canary-kind" in visitor("auditor").get(url).content.decode()


def test_a_row_out_of_scope_is_not_there(visitor: Visitor, change: RowChange) -> None:
    url = reverse("admin:staff_rowchange_change", args=[change.pk])
    assert visitor("hr").get(url).status_code == 200
    assert visitor("hr-two").get(url).status_code == 404
    assert visitor("payroll").get(url).status_code == 404
    assert visitor("K2031").get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_the_trail_is_the_same_few_queries_however_long(visitor: Visitor, company: Company, change: RowChange) -> None:
    client, person, counts = visitor("auditor"), company.people["K2031"], []
    urls = [f"{reverse(ROWS)}?thing=absence", reverse(ACTS), reverse("admin:person-trail", args=[person.pk])]
    for years in (range(1950, 1965), range(1965, 2010)):
        for year in years:
            Absence.objects.create(
                employee=person, first_day=date(year, 1, 10), last_day=date(year, 1, 12), kind="sick"
            )  # fmt: skip
            audit.record(company.access, "absence_saved", object_type="absence", object_key=year, employee_id=person.pk)
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 12, counts


def test_all_kinds_of_rows_on_one_page_stay_within_the_budget(visitor: Visitor, company: Company) -> None:
    client = visitor("auditor")
    client.get(reverse(ROWS))
    for page in (1, 2, 3):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(ROWS), {"p": page}).status_code == 200
        assert len(queries) <= 12


def test_a_persons_page_takes_its_changes_along(visitor: Visitor, company: Company, change: RowChange) -> None:
    person = company.people["K2031"]
    page = visitor("hr").get(reverse("admin:staff_employee_change", args=[person.pk])).content.decode()
    url = reverse("admin:person-trail", args=[person.pk])
    assert f'hx-get="{url}"' in page
    part = visitor("hr").get(url, headers={"HX-Request": "true"}).content.decode()
    assert "4.5" in part
    assert "<html" not in part
    assert visitor("hr-two").get(url).status_code == 404


def exported(client: Client, form: str, **asked: str) -> list[list[str]]:
    answer = client.get(reverse("admin:trail-export", args=[form]), asked)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_auditor_takes_the_narrowed_rows_along(visitor: Visitor, change: RowChange, form: str) -> None:
    lines = exported(visitor("auditor"), form, q="K2031", operation="update", channel="admin")
    assert len(lines) == 2
    assert [line[-3:] for line in lines][1] == [called(), "2", "4.5"]


def test_what_somebody_typed_is_no_formula_in_a_file(visitor: Visitor, company: Company) -> None:
    Department.objects.create(name="=1+1")
    (line,) = [line for line in exported(visitor("auditor"), "csv", thing="person") if "1+1" in str(line)]
    assert line[-1] == "'=1+1"


@pytest.mark.parametrize("role", ["hr", "gm", "payroll", "operator"])
def test_nobody_but_auditors_takes_the_trail_along(visitor: Visitor, company: Company, role: str) -> None:
    assert visitor(role).get(reverse("admin:trail-export", args=["csv"])).status_code == 403


def test_another_form_of_file_is_not_there(visitor: Visitor, company: Company) -> None:
    assert visitor("auditor").get(reverse("admin:trail-export", args=["pdf"])).status_code == 404


def test_an_employee_reads_the_changes_to_their_own_record(
    visitor: Visitor, company: Company, change: RowChange
) -> None:
    body = visitor("K2031").get(reverse("my-changes")).content.decode()
    assert "2 → 4.5" in body
    other = visitor("K2032").get(reverse("my-changes")).content.decode()
    assert "2 → 4.5" not in other
    assert visitor("hr").get(reverse("my-changes")).status_code == 302
    assert Client().get(reverse("my-changes")).status_code == 302
