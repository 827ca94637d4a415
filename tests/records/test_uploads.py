"""Uploads in the browser: who may load what, the preview, and that what was agreed to is what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from psycopg2.extras import DateRange

from payroll.models import PayRecord
from promotion.models import LedgerLine
from promotion.tasks import nightly
from staff.actions import records_load
from staff.actions.records_load import apply, drop, loadable_tables, preview, template_of
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import Account, AuditEntry, Department, Employee, RecordUpload, RoleGrant, SupervisorPeriod
from staff.selectors.access import access_of
from staff.selectors.uploads import uploads_of
from tests.records.test_staff import placements
from tests.records.world import TODAY, Files, marks

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)


def account(role: str, department: str = "", employee_no: str = "", name: str = "") -> Access:
    made = Account.objects.create(
        username=name or f"{role}-{department}-{employee_no}",
        employee=Employee.objects.get(employee_no=employee_no) if employee_no else None,
    )
    if role:
        RoleGrant.objects.create(
            account=made,
            role=role,
            department=Department.objects.get(name=department) if department else None,
            period=DateRange(date(2020, 1, 1), None),
            by_operator_command=True,
        )
    return access_of(made, TODAY)


def faults(access: Access, name: str, text: str) -> list[str]:
    upload = preview(access=access, file_name=name, content=text.encode())
    assert (upload.state, bytes(upload.content)) == ("refused", b"")
    return upload.summary["faults"]


def test_a_preview_says_what_would_change_and_changes_nothing(company: Files) -> None:
    hr = account("hr")
    before = marks()
    text = "工号,姓名,部门,入职日期,岗位\nK1,王芳芳,售后部,2024-01-15,\n"
    text += "K9,新人,客服部,2026-11-01,客服\nK2,李雷,客服部,2020-03-01,\n"
    upload = preview(access=hr, file_name="C:/tmp/staff.csv", content=text.encode())
    assert marks() == before
    assert upload.file_name == "staff.csv"
    [table] = upload.summary["tables"]
    assert (table["rows"], table["added"], table["changed"], table["unchanged"]) == (3, 1, 1, 1)
    assert table["changes"] == [
        {
            "line": 2,
            "key": {"employee_no": "K1"},
            "before": {"name": "王芳", "department": "客服部"},
            "after": {"name": "王芳芳", "department": "售后部"},
        },
        {
            "line": 3,
            "key": {"employee_no": "K9"},
            "before": {},
            "after": {"name": "新人", "department": "客服部", "hired_on": "2026-11-01", "position": "客服"},
        },
    ]
    assert list(uploads_of(hr)) == [upload]
    report = apply(access=hr, upload_id=upload.pk, now=NOW)
    assert (report.tables[0].added, report.tables[0].changed) == (1, 1)
    upload.refresh_from_db()
    assert (upload.state, bytes(upload.content), upload.decided_at) == ("applied", b"", NOW)
    assert placements("K1")[-1] == ("售后部", "2026-11-10", "")
    entry = AuditEntry.objects.get(action="records_loaded", actor_id=hr.account_id)
    assert entry.after == {"digest": upload.digest, "staff": {"rows": 3, "added": 1, "changed": 1}}
    with pytest.raises(Refused, match="decided already"):
        apply(access=hr, upload_id=upload.pk, now=NOW)


TABLES: dict[str, tuple[str, str, str, dict[str, str], dict[str, str]]] = {
    "values": (
        "employee_no,month,metric,value\n",
        "K1,2026-09,sales,3\n",
        "K1,2026-09,销售额,4.50\nK1,2026-10,sales,1\n",
        {"value": "3"},
        {"value": "4.5"},
    ),
    "items": (
        "employee_no,month,item,value,assessor_no\n",
        "K1,2026-09,overtime,1,K2\n",
        "K1,2026-09,overtime,0,K3\nK1,2026-10,overtime,1,\n",
        {"value": "1", "assessor_no": "K2"},
        {"value": "0", "assessor_no": "K3"},
    ),
    "events": (
        "event_no,employee_no,date,kind\n",
        "E1,K1,2026-09-01,praise\n",
        "E1,K1,2026-09-02,表扬\nE2,K1,2026-09-02,exam\n",
        {"date": "2026-09-01"},
        {"date": "2026-09-02"},
    ),
    "absences": (
        "employee_no,first_day,last_day,kind\n",
        "K1,2026-09-01,2026-09-02,sick\n",
        "K1,2026-09-01,2026-09-03,病假\nK1,2026-10-01,2026-10-02,sick\n",
        {"last_day": "2026-09-02"},
        {"last_day": "2026-09-03"},
    ),
    "departments": (
        "department,parent\n",
        "甲,总部\n",
        "甲,客服部\n乙,甲\n",
        {"parent": "总部"},
        {"parent": "客服部"},
    ),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_shows_the_old_value_beside_the_new_one(company: Files, table: str) -> None:
    head, first, second, before, after = TABLES[table]
    name = f"{table}.csv"
    company.taken(name, head + first)
    hr = account("hr")
    upload = preview(access=hr, file_name=name, content=(head + second).encode())
    changed, added = upload.summary["tables"][0]["changes"]
    assert (changed["before"], changed["after"]) == (before, after)
    assert (added["line"], added["before"]) == (3, {})
    report = apply(access=hr, upload_id=upload.pk, now=NOW)
    assert (report.tables[0].added, report.tables[0].changed) == (1, 1)
    assert preview(access=hr, file_name=name, content=(head + second).encode()).summary["tables"][0]["changes"] == []


def test_what_changed_since_the_preview_is_not_overrun(company: Files) -> None:
    hr = account("hr")
    head = "employee_no,month,metric,value\n"
    upload = preview(access=hr, file_name="values.csv", content=(head + "K1,2026-09,sales,5\n").encode())
    company.taken("values.csv", head + "K1,2026-09,sales,4\n")
    before = marks()
    with pytest.raises(Refused, match="changed since the preview"):
        apply(access=hr, upload_id=upload.pk, now=NOW)
    assert marks() == before
    company.taken("departments.csv", "department\n客服部\n")
    gone = preview(access=hr, file_name="values.csv", content=(head + "K1,2026-09,sales,5\n").encode())
    Employee.objects.filter(employee_no="K1").update(employee_no="K100")
    with pytest.raises(Refused, match="changed since the preview"):
        apply(access=hr, upload_id=gone.pk, now=NOW)
    drop(access=hr, upload_id=gone.pk, now=NOW)
    gone.refresh_from_db()
    assert (gone.state, bytes(gone.content)) == ("dropped", b"")


def test_an_upload_is_its_senders_alone(company: Files) -> None:
    hr, colleague = account("hr", name="a"), account("hr", name="b")
    upload = preview(access=hr, file_name="departments.csv", content=b"department\n")
    assert not uploads_of(colleague).exists()
    for act in (apply, drop):
        with pytest.raises(RecordUpload.DoesNotExist):
            act(access=colleague, upload_id=upload.pk, now=NOW)


def test_too_large_or_from_nobody(company: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="signed in"):
        preview(access=Access.system(TODAY, "job"), file_name="values.csv", content=b"x")
    monkeypatch.setattr(records_load, "MOST_BYTES", 3)
    with pytest.raises(Refused) as refused:
        preview(access=account("hr"), file_name="values.csv", content=b"xxxx")
    assert refused.value.code == "too_large"


HR_TABLES = ["departments", "staff", "absences", "values", "items", "events"]


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        ("hr", HR_TABLES),
        ("payroll", ["pay"]),
        ("head", []),
        ("gm", []),
        ("judge", []),
        ("auditor", []),
        ("operator", []),
        ("", []),
    ],
)
def test_who_may_load_what(company: Files, role: str, tables: list[str]) -> None:
    access = account(role, employee_no="" if role else "K2")
    assert [table.name for table in loadable_tables(access)] == tables
    for name in [*HR_TABLES, "pay"]:
        if name in tables:
            assert template_of(access=access, table_name=name)[1].startswith(b"\xef\xbb\xbf")
            continue
        with pytest.raises(Forbidden):
            template_of(access=access, table_name=name)
        with pytest.raises(Forbidden):
            preview(access=access, file_name=f"{name}.csv", content=b"x\n")
    assert not RecordUpload.objects.exists()


def test_pay_is_loaded_by_payroll(company: Files) -> None:
    payroll = account("payroll", "客服部")
    text = "employee_no,from,base\nK1,2026-01-01,5000\n"
    upload = preview(access=payroll, file_name="pay.csv", content=text.encode())
    apply(access=payroll, upload_id=upload.pk, now=NOW)
    assert PayRecord.objects.get().base == 5000
    assert faults(payroll, "pay.csv", "employee_no,from,base\nK3,2026-01-01,5000\n")[0].startswith(
        "pay.csv:2:1: employee_no `K3`: there is no such"
    )


@pytest.mark.parametrize("decide", [apply, drop])
def test_a_decided_upload_keeps_no_amounts(company: Files, decide: Any) -> None:
    payroll = account("payroll")
    text = b"employee_no,from,base\nK1,2026-01-01,54321\n"
    upload = preview(access=payroll, file_name="pay.csv", content=text)
    assert "54321" in str(upload.summary)
    decide(access=payroll, upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    assert "54321" not in str(upload.summary)
    assert (upload.summary["tables"][0]["added"], bytes(upload.content)) == (1, b"")


def test_the_night_drops_previews_that_nobody_decided_on(company: Files) -> None:
    payroll = account("payroll")
    text = b"employee_no,from,base\nK1,2026-01-01,54321\n"
    uploads = [preview(access=payroll, file_name="pay.csv", content=text) for _ in range(2)]
    old, young = uploads
    RecordUpload.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=8))
    RecordUpload.objects.filter(pk=young.pk).update(uploaded_at=timezone.now() - timedelta(days=6))
    nightly()
    for upload in uploads:
        upload.refresh_from_db()
    assert (old.state, bytes(old.content), "54321" in str(old.summary)) == ("dropped", b"", False)
    assert old.decided_at is not None
    assert (young.state, bytes(young.content)) == ("previewed", text)


def test_outside_the_scope_people_are_not_there(company: Files) -> None:
    hr = account("hr", "客服部")
    assert faults(hr, "values.csv", "employee_no,month,metric,value\nK1,2026-09,sales,1\nK3,2026-05,sales,1\n") == [
        "values.csv:3:1: employee_no `K3`: there is no such employee; load the person in `staff` first"
    ]
    head = "employee_no,name,department,hired_on\n"
    found = faults(
        hr, "staff.csv", head + "K3,韩梅,客服部,2021-05-01\nK8,甲,售后部,2024-01-01\nK9,乙,客服部,2024-01-01\n"
    )
    assert found == [
        "staff.csv:2:1: employee K3 is outside your scope; ask HR of their department",
        "staff.csv:3:3: this department is outside your scope",
    ]
    assert faults(
        hr, "staff.csv", head + "K8,甲,售后部,2024-01-01\nK9,乙,客服部,2024-01-01\nK1,王芳,总部,2024-01-15\n"
    ) == [
        "staff.csv:2:3: this department is outside your scope",
        "staff.csv:4:3: this department is outside your scope",
    ]


@pytest.mark.parametrize(
    ("name", "head", "row"),
    [
        ("staff.csv", "employee_no,supervisor_no\n", "K1,{}\n"),
        ("departments.csv", "department,head_no\n", "客服部,{}\n"),
        ("items.csv", "employee_no,month,item,value,assessor_no\n", "K1,2026-09,tasks,1,{}\n"),
    ],
)
def test_nobody_out_of_scope_is_found_by_a_reference(company: Files, name: str, head: str, row: str) -> None:
    """Whoever is elsewhere is as absent as whoever is not; one who is named here already may stay so."""
    hr = account("hr", "客服部")
    found = [[said.replace(no, "") for said in faults(hr, name, head + row.format(no))] for no in ("K3", "K99")]
    assert found[0] == found[1]
    assert "there is no such employee" in found[0][0]
    assert preview(access=hr, file_name=name, content=(head + row.format("K2")).encode()).state == "previewed"
    company.taken(name, head + row.format("K3"))
    same = preview(access=hr, file_name=name, content=(head + row.format("K3")).encode())
    assert (same.state, same.summary["tables"][0]["unchanged"]) == ("previewed", 1)


def test_outside_the_scope_the_tree_stays(company: Files) -> None:
    hr = account("hr", "客服部", employee_no="K2")
    assert faults(hr, "departments.csv", "department,parent\n甲,售后部\n乙,客服部\n丙,\n客服部,售后部\n") == [
        "departments.csv:2:1: this department is outside your scope",
        "departments.csv:4:1: this department is outside your scope",
        "departments.csv:5:1: this department is outside your scope",
    ]
    assert (
        preview(
            access=hr, file_name="departments.csv", content="department,parent\n甲,客服部\n乙,甲\n总部,\n".encode()
        ).state
        == "previewed"
    )
    assert faults(hr, "departments.csv", "department,head_no\n客服部,K2\n") == [
        "departments.csv:2:2: nobody makes themselves a head; ask a colleague"
    ]


def test_nobody_loads_their_own_record_or_that_of_somebody_above(company: Files) -> None:
    company.taken("values.csv", "employee_no,month,metric,value\nK1,2026-08,sales,1\n")
    hr = account("hr", employee_no="K1")
    text = "employee_no,month,metric,value\nK1,2026-08,sales,1\nK1,2026-09,sales,1\nK2,2026-09,sales,1\nK3,2026-05,sales,1\n"
    own = "nobody changes their own record, nor that of somebody above them; ask a colleague"
    assert faults(hr, "values.csv", text) == [f"values.csv:3:1: {own}", f"values.csv:4:1: {own}"]
    assert faults(hr, "staff.csv", "employee_no,position\nK1,经理\nK3,经理\n") == [f"staff.csv:2:1: {own}"]
    assert faults(hr, "events.csv", "event_no,employee_no,date,kind\nE1,K2,2026-09-01,praise\n") == [
        f"events.csv:2:2: {own}"
    ]


def test_in_the_browser_a_load_sets_only_a_first_tier(company: Files) -> None:
    hr = account("hr")
    head = "employee_no,tier,tier_since\n"
    upload = preview(access=hr, file_name="staff.csv", content=(head + "K1,star,2025-01-01\nK2,regular,\n").encode())
    apply(access=hr, upload_id=upload.pk, now=NOW)
    line = LedgerLine.objects.get(employee__employee_no="K1")
    assert (line.kind, line.author_id, line.channel) == ("entry", hr.account_id, "web")
    assert faults(hr, "staff.csv", head + "K1,diamond,2025-01-01\nK2,regular,\nK3,star,\n") == [
        "staff.csv:2:2: the tier of this person is in the ledger already; changing it is a correction that takes a second "
        "person, and a lower one a case"
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ("events.csv", "event_no,employee_no,date")), ("zh-hans", ("事件.csv", "编号,工号,日期"))],
)
def test_templates_speak_the_readers_language(company: Files, language: str, expected: tuple[str, str]) -> None:
    with translation.override(language):
        name, content = template_of(access=account("hr"), table_name="events")
    assert (name, content.decode("utf-8-sig")[: len(expected[1])]) == expected
    assert company.taken(name, content).tables[0].rows == 0


def test_a_summary_holds_the_first_changes_of_many(company: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    from staff.kernel.records import changes

    monkeypatch.setattr(changes, "MOST_SHOWN", 2)
    rows = "".join(f"K1,2026-0{month},sales,{month}\n" for month in range(1, 8))
    hr = account("hr")
    upload = preview(access=hr, file_name="values.csv", content=("employee_no,month,metric,value\n" + rows).encode())
    table: dict[str, Any] = upload.summary["tables"][0]
    assert (table["added"], len(table["changes"])) == (7, 2)


def test_other_roles_widen_no_load(company: Files) -> None:
    """HR here who leads people there, and audits everything, loads what is HR's."""
    hr = account("hr", "客服部")
    audits = Account.objects.get(pk=hr.account_id)
    period = DateRange(date(2020, 1, 1), None)
    RoleGrant.objects.create(account=audits, role="auditor", period=period, by_operator_command=True)
    audits.employee = Employee.objects.create(employee_no="K5", name="何", hired_on=date(2020, 1, 1))
    audits.save()
    Department.objects.filter(name="售后部").update(head=audits.employee)
    SupervisorPeriod.objects.create(
        employee=Employee.objects.get(employee_no="K3"), supervisor=audits.employee, period=period
    )
    assert faults(access_of(audits, TODAY), "values.csv", "employee_no,month,metric,value\nK3,2026-05,sales,1\n") == [
        "values.csv:2:1: employee_no `K3`: there is no such employee; load the person in `staff` first"
    ]


def test_rights_of_two_roles_make_no_loader(company: Files) -> None:
    """A head creates and changes, an auditor exports; a load takes all of it of one role."""
    audits = Account.objects.get(pk=account("auditor", employee_no="K2").account_id)
    Department.objects.filter(name="客服部").update(head=audits.employee)
    access = access_of(audits, TODAY)
    assert {"head", "auditor"} <= access.roles
    assert loadable_tables(access) == []
    with pytest.raises(Forbidden, match="HR"):
        preview(access=access, file_name="events.csv", content=b"x\n")


def test_an_event_keeps_its_person(company: Files) -> None:
    """Its number alone is its key, so whose it is must not change by an upload, nor be found out by one."""
    head = "event_no,employee_no,date,kind,status\n"
    company.taken("events.csv", head + "C1,K3,2026-05-01,complaint,upheld\nC2,K2,2026-05-01,complaint,upheld\n")
    before = marks()
    here = account("hr", "客服部", employee_no="K2")
    assert faults(here, "events.csv", head + "C1,K1,2026-05-01,complaint,dismissed\n") == [
        "events.csv:2:1: this number is taken; choose another"
    ]
    assert faults(here, "events.csv", head + "C2,K1,2026-05-01,complaint,dismissed\n") == [
        "events.csv:2:2: a stored record keeps its person; withdraw it and enter another"
    ]
    assert faults(account("hr"), "events.csv", head + "C1,K1,2026-05-01,complaint,dismissed\n") == [
        "events.csv:2:2: a stored record keeps its person; withdraw it and enter another"
    ]
    assert marks() == before
    # on the server the operator puts right what was entered for the wrong person
    company.taken("events.csv", head + "C1,K1,2026-05-01,complaint,upheld\n")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("event_no,date,note\nC1,2026-05-01,x\n", "employee_no (工号)"),
        ("event_no,employee_no,note\nC1,K1,x\n", "date (日期)"),
    ],
)
def test_an_event_names_its_person_and_day(company: Files, text: str, missing: str) -> None:
    assert faults(account("hr"), "events.csv", text) == [f"events.csv:1:1: the column {missing} is missing"]
