"""Values, events, metrics, pay, sweeps and the schedule through the admin's forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from assessment.models import AssessmentMonth, EmployeeMonth, Event, Metric
from payroll.models import PayRecord
from promotion.models import Run
from staff.kernel.periods import Month
from staff.models import AuditEntry
from tests.admin.conftest import MONTH, Office
from tests.admin.test_people_forms import errors, post

EVENT = {"event_no": "E9", "person": "K0101", "day": "2026-10-09", "kind": "complaint", "status": "upheld"}


def seal(month: Month = MONTH) -> None:
    AssessmentMonth.objects.create(month=month, state="sealed", sealed_at=timezone.now(), digest="d")


def held(office: Office, metric: str) -> Decimal | None:
    slot = Metric.objects.get(key=metric).slot
    return EmployeeMonth.objects.values_list(f"s{slot}", flat=True).get(employee=office.own, month=MONTH)


def test_a_value_is_entered_changed_with_a_reason_and_taken_back(office: Office) -> None:
    client, args = office.client("hr"), (office.own.pk, str(MONTH))
    data = {"excellent_cases": "2", "keywords_online": "0"}
    assert post(client, "values-edit", data, *args).status_code == 302
    assert held(office, "keywords_online") == 0
    changed = {**data, "excellent_cases": "3"}
    assert list(errors(post(client, "values-edit", changed, *args))) == ["reason"]
    assert post(client, "values-edit", {**changed, "reason": "recount"}, *args).status_code == 302
    assert post(client, "values-edit", {"keywords_online": "0", "reason": "never happened"}, *args).status_code == 302
    assert held(office, "excellent_cases") is None
    trail = AuditEntry.objects.filter(action="value_saved").order_by("id").values_list("before", "after")
    assert [(b and Decimal(b), a and Decimal(a)) for b, a in trail] == [(None, 0), (2, 3), (3, None)]


def test_missing_is_shown_apart_from_zero(office: Office) -> None:
    office.company.values(office.own, "keywords_online", {"2026-10": 0})
    body = office.client("hr").get(reverse("admin:values"), {"month": "2026-10", "q": "K0101"}).content.decode()
    assert body.count('<td class="n num">0</td>') == 1
    silent = office.client("hr").get(reverse("admin:values"), {"month": "2026-10", "q": "K0202"}).content.decode()
    assert 'class="n miss"' in silent
    assert '<td class="n num">0</td>' not in silent
    exempt = office.client("hr").get(reverse("admin:values"), {"month": "2026-08", "q": "K0101"}).content.decode()
    assert 'class="n off"' in exempt


def test_a_value_outside_its_bounds_is_an_error_at_its_metric(office: Office) -> None:
    args = (office.own.pk, str(MONTH))
    for metric, value in (("satisfaction_rate", "101"), ("excellent_cases", "1.5"), ("sales", "-1"), ("sales", "NaN")):
        response = post(office.client("hr"), "values-edit", {metric: value, "reason": "x"}, *args)
        assert response.status_code == 422
        assert list(errors(response)) == [metric]


def test_a_sealed_month_is_told_and_keeps_its_values(office: Office) -> None:
    seal()
    data = {"excellent_cases": "9", "reason": "late"}
    response = post(office.client("hr"), "values-edit", data, office.own.pk, str(MONTH))
    assert response.status_code == 422
    assert "sealed" in str(errors(response)["__all__"])
    assert held(office, "excellent_cases") == 2
    late = post(office.client("hr"), "assessment_event_add", EVENT)
    assert late.status_code == 422
    assert not Event.objects.filter(event_no="E9").exists()
    absence = {"person": "K0101", "first_day": "2026-10-01", "last_day": "2026-10-31", "kind": "leave"}
    assert post(office.client("hr"), "staff_absence_add", absence).status_code == 422


def test_an_event_is_recorded_put_right_and_keeps_its_number_and_person(office: Office) -> None:
    client = office.client("hr")
    assert post(client, "assessment_event_add", {**EVENT, "note": "seen"}).status_code == 302
    event = Event.objects.get(event_no="E9")
    assert list(errors(post(client, "assessment_event_add", EVENT))) == ["event_no"]
    right = {"day": "2026-10-10", "kind": "complaint", "status": "withdrawn", "person": "K0202", "event_no": "E10"}
    assert post(client, "assessment_event_change", right, event.pk).status_code == 302
    event.refresh_from_db()
    assert (event.event_no, event.employee, event.status, event.day) == (
        "E9",
        office.own,
        "withdrawn",
        date(2026, 10, 10),
    )
    assert "seen" not in str(AuditEntry.objects.filter(action="event_saved").values_list("before", "after"))


def test_a_status_that_the_kind_does_not_have_is_an_error_at_the_status(office: Office) -> None:
    for status in ("passed", ""):
        response = post(office.client("hr"), "assessment_event_add", {**EVENT, "status": status})
        assert list(errors(response)) == ["status"]


def test_praise_simply_happened_and_has_no_status(office: Office) -> None:
    assert (
        post(office.client("hr"), "assessment_event_add", {**EVENT, "kind": "praise", "status": ""}).status_code == 302
    )
    assert Event.objects.get(event_no="E9").status == ""


def test_hr_adds_a_metric_that_takes_the_next_free_slot(office: Office) -> None:
    taken = set(Metric.objects.values_list("slot", flat=True))
    data = {
        "key": "night_shifts", "kind": "value", "zh": "夜班次数", "en": "night shifts", "unit": "count",
        "lowest": "0", "highest": "31", "decimals": "0",
    }  # fmt: skip
    assert post(office.client("hr"), "assessment_metric_add", data).status_code == 302
    slot = Metric.objects.get(key="night_shifts").slot
    assert slot == min(set(range(1, 65)) - taken)
    assert list(errors(post(office.client("hr"), "assessment_metric_add", data))) == ["key"]
    crossed = {**data, "key": "other", "zh": "另一项", "lowest": "40"}
    assert list(errors(post(office.client("hr"), "assessment_metric_add", crossed))) == ["highest"]


def test_payroll_records_pay_and_the_trail_holds_no_amount(office: Office) -> None:
    client = office.client("payroll")
    data = {"person": "K0101", "starts_on": "2026-11-01", "base": "5432.10"}
    assert post(client, "payroll_payrecord_add", data).status_code == 302
    assert PayRecord.objects.get(employee=office.own).base == Decimal("5432.10")
    assert list(errors(post(client, "payroll_payrecord_add", data))) == ["starts_on"]
    entry = AuditEntry.objects.get(action="pay_record_saved")
    assert "5432" not in f"{entry.before} {entry.after}"
    hr = office.client("hr").get(reverse("admin:staff_auditentry_changelist"), {"q": "K0101"}).content.decode()
    assert f"工资记录 {entry.object_key}" not in hr


def test_a_sweep_is_started_once_for_the_same_facts(office: Office) -> None:
    for _time in range(2):
        assert post(office.client("hr"), "sweep-start", {"month": "2026-09"}).status_code == 302
    assert Run.objects.filter(month=Month.parse("2026-09")).count() == 1
    future = post(office.client("hr"), "sweep-start", {"month": "2027-01"})
    assert list(errors(future)) == ["month"]
    assert post(office.client("hr"), "sweep-start", {"month": "garbage"}).status_code == 422
    assert post(office.client("hr"), "sweep-start", {"month": "2016-01"}).status_code == 422


def test_progress_is_polled_while_a_run_is_at_work_and_then_the_page_comes_anew(office: Office) -> None:
    client = office.client("hr")
    post(client, "sweep-start", {"month": "2026-09"})
    at_work = client.get(reverse("admin:sweep-progress"))
    assert "hx-get" in at_work.content.decode()
    assert "HX-Refresh" not in at_work
    Run.objects.update(state="done")
    assert client.get(reverse("admin:sweep-progress"))["HX-Refresh"] == "true"


def test_the_operator_moves_a_job_and_cron_nonsense_is_an_error(office: Office) -> None:
    job = PeriodicTask.objects.get(name="nightly")
    data = {"enabled": "on", "minute": "15", "hour": "3", "day_of_month": "*"}
    assert post(office.client("operator"), "django_celery_beat_periodictask_change", data, job.pk).status_code == 302
    job.refresh_from_db()
    assert (job.crontab.minute, job.crontab.hour, job.enabled) == ("15", "3", True)
    bad = post(office.client("operator"), "django_celery_beat_periodictask_change", {**data, "hour": "25"}, job.pk)
    assert list(errors(bad)) == ["hour"]


def test_a_role_takes_effect_once_the_general_manager_has_approved_it(office: Office) -> None:
    data = {"account": "employee", "role": "hr", "starts_on": "2026-11-10", "department": ""}
    assert post(office.client("hr"), "staff_rolegrant_add", data).status_code == 302
    assert list(errors(post(office.client("hr"), "staff_rolegrant_add", {**data, "account": "nobody"}))) == ["account"]
    assert office.client("employee").get(reverse("admin:index")).status_code == 403
    grant = office.accounts["employee"].grants.get(role="hr")
    assert post(office.client("gm"), "grant-approve", {}, grant.pk).status_code == 302
    assert office.client("employee").get(reverse("admin:index")).status_code == 200
    assert post(office.client("gm"), "grant-end", {"ends_on": "2026-11-10"}, grant.pk).status_code == 302
    assert office.client("employee").get(reverse("admin:index")).status_code == 403


def test_a_one_time_link_is_shown_in_the_answer_and_never_again(office: Office) -> None:
    response = post(office.client("hr"), "staff_account_add", {"person": "K0202"})
    assert response.status_code == 200
    assert "/invitation/" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    account = office.other.account
    page = office.client("hr").get(reverse("admin:staff_account_change", args=[account.pk])).content.decode()
    assert "/invitation/" not in page
