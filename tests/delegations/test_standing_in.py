"""Somebody who is away hands one role to somebody for some days: as far as it reaches, and no further."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from policy.models import PolicyVersion
from promotion.applications.actions.step_finish import finish_step
from promotion.applications.rights import require_decision, require_opinion, require_review
from promotion.applications.selectors import page_of
from promotion.models import Act, Application, ApplicationEvent
from staff.actions.delegation_confirm import confirm_delegation
from staff.actions.delegation_end import end_delegation
from staff.actions.delegation_make import make_delegation
from staff.actions.role_grant import grant_role
from staff.kernel import todos as todos_room
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.todos import Todo, register_todos
from staff.models import Account, AuditEntry, Delegation, Employee, OutboxMessage, RowChange
from staff.selectors.access import access_of, own_line
from staff.selectors.delegations import standing_in
from staff.web.delegation_words import todos
from tests.web.company import TODAY, Company
from tests.web.conftest import Visitor, company, house, on, visitor

__all__ = ["company", "house", "visitor"]
pytestmark = pytest.mark.django_db
_the_day = on(TODAY, "en")
BACK = TODAY + timedelta(days=7)


def own(company: Company, username: str, day: date = TODAY) -> Access:
    return access_of(Account.objects.get(pk=company.accounts[username].pk), day)


def named(company: Company, holder: str, role: str, deputy: str, **more: Any) -> Delegation:
    person = company.people[deputy]
    days = {"starts_on": TODAY, "ends_on": BACK, "reason": "annual leave", **more}
    return make_delegation(access=own(company, holder), role=role, number=person.employee_no, name=person.name, **days)


def acting(company: Company, row: Delegation, deputy: str, day: date = TODAY) -> Access:
    found = standing_in(own(company, deputy, day), row.pk)
    assert found is not None
    return found


def at_step(company: Company, no: str, step: str) -> Application:
    person = company.people[no]
    return Application.objects.create(
        employee=person, department=company.departments["信息客服一组"], kind="applied", state="open", step=step,
        version=PolicyVersion.objects.latest("pk"), from_tier="star", to_tier="diamond",
        process=["application", "opinion", "review", "decision", "public_notice", "effect"], frozen={}, frozen_digest="0" * 64,
        submitted_at="2026-11-11T02:00:00+08:00",
    )  # fmt: skip


def test_on_those_days_the_deputy_reaches_what_the_holder_reaches_in_that_role_alone(company: Company) -> None:
    row = named(company, "K1001", "supervisor", "K2051")
    access = acting(company, row, "K2051")
    reached = set(Employee.objects.visible_to(access, Verb.UPDATE, Thing.VALUE).values_list("employee_no", flat=True))
    of_holder = own(company, "K1001").in_roles(frozenset({"supervisor"}))
    assert reached == set(
        Employee.objects.visible_to(of_holder, Verb.UPDATE, Thing.VALUE).values_list("employee_no", flat=True)
    )
    assert access.roles == {"supervisor"}
    assert not own(company, "K2051").may(Thing.VALUE, Verb.UPDATE)
    for day in (TODAY - timedelta(days=1), BACK):
        assert standing_in(own(company, "K2051", day), row.pk) is None
    assert standing_in(own(company, "K2052"), row.pk) is None


def test_neither_acts_on_themselves_nor_on_a_superior_through_the_other(company: Company) -> None:
    access = acting(company, named(company, "K1001", "supervisor", "K2051"), "K2051")
    people = company.people
    assert {people["K2051"].pk, people["K1001"].pk, people["K1000"].pk} <= own_line(access)
    require_opinion(access, at_step(company, "K2031", "opinion"))
    with pytest.raises(Forbidden):
        require_opinion(access, at_step(company, "K2051", "opinion"))
    head = acting(company, named(company, "K1000", "head", "K1002"), "K1002")
    require_review(head, at_step(company, "K2032", "review"))
    for no in ("K1002", "K1000"):
        with pytest.raises(Forbidden):
            require_review(head, at_step(company, no, "review"))


def test_a_general_manager_s_deputy_waits_for_another_and_decides_on_nothing_either_took_part_in(
    company: Company,
) -> None:
    row = named(company, "gm", "gm", "K1002")
    assert standing_in(own(company, "K1002"), row.pk) is None
    for who in ("gm", "hr-two", "K1000"):
        with pytest.raises(Forbidden):
            confirm_delegation(access=own(company, who), delegation=row)
    confirm_delegation(access=own(company, "hr"), delegation=row)
    with pytest.raises(Refused):
        confirm_delegation(access=own(company, "hr"), delegation=row)
    access = acting(company, row, "K1002")
    require_decision(access, at_step(company, "K2031", "decision"))
    for took_part in ("gm", "K1002"):
        application = at_step(company, {"gm": "K2032", "K1002": "K2033"}[took_part], "decision")
        ApplicationEvent.objects.create(application=application, act=Act.REVIEWED, by=company.accounts[took_part])
        with pytest.raises(Forbidden):
            require_decision(access, application)
    with pytest.raises(Forbidden):  # roles are granted in person
        grant_role(access=access, account=company.accounts["K2031"], role="judge", starts_on=TODAY)


def test_each_act_bears_both_names(company: Company) -> None:
    application = at_step(company, "K2031", "opinion")
    access = acting(company, named(company, "K1001", "supervisor", "K2051"), "K2051")
    finish_step(access=access, application=application, step="opinion", act=Act.OPINED, words="so be it")
    entry = AuditEntry.objects.get(action="application_opined")
    assert (entry.actor, entry.on_behalf_of) == (company.accounts["K2051"], company.accounts["K1001"])
    (event,) = page_of(own(company, "hr"), application).events
    assert event.signed == f"{company.accounts['K2051']} for {company.accounts['K1001']}"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"reason": " "}, "reason"),
        ({"name": "张三"}, "number"),
        ({"number": "K1001", "name": "周岚"}, "number"),
        ({"number": "K2054", "name": "严冬"}, "number"),  # has left
    ],
)
def test_what_is_refused_says_where(company: Company, changes: dict[str, Any], code: str) -> None:
    asked = {
        "number": "K2051",
        "name": company.people["K2051"].name,
        "starts_on": TODAY,
        "ends_on": BACK,
        "reason": "x",
    }
    with pytest.raises(Refused) as refused:
        make_delegation(access=own(company, "K1001"), role="supervisor", **{**asked, **changes})
    assert refused.value.code == code


def test_only_a_holder_hands_on_and_one_deputy_at_a_time(company: Company) -> None:
    for holder, role in (("K2031", "supervisor"), ("K1001", "head"), ("hr", "hr")):
        with pytest.raises(Forbidden):
            named(company, holder, role, "K2051")
    row = named(company, "K1001", "supervisor", "K2051")
    with pytest.raises(Refused):
        named(company, "K1001", "supervisor", "K2032", starts_on=BACK - timedelta(days=1), ends_on=BACK)
    named(company, "K1001", "supervisor", "K2032", starts_on=BACK, ends_on=BACK + timedelta(days=1))
    with pytest.raises(Forbidden):  # nor does the deputy hand it on
        make_delegation(
            access=acting(company, row, "K2051"), role="supervisor", number="K2032", name="x", starts_on=TODAY,
            ends_on=BACK, reason="x",
        )  # fmt: skip


def test_it_is_ended_by_either_or_by_hr_and_bites_no_more_at_once(company: Company) -> None:
    row = named(company, "K1001", "supervisor", "K2051")
    for who in ("K2031", "hr-two", "gm"):
        with pytest.raises(Forbidden):
            end_delegation(access=own(company, who), delegation=row, reason="x")
    with pytest.raises(Refused):
        end_delegation(access=own(company, "hr"), delegation=row)
    end_delegation(access=own(company, "hr"), delegation=row, reason="back early")
    assert standing_in(own(company, "K2051"), row.pk) is None
    with pytest.raises(Refused):
        end_delegation(access=own(company, "K1001"), delegation=row)
    told = set(OutboxMessage.objects.values_list("kind", "recipient__username"))
    assert {
        ("delegation_received", "K2051"), ("delegation_given", "K1001"),
        ("delegation_ended", "K2051"), ("delegation_ended", "K1001"),
    } <= told  # fmt: skip
    assert RowChange.objects.filter(table_name="staff_delegation", employee=company.people["K1001"]).count() == 2


def test_in_the_browser_one_acts_for_the_other_until_one_goes_back(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, deputy = visitor("K1001"), visitor("K2051")
    sent = {
        "role": "supervisor", "number": "K2051", "name": company.people["K2051"].name, "reason": "leave",
        "starts_on": TODAY.isoformat(), "ends_on": BACK.isoformat(),
    }  # fmt: skip
    assert holder.post("/deputies/", {**sent, "name": "nobody"}).status_code == 422
    assert holder.post("/deputies/", sent).status_code == 302
    row = Delegation.objects.get()
    assert "Standing in" in deputy.get("/settings/").content.decode()
    assert deputy.get("/intake/").status_code == 403
    assert visitor("K2052").post(f"/deputies/{row.pk}/act/").status_code == 404
    assert deputy.post(f"/deputies/{row.pk}/act/").status_code == 302
    page = deputy.get("/intake/")
    assert page.status_code == 302 or page.status_code == 200
    text = deputy.get("/inbox/").content.decode()
    assert "You stand in for 周岚 K1001 as supervisor until 2026-11-19." in text
    assert 'href="/me/"' not in text
    end_delegation(access=own(company, "K1001"), delegation=row)
    assert deputy.get("/intake/").status_code == 403
    assert "You stand in" not in deputy.get("/inbox/").content.decode()


def test_what_waits_in_the_role_stands_in_the_deputy_s_inbox(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todos_room, "_providers", {})
    register_todos("test", lambda access: [Todo("a", "x", "/")] if "supervisor" in access.roles else [])
    register_todos("delegations", todos)
    named(company, "K1001", "supervisor", "K2051")
    (found,) = todos_room.todos_for(own(company, "K2051"))
    assert found.text == "1 thing waits for you as deputy of 周岚 K1001 (supervisor)"


def test_hr_sees_those_of_its_people_the_general_manager_all_and_others_their_own(
    company: Company, visitor: Visitor
) -> None:
    named(company, "K1001", "supervisor", "K2051")
    for who, sees in (("hr", True), ("gm", True), ("auditor", True), ("hr-two", False)):
        assert ("周岚 K1001" in visitor(who).get("/admin/deputies/").content.decode()) is sees, who
