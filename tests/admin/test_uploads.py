"""Files of records through the browser: previewed, then loaded as previewed or dropped."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from assessment.models import EmployeeMonth
from staff.models import Employee, RecordUpload, RoleGrant
from tests.admin.conftest import Office

VALUES = "employee_no,month,metric,value\nK0101,2026-10,excellent_cases,5\nK0101,2026-10,keywords_online,0\n"
PAY = "employee_no,from,base,post_wage,performance\nK0101,2026-11-01,7316.42,,\n"


def send(office: Office, role: str, name: str, text: str | bytes) -> HttpResponse:
    client = office.client(role)
    client.cookies["django_language"] = "en"
    content = text.encode() if isinstance(text, str) else text
    return client.post(reverse("admin:uploads"), {"file": SimpleUploadedFile(name, content)})


def decide(office: Office, role: str, upload: RecordUpload, act: str) -> HttpResponse:
    client = office.client(role)
    client.cookies["django_language"] = "en"
    return client.post(reverse("admin:upload", args=[upload.pk]), {"act": act})


def see(office: Office, role: str, upload: RecordUpload) -> HttpResponse:
    return office.client(role).get(reverse("admin:upload", args=[upload.pk]))


def months(office: Office) -> list[object]:
    return list(EmployeeMonth.objects.filter(employee=office.own).order_by("month").values_list("s1", "s2"))


def test_a_preview_tells_what_would_change_and_changes_nothing(office: Office) -> None:
    before = months(office)
    assert send(office, "hr", "values.csv", VALUES).status_code == 302
    upload = RecordUpload.objects.get()
    body = see(office, "hr", upload).content.decode()
    assert "<del>2</del> <ins>5</ins>" in body
    assert months(office) == before


def test_one_button_loads_what_was_previewed_once(office: Office) -> None:
    send(office, "hr", "values.csv", VALUES)
    upload = RecordUpload.objects.get()
    assert decide(office, "hr", upload, "apply").status_code == 302
    assert (5, 0) in months(office)
    again = decide(office, "hr", upload, "apply")
    assert again.status_code == 409
    assert "decided already" in again.content.decode()


def test_a_dropped_upload_leaves_everything_as_it_was(office: Office) -> None:
    before = months(office)
    send(office, "hr", "values.csv", VALUES)
    upload = RecordUpload.objects.get()
    assert decide(office, "hr", upload, "drop").status_code == 302
    assert months(office) == before
    assert decide(office, "hr", upload, "apply").status_code == 409


def test_every_fault_of_a_file_stands_with_its_place(office: Office) -> None:
    text = VALUES + "K0101,2026-13,excellent_cases,1\nnobody,2026-10,excellent_cases,x\n"
    send(office, "hr", "values.csv", text)
    upload = RecordUpload.objects.get()
    body = see(office, "hr", upload).content.decode()
    assert upload.state == "refused"
    for place in ("values.csv:4:2:", "values.csv:5:1:", "values.csv:5:4:"):
        assert place in body
    assert "Load the file" not in body


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("values.xlsx", b"PK\x03\x04 no workbook"),
        ("values.csv", b"\x00\x01"),
        ("values.csv", b""),
        ("../../x.csv", b"a,b\n"),
    ],
)
def test_a_hostile_file_is_refused_without_a_traceback(office: Office, name: str, content: bytes) -> None:
    response = send(office, "hr", name, content)
    assert response.status_code in (302, 422)
    assert not RecordUpload.objects.exclude(state="refused").exists()


def test_too_large_a_file_is_an_error_of_the_form(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staff.admin.uploads.MOST_BYTES", 10)
    response = send(office, "hr", "values.csv", VALUES)
    assert response.status_code == 422
    assert "file" in response.context["form"].errors  # type: ignore[attr-defined]


def test_pay_is_uploaded_by_payroll_alone(office: Office) -> None:
    assert send(office, "hr", "pay.csv", PAY).status_code == 403
    assert send(office, "payroll", "values.csv", VALUES).status_code == 403
    assert send(office, "payroll", "pay.csv", PAY).status_code == 302


def test_an_upload_is_seen_by_its_sender_alone_and_while_the_role_lasts(office: Office) -> None:
    send(office, "payroll", "pay.csv", PAY)
    upload = RecordUpload.objects.get()
    assert "7316.42" in see(office, "payroll", upload).content.decode()
    assert see(office, "hr", upload).status_code == 404
    RoleGrant.objects.filter(account=office.accounts["payroll"]).update(role="hr")
    answer = see(office, "payroll", upload)
    assert answer.status_code == 403
    assert "7316.42" not in answer.content.decode()


def test_hr_of_a_team_loads_its_own_people_alone(office: Office) -> None:
    send(office, "hr_sub", "values.csv", VALUES.replace("K0101", "K0202"))
    assert RecordUpload.objects.get().state == "refused"
    send(office, "hr_sub", "values.csv", VALUES)
    assert RecordUpload.objects.latest("id").state == "previewed"


def test_a_template_has_the_headers_of_the_pages_language(office: Office) -> None:
    client = office.client("hr")
    url = reverse("admin:upload-template", args=["values"])
    chinese = client.get(url)
    assert chinese.content.decode("utf-8-sig").strip() == "工号,月份,指标,数值"
    client.cookies["django_language"] = "en"
    english = client.get(url)
    assert english["Content-Disposition"] == 'attachment; filename="values.csv"'
    assert english.content.decode("utf-8-sig").strip() == "employee_no,month,metric,value"


def test_a_person_comes_in_by_file_and_is_found_by_initials(office: Office) -> None:
    text = "employee_no,name,department,hired_on\nK0777,薛凝,一组,2026-11-01\n"
    send(office, "hr", "staff.csv", text)
    decide(office, "hr", RecordUpload.objects.get(), "apply")
    assert Employee.objects.all().search("xn").get().employee_no == "K0777"
