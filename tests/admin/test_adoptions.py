"""Two people put a policy in force: HR asks, the general manager decides. The forms, the actions, the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from policy.actions.adoption_decide import decide_adoption
from policy.actions.adoption_request import request_adoption, withdraw_request
from policy.actions.policy_adopt import adopt
from policy.models import Adoption, AdoptionRequest
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import AuditEntry, RoleGrant
from staff.selectors.access import access_of
from tests.admin.conftest import Office
from tests.admin.test_people_forms import errors, post
from tests.company import LADDER, TODAY, operator

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=timezone.get_default_timezone())
FIRST = date(2026, 12, 1)


def ask(office: Office, role: str = "hr", **data: Any) -> HttpResponse:
    form = {"department": office.company.department.pk, "starts_on": "2026-12-01", "consultation": "", **data}
    return post(office.client(role), "policy-adopt", form, LADDER)


def decide(office: Office, access: Access | None = None, **how: Any) -> AdoptionRequest:
    given = {"request_id": office.asked.pk, "approve": True, "reason": "", "now": NOW, **how}
    return decide_adoption(access=access or office.access("gm"), **given)


def test_what_hr_asks_for_changes_nothing_in_force(office: Office) -> None:
    before = list(Adoption.objects.values())
    response = ask(office, set_exam_validity="6 months", consultation="职工代表讨论")
    assert response.status_code == 302, errors(response)
    made = AdoptionRequest.objects.exclude(pk=office.asked.pk).get()
    assert (made.policy, made.department, made.starts_on) == (LADDER, office.company.department, FIRST)
    assert (made.values, made.consultation) == ({"exam_validity": "6 months"}, "职工代表讨论")
    assert (made.requested_by, made.state, made.decided_by) == (office.accounts["hr"], "pending", None)
    assert list(Adoption.objects.values()) == before
    assert AuditEntry.objects.get(action="adoption_requested").actor == office.accounts["hr"]


def test_a_request_is_for_today_or_later_for_a_policy_that_is_there_and_values_that_can_be_read(office: Office) -> None:
    assert list(errors(ask(office, starts_on="2026-11-09"))) == ["starts_on"]
    assert list(errors(ask(office, set_exam_validity="'; DROP TABLE staff_employee; --"))) == ["set_exam_validity"]
    access, department = office.access("hr"), office.company.department
    with pytest.raises(Refused, match="no-policy"):
        request_adoption(access=access, key="no-policy", department=department, starts_on=FIRST)
    with pytest.raises(Refused, match="nonsense"):
        request_adoption(
            access=access, key=LADDER, department=department, starts_on=FIRST, values={"nonsense": "1"}
        )  # fmt: skip
    assert AdoptionRequest.objects.get() == office.asked


def test_hr_of_a_team_asks_for_its_team_alone_and_nobody_else_asks(office: Office) -> None:
    assert list(errors(ask(office, "hr_sub"))) == ["department"]
    assert ask(office, "hr_sub", department=office.first.pk).status_code == 302
    for role, department in (("hr_sub", office.second), ("gm", office.first), ("payroll", office.first)):
        with pytest.raises(Forbidden):
            request_adoption(access=office.access(role), key=LADDER, department=department, starts_on=FIRST)
    with pytest.raises(Forbidden):
        request_adoption(access=operator(), key=LADDER, department=office.first, starts_on=FIRST)


def test_the_general_manager_approves_and_the_earlier_adoption_ends_there(office: Office) -> None:
    response = post(office.client("gm"), "adoption-approve", {"reason": "agreed"}, office.asked.pk)
    assert response.status_code == 302, errors(response)
    earlier, later = Adoption.objects.order_by("period")
    assert earlier.period.upper == later.period.lower == FIRST
    assert (later.values, later.consultation) == ({"exam_validity": "6 months"}, "职工代表讨论")
    assert (later.adopted_by, later.approved_by) == (office.accounts["hr"], office.accounts["gm"])
    office.asked.refresh_from_db()
    assert (office.asked.state, office.asked.decided_by, office.asked.reason) == (
        "approved", office.accounts["gm"], "agreed",
    )  # fmt: skip
    trail = AuditEntry.objects.filter(actor=office.accounts["gm"]).order_by("pk").values_list("action", flat=True)
    assert list(trail) == ["adoption_request_approved", "policy_adopted"]


def test_declining_takes_a_reason_that_hr_reads_and_changes_nothing_in_force(office: Office) -> None:
    assert list(errors(post(office.client("gm"), "adoption-decline", {"reason": " "}, office.asked.pk))) == ["reason"]
    done = post(office.client("gm"), "adoption-decline", {"reason": "after the spring"}, office.asked.pk)
    assert done.status_code == 302
    assert Adoption.objects.count() == 1
    body = office.client("hr").get(reverse("admin:adoption-request", args=[office.asked.pk])).content.decode()
    assert "after the spring" in body
    assert reverse("admin:adoption-withdraw", args=[office.asked.pk]) not in body


def test_nobody_adopts_alone(office: Office) -> None:
    given = {"key": LADDER, "department": office.company.department, "starts_on": FIRST}
    with pytest.raises(Forbidden):
        adopt(access=office.access("gm"), **given)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        adopt(access=office.access("gm"), request=office.asked, **given)  # type: ignore[arg-type]
    hr = office.accounts["hr"]
    RoleGrant.objects.create(
        account=hr, role="gm", period=RoleGrant.objects.get(account=hr).period, by_operator_command=True, reason="both"
    )
    with pytest.raises(Forbidden):
        decide(office, access_of(hr, TODAY, channel="admin"))
    with pytest.raises(Forbidden):
        decide(office, office.access("hr_sub"))
    assert Adoption.objects.get().approved_by is None


def test_the_database_keeps_maker_and_checker_apart(office: Office) -> None:
    hr, gm = office.accounts["hr"], office.accounts["gm"]
    for rows, change, constraint in (
        (Adoption.objects, {"adopted_by": gm, "approved_by": gm}, "adoption_maker_is_not_checker"),
        (
            AdoptionRequest.objects, {"state": "approved", "decided_by": hr, "decided_at": NOW},
            "adoption_request_maker_is_not_checker",
        ),
        (AdoptionRequest.objects, {"state": "approved", "decided_at": NOW}, "adoption_request_decided_by_somebody"),
        (AdoptionRequest.objects, {"decided_by": gm, "decided_at": NOW}, "adoption_request_decided_by_somebody"),
        (AdoptionRequest.objects, {"state": "lost"}, "adoption_request_(state_known|decided_by_somebody)"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            rows.update(**change)


def test_what_adopt_refuses_is_told_and_the_request_waits_on(office: Office) -> None:
    AdoptionRequest.objects.update(department=office.company.root)
    response = post(office.client("gm"), "adoption-approve", {"reason": ""}, office.asked.pk)
    assert response.status_code == 422
    assert "same people" in str(errors(response))
    office.asked.refresh_from_db()
    assert (office.asked.pending, office.asked.decided_by) == (True, None)
    assert not AuditEntry.objects.filter(action="adoption_request_approved").exists()
    AdoptionRequest.objects.update(department=office.company.department, starts_on=date(2026, 11, 9))
    with pytest.raises(Refused):
        decide(office)
    assert Adoption.objects.count() == 1


def test_a_request_is_settled_once(office: Office) -> None:
    decide(office)
    for again in (
        lambda: decide(office),
        lambda: decide(office, approve=False, reason="late"),
        lambda: withdraw_request(access=office.access("hr"), request_id=office.asked.pk, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "settled"


def test_its_maker_withdraws_it_and_nobody_else(office: Office) -> None:
    for role in ("hr_sub", "gm"):
        with pytest.raises(Forbidden):
            withdraw_request(access=office.access(role), request_id=office.asked.pk, now=NOW)
    assert post(office.client("hr"), "adoption-withdraw", {}, office.asked.pk).status_code == 302
    office.asked.refresh_from_db()
    assert office.asked.state == "withdrawn"
    with pytest.raises(Refused):
        decide(office)


def test_what_waits_and_what_it_ends_is_read_before_it_is_decided(office: Office) -> None:
    gm, page = office.client("gm"), reverse("admin:adoption-request", args=[office.asked.pk])
    listed = gm.get(reverse("admin:policy_adoption_changelist")).content.decode()
    assert page in listed
    assert "职工代表讨论" in listed
    body = gm.get(page).content.decode()
    for words in ("职工代表讨论", "exam_validity = 6 months", "2026-12-01", "2017-01-01", "客服部"):
        assert words in body
    approve = reverse("admin:adoption-approve", args=[office.asked.pk])
    assert approve in body
    assert "2017-01-01" in gm.get(approve).content.decode()
    assert approve not in office.client("hr").get(page).content.decode()
