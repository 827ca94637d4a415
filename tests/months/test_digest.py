"""The digest is the same for the same facts, however they came, and another for any other fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from assessment.models import AcceptedGap, AssessmentMonth, EmployeeMonth, Event, ItemAssessor, Metric
from assessment.selectors.digest import digest_of
from staff.models import Absence
from tests.months.conftest import NOVEMBER, OWING, report
from tests.web.company import MONTH, Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(company: Company) -> Company:
    report(company, *OWING[:3])
    company.event("K2031", "2026-11-05", "keyword_online", subject="瑞丰电缆", quantity=2)
    return company


def test_the_same_facts_give_the_same_digest_in_whichever_order_they_came(reported: Company) -> None:
    before = digest_of(NOVEMBER)
    rows = list(EmployeeMonth.objects.filter(month=NOVEMBER).order_by("-employee_id"))
    event = Event.objects.get(day=date(2026, 11, 5))
    EmployeeMonth.objects.filter(month=NOVEMBER).delete()
    Event.objects.filter(pk=event.pk).delete()
    assert digest_of(NOVEMBER) != before
    Event.objects.create(
        event_no=event.event_no, employee_id=event.employee_id, day=event.day, kind_id=event.kind_id,
        subject=event.subject, quantity="2.0",
    )  # fmt: skip
    for row in rows:
        row.save(force_insert=True)
    assert digest_of(NOVEMBER) == before
    assert (before.after, before.values, before.events, before.gaps) == (MONTH, 6, 1, 0)


def test_a_row_in_which_nothing_is_reported_is_no_fact(reported: Company) -> None:
    before = digest_of(NOVEMBER)
    EmployeeMonth.objects.create(employee=reported.people["K2053"], month=NOVEMBER)
    assert digest_of(NOVEMBER) == before


def _value(company: Company) -> None:
    company.values("K2031", "excellent_cases", {"2026-11": 7})


def _null(company: Company) -> None:
    company.values("K2031", "excellent_cases", {"2026-11": None})  # type: ignore[dict-item]


def _more(company: Company) -> None:
    company.values("K2031", "satisfaction_rate", {"2026-11": 0})


def _event(company: Company) -> None:
    Event.objects.filter(day=date(2026, 11, 5)).update(quantity=3)


def _note(company: Company) -> None:
    Event.objects.filter(day=date(2026, 11, 5)).update(note="page 3")


def _finding(company: Company) -> None:
    company.event("K2031", "2026-09-05", "complaint", status="upheld", decided_on=date(2026, 11, 20))


def _absence(company: Company) -> None:
    Absence.objects.create(
        employee=company.people["K2032"], first_day=date(2026, 11, 1), last_day=date(2026, 11, 30), kind="medical"
    )


def _days_away(company: Company) -> None:
    Absence.objects.create(
        employee=company.people["K2032"], first_day=date(2026, 11, 27), last_day=date(2026, 12, 2), kind="medical"
    )


def _assessor(company: Company) -> None:
    ItemAssessor.objects.create(
        employee=company.people["K2031"],
        month=NOVEMBER,
        metric=Metric.objects.first(),
        assessor=company.people["K1001"],
    )


def _gap(company: Company) -> None:
    AcceptedGap.objects.create(
        employee=company.people["K2034"], month=NOVEMBER, metric=Metric.objects.get(key="keywords_online"),
        reason="lost", accepted_by=company.accounts["hr"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [_value, _null, _more, _event, _note, _finding, _absence, _days_away, _assessor, _gap],
    ids=lambda one: one.__name__,
)
def test_any_other_fact_gives_another_digest(reported: Company, change: Callable[[Company], None]) -> None:
    before = digest_of(NOVEMBER).sha256
    change(reported)
    assert digest_of(NOVEMBER).sha256 != before


@pytest.mark.parametrize("day", ["2026-12-01", "2026-12-20"])
def test_what_comes_later_is_another_months(reported: Company, day: str) -> None:
    before = digest_of(NOVEMBER)
    reported.event("K2031", day, "complaint", status="upheld")
    reported.event("K2031", "2026-11-05", "complaint", status="upheld", decided_on=date.fromisoformat(day))
    reported.values("K2031", "excellent_cases", {"2026-12": 7})
    assert digest_of(NOVEMBER) == before


def test_a_month_sealed_before_days_were_held_is_known_still(reported: Company) -> None:
    found = digest_of(NOVEMBER)
    assert found.is_of(AssessmentMonth(month=NOVEMBER, digest=found.without_days))
    _days_away(reported)
    later = digest_of(NOVEMBER)
    assert later.without_days == found.without_days
    assert not later.is_of(AssessmentMonth(month=NOVEMBER, digest=found.sha256))
    assert later.absences == found.absences + 1


def test_a_month_goes_on_from_the_digest_of_the_one_sealed_before(reported: Company) -> None:
    """October is sealed and bears a digest of its own; nothing of September is counted again."""
    before = digest_of(NOVEMBER)
    reported.values("K2031", "excellent_cases", {"2026-08": 3})
    assert digest_of(NOVEMBER) == before
    october = digest_of(MONTH)
    assert october.after is None
    reported.values("K2031", "excellent_cases", {"2026-08": 4})
    assert digest_of(MONTH) == october  # the first that was sealed covers itself alone
