"""Whatever is written to a watched table is in the trail, whichever door it came through."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg2.extras import DateRange

from assessment.models import AssessmentMonth, EmployeeMonth, Event, Metric
from policy.models import Adoption, PolicyVersion
from staff.kernel import audit
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.kernel.trail import WATCHED, attach, triggers
from staff.models import Absence, Account, Department, Employee, RoleGrant, RowChange, RowChangeText

pytestmark = pytest.mark.django_db

#: Tables of which no trail of rows is kept, and why.
EXEMPT = {
    "assessment_employeemonth_history": "the history itself, kept by a trigger",
    "assessment_event_history": "the history itself, kept by a trigger",
    "staff_absence_history": "the history itself, kept by a trigger",
    "payroll_payrecord_history": "the history itself, kept by a trigger",
    "staff_attachmentcontent": "the bytes of an attachment, which can be erased; its digest is watched",
    "staff_auditentry": "the trail itself: append-only",
    "staff_rowchange": "the trail itself: append-only",
    "staff_rowchangetext": "the trail itself: never changed, only erased",
    "staff_touch": "written by triggers of the facts, for the sweep",
    "staff_robotmessage": "what a robot says follows from what waits",
    "staff_maildigest": "what the daily mail says follows from what waits",
    "staff_outboxmessage": "what is told to somebody follows from acts",
    "staff_answeredrequest": "answers kept for a day so that a request is not done twice",
    "assessment_assessed": "up to which facts results are brought",
    "assessment_correctioneffect": "what followed from a correction, kept once with it",
    "assessment_result": "follows from facts and policies",
    "promotion_ledgerhead": "the end of the ledger's chain, moved by its trigger",
    "promotion_tierperiod": "the ledger folded, written by its trigger",
    "promotion_run": "follows from facts and policies; asking for one is an act",
    "promotion_runshard": "a unit of work of a run",
    "promotion_standing": "what a run found; superseded, never changed",
    "promotion_scoresheet": "blind until its round is closed; handed in once, and a trigger holds it as it is",
    "promotion_objection": "who objected is HR's to know alone; the acts on it are entries without a name",
    "promotion_statement": "the text of a compiled statement, by its digest",
    "account_emailaddress": "the sign-in library's; this product keeps no address with it",
    "account_emailconfirmation": "the sign-in library's; this product keeps no address with it",
    "auth_group": "Django's; roles are grants",
    "auth_group_permissions": "Django's; roles are grants",
    "auth_permission": "Django's; roles are grants",
    "django_admin_log": "Django's; nothing writes it",
    "django_content_type": "Django's, filled by migrations",
    "django_migrations": "Django's, filled by migrations",
    "django_session": "sessions are secrets; devices are kept as such",
    "django_celery_beat_periodictasks": "when beat last looked",
}


def changes(table: str, **more: Any) -> list[RowChange]:
    return list(RowChange.objects.filter(table_name=table, **more).order_by("id"))


def a_person(no: str = "K1", **more: Any) -> Employee:
    return Employee.objects.create(employee_no=no, name="林晓", pinyin="linxiao lx", hired_on=date(2024, 1, 1), **more)


def test_every_table_is_watched_or_exempt_for_a_reason() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
    attached = triggers()
    assert there - set(WATCHED) - set(EXEMPT) == set()
    assert {table: attached.get(table) for table in WATCHED} == {t: {w.arguments} for t, w in WATCHED.items()}
    assert set(EXEMPT) & set(WATCHED) == set()


def test_watched_columns_are_columns_of_their_table() -> None:
    for watched in WATCHED.values():
        columns = {field.column for field in watched.model._meta.concrete_fields if field.column}
        named = {*watched.personal, *watched.secret, *watched.left_out}
        assert named <= columns, (watched.model, named - columns)


def test_attaching_again_does_nothing() -> None:
    assert attach() == 0


def test_a_table_that_lost_a_trigger_gets_it_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER z_trail_gone ON staff_department")
    assert attach() == 1
    assert attach() == 0


def test_an_insert_keeps_what_is_filled() -> None:
    person = a_person()
    (change,) = changes("staff_employee")
    assert (change.operation, change.key, change.employee_id, change.thing) == (
        "insert",
        str(person.pk),
        person.pk,
        "person",
    )
    assert change.before is None
    assert change.after == {"employee_no": "K1", "position": "", "hired_on": "2024-01-01"}
    assert change.texts.after == {"name": "林晓", "email": "", "im_account": ""}


def test_an_update_keeps_only_what_changed_before_and_after() -> None:
    person = a_person(birth_date=date(1990, 5, 17))
    Employee.objects.filter(pk=person.pk).update(position="客服", left_on=date(2026, 1, 31), birth_date=None)
    change = changes("staff_employee")[1]
    assert (change.operation, change.before, change.after) == (
        "update", {"position": ""}, {"position": "客服", "left_on": "2026-01-31"},
    )  # fmt: skip
    assert (change.texts.before, change.texts.after) == ({"birth_date": "1990-05-17"}, {})


def test_a_delete_keeps_what_was_there() -> None:
    department = Department.objects.create(name="客服部")
    pk = department.pk
    department.delete()
    change = changes("staff_department")[1]
    assert (change.operation, change.key, change.before, change.after) == ("delete", str(pk), {"name": "客服部"}, None)


def test_what_stays_as_it_was_leaves_nothing() -> None:
    person = a_person()
    Employee.objects.filter(pk=person.pk).update(position="")
    Employee.objects.filter(pk=person.pk).update(pinyin="lin")
    Employee.objects.filter(pk=0).update(position="x")
    assert len(changes("staff_employee")) == 1


def test_many_rows_at_once_each_leave_one() -> None:
    people = [a_person(f"K{n}") for n in range(5)]
    slot = Metric.objects.get(key="keywords_online").slot
    month = Month.parse("2026-10")
    EmployeeMonth.objects.bulk_create(EmployeeMonth(employee=p, month=month, **{f"s{slot}": 3}) for p in people)
    EmployeeMonth.objects.filter(employee__in=people[:2]).update(**{f"s{slot}": None})
    EmployeeMonth.objects.bulk_create(
        [EmployeeMonth(employee=p, month=month, **{f"s{slot}": n}) for n, p in enumerate(people)],
        update_conflicts=True, unique_fields=["employee", "month"], update_fields=[f"s{slot}"],
    )  # fmt: skip
    found = changes("assessment_employeemonth")
    assert [c.operation for c in found] == ["insert"] * 5 + ["update"] * 6  # one was 3 and stays so
    assert found[0].key == f"{people[0].pk}:{month.number}"
    assert found[0].after == {"counts": True, f"s{slot}": 3}
    assert (found[5].before, found[5].after) == ({f"s{slot}": 3}, {})
    assert {c.employee_id: c.after[f"s{slot}"] for c in found[7:]} == {people[n].pk: n for n in (0, 1, 2, 4)}


def test_all_slots_at_once_are_kept() -> None:
    person = a_person()
    EmployeeMonth.objects.create(employee=person, month=Month.parse("2026-10"), **{f"s{n}": n for n in range(1, 65)})
    (change,) = changes("assessment_employeemonth")
    assert {name: Decimal(str(value)) for name, value in change.after.items() if name != "counts"} == {
        f"s{n}": Decimal(n) for n in range(1, 65)
    }


def test_a_key_that_changes_leaves_both_sides() -> None:
    AssessmentMonth.objects.create(month=Month.parse("2026-10"))
    AssessmentMonth.objects.update(month=Month.parse("2026-11"))
    found = changes("assessment_assessmentmonth", operation="update")
    assert sorted(c.key for c in found) == [str(Month.parse(m).number) for m in ("2026-10", "2026-11")]


def test_nulls_inside_json_are_kept() -> None:
    version = PolicyVersion.objects.create(
        key="p", number=1, title_zh="一", title_en="One", document="the text", digest="0" * 64, parts=["ladder"]
    )
    department = Department.objects.create(name="客服部")
    period = DateRange(date(2026, 1, 1), None)
    row = Adoption.objects.create(version=version, policy="p", department=department, period=period, values={"x": None})
    Adoption.objects.filter(pk=row.pk).update(values={"x": {"y": None}})
    added, changed = changes("policy_adoption")
    assert added.after["values"] == {"x": None}
    assert (changed.before, changed.after) == ({"values": {"x": None}}, {"values": {"x": {"y": None}}})
    assert "document" not in changes("policy_policyversion")[0].after


def test_a_secret_is_never_kept() -> None:
    account = Account(username="hr")
    account.set_password("quiet-river-stone-42")
    account.save()
    kept = account.password
    account.set_password("another-river-stone-42")
    account.save()
    added, changed = changes("staff_account")
    assert added.after["password"] == "***"
    assert (changed.before, changed.after) == ({"password": "***"}, {"password": "***"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_rowchange c WHERE c::text LIKE %s", [f"%{kept}%"])
        assert cursor.fetchone()[0] == 0


def test_personal_texts_can_be_erased_and_the_change_stays() -> None:
    person = a_person()
    Event.objects.create(
        event_no="E-1", employee=person, day=date(2026, 10, 1), kind_id="complaint", note="canary-note"
    )
    (change,) = changes("assessment_event")
    assert change.key == "E-1"
    assert "canary-note" not in str(change.after)
    assert change.texts.after["note"] == "canary-note"
    RowChangeText.objects.filter(change__employee=person).delete()
    assert changes("assessment_event")[0].after["kind"] == "complaint"


def test_an_absence_tells_its_days_and_keeps_its_kind_apart() -> None:
    person = a_person()
    Absence.objects.create(employee=person, first_day=date(2026, 5, 1), last_day=date(2026, 5, 31), kind="maternity")
    (change,) = changes("staff_absence")
    assert change.after == {"first_day": "2026-05-01", "last_day": "2026-05-31"}
    assert change.texts.after == {"kind": "maternity"}
    exempt = changes("assessment_employeemonth")
    assert [c.after for c in exempt] == [{"counts": False}]  # what follows from it is in the trail as well


def test_a_grant_is_about_the_person_of_its_account() -> None:
    person = a_person()
    account = Account.objects.create(username="K1", employee=person, password="!")
    RoleGrant.objects.create(
        account=account, role="hr", period=DateRange(date(2026, 1, 1), None), by_operator_command=True, reason="canary-reason"
    )  # fmt: skip
    (change,) = changes("staff_rolegrant")
    assert (change.employee_id, change.thing) == (person.pk, "grant")
    assert "canary-reason" not in str(change.after)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_rowchange SET channel = 'x'",
        "DELETE FROM staff_rowchange",
        "UPDATE staff_rowchangetext SET after = NULL",
    ],
)
def test_the_trail_of_rows_is_never_written_over(statement: str) -> None:
    a_person()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_who_writes_stands_with_the_row() -> None:
    account = Account.objects.create(username="hr", password="!")
    token = audit.request_id.set("abcdef0123456789")
    try:
        with audit.acting(Access(account.pk, None, date(2026, 11, 12), channel="admin")):
            a_person()
    finally:
        audit.request_id.reset(token)
    (change,) = changes("staff_employee")
    assert (change.actor_id, change.channel, change.request_id, change.db_user) == (
        account.pk, "admin", "abcdef0123456789", "",
    )  # fmt: skip


def test_whoever_writes_past_the_product_goes_by_the_role_that_signed_in() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO staff_department (name) VALUES ('x')")
        cursor.execute("SELECT session_user")
        user = cursor.fetchone()[0]
    (change,) = changes("staff_department")
    assert (change.actor_id, change.channel, change.db_user) == (None, "sql", user)


def test_an_act_and_its_rows_carry_the_same_transaction() -> None:
    access = Access.system(date(2026, 11, 12), "test", channel="command")
    with audit.acting(access):
        person = a_person()
        audit.record(access, "person_hired", object_type="employee", object_key="K1", employee_id=person.pk)
    from staff.models import AuditEntry

    assert AuditEntry.objects.get().transaction == changes("staff_employee")[0].transaction


@pytest.mark.parametrize(
    ("table", "rights"),
    [("staff_rowchange", {"SELECT"}), ("staff_rowchangetext", {"SELECT", "DELETE"})],
)
def test_the_applications_role_reads_the_trail_of_rows_and_erases_texts(table: str, rights: set[str]) -> None:
    asked = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r FROM unnest(%s::text[]) r WHERE has_table_privilege(%s, %s, r)",
            [list(asked), settings.DATABASE_APP_ROLE, table],
        )
        assert {right for (right,) in cursor.fetchall()} == rights
