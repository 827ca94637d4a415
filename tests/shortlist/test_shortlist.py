"""A supervisor's post falls vacant: whoever holds the top tier is listed, ranked by nothing; the general manager chooses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from promotion.models import LedgerLine, Shortlisted, Vacancy
from promotion.shortlist.actions.vacancy_decide import decide_vacancy, take_back_vacancy
from promotion.shortlist.actions.vacancy_mark import mark_vacancy
from promotion.shortlist.selectors import shortlist
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import Account, AuditEntry, OutboxMessage
from staff.selectors.access import access_of
from tests.web.company import LADDER, TODAY, Company
from tests.web.conftest import Visitor, company, house, on, visitor

__all__ = ["company", "house", "visitor"]
pytestmark = pytest.mark.django_db
_the_day = on(TODAY, "en")
DEPARTMENT = "信息客服部"


def own(company: Company, username: str) -> Access:
    return access_of(Account.objects.get(pk=company.accounts[username].pk), TODAY)


def crowned(company: Company, *numbers: str) -> None:
    """They hold the top of the ladder from the first of November on."""
    for no in numbers:
        line = LedgerLine.objects.filter(employee=company.people[no]).latest("seq")
        LedgerLine.objects.create(
            seq=0, employee=company.people[no], kind="promotion", ladder=LADDER, from_tier=line.to_tier, to_tier="crown",
            effective_on=TODAY - timedelta(days=11), channel="test", prev_hash="", hash="",
        )  # fmt: skip


def marked(company: Company, who: str = "hr", **more: object) -> Vacancy:
    given = {"post": "客服主管", "vacant_on": TODAY, "clause": "三", "reason": "moved to another city", **more}
    return mark_vacancy(access=own(company, who), department=company.departments[DEPARTMENT], **given)  # type: ignore[arg-type]


def test_whoever_holds_the_top_tier_of_the_ladder_in_force_is_listed_by_number_alone(company: Company) -> None:
    crowned(company, "K2033", "K2032")
    row = marked(company)
    assert (row.tier, row.version.key) == ("crown", LADDER)
    before = {one.employee.employee_no for one in shortlist(row, TODAY - timedelta(days=12))}
    listed = [one.employee.employee_no for one in shortlist(row, TODAY)]
    assert {"K2032", "K2033"} <= set(listed)
    assert listed == sorted(listed)
    assert not {"K2032", "K2033"} & before
    assert {one.path[-1][0] for one in shortlist(row, TODAY)} == {"crown"}


def test_the_general_manager_chooses_with_a_reason_and_the_ledger_is_not_touched(company: Company) -> None:
    crowned(company, "K2032", "K2033")
    row, lines = marked(company), LedgerLine.objects.count()
    chosen = company.people["K2033"]
    with pytest.raises(Refused):
        decide_vacancy(access=own(company, "gm"), vacancy=row, chosen=chosen, words=" ")
    with pytest.raises(Refused):
        decide_vacancy(access=own(company, "gm"), vacancy=row, chosen=company.people["K2031"], words="best")
    decide_vacancy(access=own(company, "gm"), vacancy=row, chosen=chosen, words="leads the team already")
    assert (row.state, row.chosen) == ("filled", chosen)
    assert {one.employee.employee_no for one in Shortlisted.objects.all()} >= {"K2032", "K2033"}
    assert LedgerLine.objects.count() == lines
    told = set(OutboxMessage.objects.filter(kind__startswith="vacancy").values_list("kind", "recipient__username"))
    assert told == {("vacancy_to_decide", "gm"), ("vacancy_decided", "hr"), ("vacancy_chosen", "K2033")}
    assert AuditEntry.objects.get(action="vacancy_decided").reason == "leads the team already"
    with pytest.raises(Refused, match="settled already"):
        decide_vacancy(access=own(company, "gm"), vacancy=row, chosen=None, words="nobody")
    with pytest.raises(Refused, match="settled already"):
        take_back_vacancy(access=own(company, "hr"), vacancy=row, words="not vacant")


def test_what_is_refused_says_why(company: Company) -> None:
    for wrong in ({"clause": "九九"}, {"clause": ""}, {"post": " "}, {"reason": ""}):
        with pytest.raises(Refused):
            marked(company, **wrong)
    with pytest.raises(Refused):
        mark_vacancy(
            access=own(company, "hr"), department=company.departments["财务部"], post="x", vacant_on=TODAY, clause="三",
            reason="x",
        )  # fmt: skip
    row = marked(company)
    with pytest.raises(Refused):
        marked(company)
    for who in ("gm", "hr-two", "K1000", "K2031"):
        with pytest.raises(Forbidden):
            marked(company, who, post="another")
    for who in ("hr", "K1000", "auditor"):
        with pytest.raises(Forbidden):
            decide_vacancy(access=own(company, who), vacancy=row, chosen=None, words="x")


def test_whoever_marked_it_does_not_decide_and_nobody_chooses_themselves(company: Company) -> None:
    crowned(company, "K2033")
    both = company.accounts["K2033"]
    company.grant(both, "gm")
    company.grant(both, "hr")
    row = marked(company, "K2033")
    with pytest.raises(Forbidden):
        decide_vacancy(access=own(company, "K2033"), vacancy=row, chosen=None, words="x")
    other = marked(company, post="another")
    with pytest.raises(Forbidden):
        decide_vacancy(access=own(company, "K2033"), vacancy=other, chosen=company.people["K2033"], words="x")


def test_the_pages_show_the_clause_and_the_record_and_take_the_choice(company: Company, visitor: Visitor) -> None:
    crowned(company, "K2032", "K2033")
    row = marked(company)
    gm, address = visitor("gm"), f"/vacancies/{row.pk}/"
    with CaptureQueriesContext(connection) as queries:
        page = gm.get(address).content.decode()
    assert len(queries) <= 16
    assert "皇冠级客服为客服部员工最高级别职位" in page
    assert page.index("K2032") < page.index("K2033")
    assert "K2033" in visitor("hr").get(f"/admin/vacancies/{row.pk}/").content.decode()
    assert "Choose for the vacant post" in gm.get("/inbox/").content.decode()
    assert gm.post(address, {"words": "x"}).status_code == 422
    assert gm.post(address, {"chosen": "K2033", "words": "leads already"}).status_code == 302
    assert "leads already" in visitor("K1000").get(address).content.decode()
    assert visitor("hr-two").get(address).status_code == 404
    assert visitor("K2031").get(address).status_code == 403
