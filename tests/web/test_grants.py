"""Roles as dated grants: who gives them, who must agree, when they bite and when they end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from staff.actions.account_close import close_account, reopen_account
from staff.actions.role_approve import approve_grant
from staff.actions.role_end import end_grant
from staff.actions.role_grant import grant_role
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import TWO_PERSON_ROLES, Account, AuditEntry, RoleGrant
from staff.selectors.access import access_of
from tests.web.company import TODAY, Company

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
SERVER = Access.system(TODAY, "test", channel="command")


def of(company: Company, username: str, day: date = TODAY) -> Access:
    return access_of(Account.objects.get(username=username), day)


def grant(company: Company, by: str, whom: str, role: str, department: str | None = None, **more: date) -> RoleGrant:
    return grant_role(
        access=of(company, by),
        account=company.accounts[whom],
        role=role,
        department=company.departments.get(department or ""),
        **{"starts_on": TODAY, **more},
    )


def holds(company: Company, username: str, role: str, day: date = TODAY) -> bool:
    return role in of(company, username, day).roles


@pytest.mark.parametrize("role", ["head", "judge"])
def test_hr_gives_a_role_that_takes_one_person(company: Company, role: str) -> None:
    grant(company, "hr", "K2031", role, starts_on=TOMORROW)
    assert not holds(company, "K2031", role)
    assert holds(company, "K2031", role, TOMORROW)


@pytest.mark.parametrize("role", [str(role) for role in TWO_PERSON_ROLES])
def test_a_role_that_takes_two_bites_only_once_the_second_has_agreed(company: Company, role: str) -> None:
    made = grant(company, "hr", "K2031", role)
    assert not holds(company, "K2031", role)
    approve_grant(access=of(company, "gm"), grant=made)
    assert holds(company, "K2031", role)
    trail = AuditEntry.objects.filter(object_type="role_grant", object_key=made.pk).order_by("id")
    assert [(e.action, e.actor and e.actor.username) for e in trail] == [
        ("role_granted", "hr"),
        ("role_approved", "gm"),
    ]


def test_maker_is_not_checker(company: Company) -> None:
    made = grant(company, "gm", "K2031", "payroll")
    with pytest.raises(Forbidden):
        approve_grant(access=of(company, "gm"), grant=made)
    assert not holds(company, "K2031", "payroll")


def test_nobody_approves_a_role_for_themselves(company: Company) -> None:
    made = grant(company, "hr", "gm", "auditor")
    with pytest.raises(Forbidden):
        approve_grant(access=of(company, "gm"), grant=made)


@pytest.mark.parametrize("by", ["hr", "payroll", "auditor", "operator", "K1000", "K1001", "K2031"])
def test_only_the_general_manager_approves(company: Company, by: str) -> None:
    made = grant(company, "hr", "K2032", "payroll")
    with pytest.raises(Forbidden):
        approve_grant(access=of(company, by), grant=made)


def test_an_approval_is_given_once_and_only_where_it_is_needed(company: Company) -> None:
    made = grant(company, "hr", "K2031", "payroll")
    approve_grant(access=of(company, "gm"), grant=made)
    with pytest.raises(Refused):
        approve_grant(access=of(company, "gm"), grant=made)
    with pytest.raises(Refused):
        approve_grant(access=of(company, "gm"), grant=grant(company, "hr", "K2031", "judge"))


@pytest.mark.parametrize("by", ["hr", "gm", "operator"])
def test_nobody_grants_themselves_a_role(company: Company, by: str) -> None:
    with pytest.raises(Forbidden):
        grant(company, by, by, "payroll")


@pytest.mark.parametrize("by", ["payroll", "auditor", "K1000", "K1001", "K2031"])
def test_others_grant_nothing(company: Company, by: str) -> None:
    with pytest.raises(Forbidden):
        grant(company, by, "K2032", "judge")


def test_the_operator_grants_nothing_that_bites_alone(company: Company) -> None:
    with pytest.raises(Forbidden):
        grant(company, "operator", "K2031", "head")
    assert not grant(company, "operator", "K2031", "hr").in_force


def test_hr_of_a_part_grants_within_that_part(company: Company) -> None:
    grant(company, "hr-two", "K1002", "head", "信息客服二组")
    for department in (None, "信息客服一组", "青岚信息"):
        with pytest.raises(Forbidden):
            grant(company, "hr-two", "K1002", "judge", department)


def test_hr_of_a_part_grants_to_nobody_of_another_part(company: Company) -> None:
    with pytest.raises(Forbidden):
        grant(company, "hr-two", "K2031", "head", "信息客服二组")
    assert not holds(company, "K2031", "head")


@pytest.mark.parametrize(
    ("role", "department", "start", "end"),
    [
        ("employee", None, TODAY, None),
        ("supervisor", None, TODAY, None),
        ("emperor", None, TODAY, None),
        ("gm", "信息客服部", TODAY, None),
        ("auditor", "信息客服部", TODAY, None),
        ("judge", None, YESTERDAY, None),
        ("judge", None, TODAY, TODAY),
        ("judge", None, TOMORROW, TODAY),
    ],
)
def test_what_cannot_be_granted(
    company: Company, role: str, department: str | None, start: date, end: date | None
) -> None:
    with pytest.raises(Refused):
        grant_role(
            access=of(company, "hr"),
            account=company.accounts["K2031"],
            role=role,
            department=company.departments.get(department or ""),
            starts_on=start,
            ends_on=end,
        )


def test_the_same_role_is_not_granted_twice_for_one_day(company: Company) -> None:
    grant(company, "hr", "K2031", "judge")
    with pytest.raises(Refused):
        grant(company, "hr", "K2031", "judge", starts_on=TOMORROW)


def test_a_grant_ends_by_date_without_anyones_doing(company: Company) -> None:
    grant(company, "hr", "K2031", "judge", ends_on=TOMORROW)
    assert holds(company, "K2031", "judge", TODAY)
    assert not holds(company, "K2031", "judge", TOMORROW)


def test_an_ended_grant_holds_until_its_day_and_stays_in_the_books(company: Company) -> None:
    made = grant(company, "hr", "K2031", "judge")
    end_grant(access=of(company, "hr"), grant=made, ends_on=TOMORROW)
    assert holds(company, "K2031", "judge", TODAY)
    assert not holds(company, "K2031", "judge", TOMORROW)
    assert RoleGrant.objects.filter(pk=made.pk).exists()


def test_a_grant_that_never_began_is_taken_back_whole(company: Company) -> None:
    made = grant(company, "hr", "K2031", "judge", starts_on=TOMORROW)
    end_grant(access=of(company, "hr"), grant=made, ends_on=TODAY)
    assert not RoleGrant.objects.filter(pk=made.pk).exists()
    assert AuditEntry.objects.filter(action="role_ended", object_key=made.pk).exists()


@pytest.mark.parametrize("role", ["gm", "operator"])
def test_the_last_one_stays(company: Company, role: str) -> None:
    last = RoleGrant.objects.get(role=role)
    by = of(company, "operator" if role == "gm" else "gm")
    with pytest.raises(Refused):
        end_grant(access=by, grant=last, ends_on=TOMORROW)
    grant_role(access=SERVER, account=company.accounts["K1000"], role=role, starts_on=TODAY, reason="a second one")
    end_grant(access=by, grant=last, ends_on=TOMORROW)


def test_a_second_one_whom_nobody_has_approved_does_not_count_as_one(company: Company) -> None:
    grant(company, "hr", "K1000", "gm")
    with pytest.raises(Refused):
        end_grant(access=of(company, "operator"), grant=RoleGrant.objects.get(account__username="gm"), ends_on=TOMORROW)


@pytest.mark.parametrize(
    ("by", "error"), [("K2031", Forbidden), ("auditor", Forbidden), ("hr-two", Forbidden), ("payroll", Forbidden)]
)
def test_others_end_no_grant(company: Company, by: str, error: type[Exception]) -> None:
    made = grant(company, "hr", "K2032", "judge")
    with pytest.raises(error):
        end_grant(access=of(company, by), grant=made, ends_on=TODAY)


@pytest.mark.parametrize("role", [str(role) for role in TWO_PERSON_ROLES])
def test_hr_ends_no_role_that_takes_two(company: Company, role: str) -> None:
    made = grant_role(access=SERVER, account=company.accounts["K2032"], role=role, starts_on=TODAY, reason="test")
    with pytest.raises(Forbidden):
        end_grant(access=of(company, "hr"), grant=made, ends_on=TOMORROW)
    end_grant(access=of(company, "operator"), grant=made, ends_on=TOMORROW)
    assert not holds(company, "K2032", role, TOMORROW)


@pytest.mark.parametrize("role", ["head", "judge"])
def test_the_operator_ends_no_role_that_takes_effect_alone(company: Company, role: str) -> None:
    made = grant(company, "hr", "K2032", role)
    with pytest.raises(Forbidden):
        end_grant(access=of(company, "operator"), grant=made, ends_on=TOMORROW)
    end_grant(access=of(company, "gm"), grant=made, ends_on=TOMORROW)


def test_what_is_over_stays_over(company: Company) -> None:
    made = grant(company, "hr", "K2031", "judge")
    end_grant(access=of(company, "hr"), grant=made, ends_on=TOMORROW)
    later = of(company, "hr", TODAY + timedelta(days=2))
    made.refresh_from_db()
    with pytest.raises(Refused):
        end_grant(access=later, grant=made, ends_on=TODAY + timedelta(days=3))
    with pytest.raises(Refused):
        end_grant(access=of(company, "hr"), grant=grant(company, "hr", "K2032", "judge"), ends_on=YESTERDAY)


def test_on_the_server_a_grant_bites_at_once_but_needs_its_reason(company: Company) -> None:
    with pytest.raises(Refused):
        grant_role(access=SERVER, account=company.accounts["K2031"], role="gm", starts_on=TODAY)
    made = grant_role(access=SERVER, account=company.accounts["K2031"], role="gm", starts_on=TODAY, reason="the first")
    assert holds(company, "K2031", "gm")
    entry = AuditEntry.objects.get(action="role_granted", object_key=made.pk)
    assert (entry.channel, entry.actor, entry.reason) == ("command", None, "the first")


def test_a_waiting_grant_can_be_approved_on_the_server(company: Company) -> None:
    made = grant(company, "hr", "K2031", "payroll")
    approve_grant(access=SERVER, grant=made)
    assert holds(company, "K2031", "payroll")


def test_the_operator_closes_and_opens_accounts(company: Company) -> None:
    account = Account.objects.get(username="K2031")
    close_account(access=of(company, "operator"), account=account, reason="left")
    assert of(company, "K2031").roles == frozenset()
    reopen_account(access=of(company, "operator"), account=account)
    assert "employee" in of(company, "K2031").roles
    actions = AuditEntry.objects.filter(object_key="K2031").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["account_closed", "account_opened"]


@pytest.mark.parametrize("by", ["hr", "gm", "auditor", "payroll", "K1000", "K2031"])
def test_others_close_no_account(company: Company, by: str) -> None:
    with pytest.raises(Forbidden):
        close_account(access=of(company, by), account=Account.objects.get(username="K2032"))


def test_the_last_general_manager_stays_open_and_nobody_closes_themselves(company: Company) -> None:
    with pytest.raises(Refused):
        close_account(access=of(company, "operator"), account=Account.objects.get(username="gm"))
    with pytest.raises(Forbidden):
        close_account(access=of(company, "operator"), account=Account.objects.get(username="operator"))
