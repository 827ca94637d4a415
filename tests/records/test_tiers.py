"""Tiers in the records of people, and what they write into the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from policy.actions.policy_adopt import adopt
from policy.tier_names import TierName
from promotion import records
from promotion.ledger.actions.record_transition import record_transition
from promotion.ledger.reasons import digest_of
from promotion.ledger.selectors import tier_on, verify_chain
from promotion.models import LedgerLine, LedgerNote, TierPeriod
from staff.models import Department, Employee
from tests.records.world import TODAY, Files, marks, operator

HEAD = "employee_no,name,department,hired_on,ladder,tier,tier_since\n"
K1 = "K1,王芳,客服部,2024-01-15,"


def periods(no: str = "K1") -> list[tuple[str, str, str | None]]:
    return [
        (p.tier, p.period.lower.isoformat(), p.period.upper and p.period.upper.isoformat())
        for p in TierPeriod.objects.filter(employee__employee_no=no)
    ]


def lines() -> list[tuple[str, str, str, str]]:
    return [(x.kind, x.from_tier, x.to_tier, x.effective_on.isoformat()) for x in LedgerLine.objects.order_by("seq")]


def test_a_first_tier_is_an_entry_and_the_same_again_nothing(company: Files) -> None:
    text = HEAD + K1 + "info-service,star,2025-02-01\n" + "K2,李雷,客服部,2020-03-01,,钻级客服,\n"
    company.taken("staff.csv", text)
    assert lines() == [("entry", "", "star", "2025-02-01"), ("entry", "", "diamond", "2020-03-01")]
    assert periods("K2") == [("diamond", "2020-03-01", None)]
    before = marks()
    assert company.taken("staff.csv", text).tables[0].unchanged == 2
    assert company.taken("staff.csv", "employee_no,tier\nK1,Star\n").tables[0].unchanged == 1
    assert marks() == before
    assert verify_chain() == []


def test_a_later_difference_is_a_correction_with_its_reason(company: Files) -> None:
    company.taken("staff.csv", HEAD + K1 + ",star,2025-02-01\n")
    company.taken("staff.csv", HEAD + K1 + ",diamond,2025-03-01\n", reason="抄录有误")
    assert lines()[1] == ("correction", "star", "diamond", "2025-03-01")
    assert periods() == [("star", "2025-02-01", "2025-03-01"), ("diamond", "2025-03-01", None)]
    note = LedgerNote.objects.get()
    assert note.text == "抄录有误"
    assert note.line.reason_digest == digest_of(note.salt, note.text)
    # a column left out keeps what is stored
    company.taken("staff.csv", "employee_no,tier\nK1,皇冠级客服\n")
    assert periods() == [("star", "2025-02-01", "2025-03-01"), ("crown", "2025-03-01", None)]
    assert LedgerNote.objects.order_by("line_id").last().text.startswith("Load of records: ")
    assert verify_chain() == []


def test_an_empty_day_means_the_hiring_and_an_empty_tier_none(company: Files) -> None:
    company.taken("staff.csv", HEAD + K1 + ",star,2025-02-01\n")
    company.taken("staff.csv", HEAD + K1 + ",star,\n")
    assert periods() == [("star", "2024-01-15", None)]
    text = HEAD + K1 + ",,\n"
    company.taken("staff.csv", text)
    assert periods() == []
    before = marks()
    assert company.taken("staff.csv", text).tables[0].unchanged == 1
    assert marks() == before
    company.taken("staff.csv", HEAD + K1 + ",regular,2024-05-01\n")
    assert periods() == [("regular", "2024-05-01", None)]


def test_a_correction_replaces_what_lies_between_the_days_and_keeps_the_rest(company: Files) -> None:
    company.taken("staff.csv", HEAD + K1 + ",regular,\n")
    employee = Employee.objects.get(employee_no="K1")
    for tier, day in (("star", date(2024, 6, 1)), ("diamond", date(2025, 6, 1))):
        record_transition(
            access=operator(),
            employee_id=employee.pk,
            kind="promotion",
            ladder="info-service",
            to_tier=tier,
            effective_on=day,
        )
    company.taken("staff.csv", HEAD + K1 + ",diamond,2025-07-01\n")
    assert periods() == [
        ("regular", "2024-01-15", "2024-06-01"),
        ("star", "2024-06-01", "2025-07-01"),
        ("diamond", "2025-07-01", None),
    ]
    # before an earlier line: that one goes too, or the present tier would not be what the file says
    text = HEAD + K1 + ",diamond,2024-05-01\n"
    company.taken("staff.csv", text)
    assert periods() == [("regular", "2024-01-15", "2024-05-01"), ("diamond", "2024-05-01", None)]
    before = marks()
    assert company.taken("staff.csv", text).tables[0].unchanged == 1
    assert marks() == before
    company.taken("staff.csv", HEAD + K1 + ",star,2024-05-01\n")
    assert periods() == [("regular", "2024-01-15", "2024-05-01"), ("star", "2024-05-01", None)]
    assert tier_on(employee.pk, date(2024, 4, 30)).to_tier == "regular"
    assert tier_on(employee.pk, date(2024, 1, 14)) is None
    assert verify_chain() == []


def test_a_tier_from_a_later_day_reloads_without_change(company: Files) -> None:
    text = HEAD + K1 + ",star,2027-01-01\n"
    company.taken("staff.csv", text)
    before = marks()
    assert company.taken("staff.csv", text).tables[0].unchanged == 1
    assert marks() == before


def test_a_tier_not_before_the_hiring(company: Files) -> None:
    assert company.places("staff.csv", HEAD + K1 + ",star,2024-01-14\n") == [(2, 7)]
    assert company.places("staff.csv", HEAD + K1 + ",,2024-01-14\n") == [(2, 7)]
    company.taken("staff.csv", HEAD + K1 + ",star,2024-02-01\n")
    assert company.places("staff.csv", "employee_no,hired_on\nK1,2024-02-02\n") == [(2, 2)]
    assert company.places("staff.csv", "employee_no,tier_since\nK1,2024-01-14\n") == [(2, 2)]


def test_unknown_tiers_and_ladders_and_days_without_a_tier(company: Files) -> None:
    found = company.faults("staff.csv", HEAD + K1 + "info-service,gold,\nK2,李雷,客服部,2020-03-01,no-such,star,\n")
    assert [(line, column) for line, column, _m in found] == [(2, 6), (3, 5)]
    table = company.taken("staff.csv", HEAD + K1 + "info-service,,2025-01-01\n").tables[0]
    assert [(w.column, w.message) for w in table.warnings] == [
        (5, "ladder without a tier: ignored"),
        (7, "tier_since without a tier: ignored"),
    ]
    assert lines() == []


@pytest.fixture
def two_ladders(monkeypatch: pytest.MonkeyPatch) -> None:
    """``senior`` is a tier of two ladders, ``star`` of one."""
    monkeypatch.setattr(
        records,
        "tier_names",
        lambda: [
            TierName("info-service", "信息", "info", "star", "星级", "Star", 0),
            TierName("info-service", "信息", "info", "senior", "高级", "Senior", 1),
            TierName("after-sales", "售后", "after", "senior", "高级", "Senior", 0),
        ],
    )


def test_a_tier_of_several_ladders_is_that_of_the_persons_ladder(company: Files, two_ladders: None) -> None:
    found = company.faults("staff.csv", HEAD + K1 + ",senior,\nK2,李雷,客服部,2020-03-01,售后,星级,\n")
    assert [(line, column) for line, column, _m in found] == [(2, 6), (3, 6)]
    assert found[0][2].endswith("name one of these in the column ladder: after-sales, info-service")
    company.taken("staff.csv", HEAD + K1 + "售后,senior,\n")
    assert LedgerLine.objects.get().ladder == "after-sales"
    # the file has no ladders: the person's own
    assert company.taken("staff.csv", "employee_no,tier\nK1,高级\n").tables[0].unchanged == 1
    # the ladder that governs the person's department
    adopt(
        access=operator(),
        key="info-service",
        department=Department.objects.get(name="客服部"),
        starts_on=date(2017, 1, 1),
        values={},
    )
    company.taken("staff.csv", HEAD + "K2,李雷,客服部,2020-03-01,,senior,\n")
    assert LedgerLine.objects.get(employee__employee_no="K2").ladder == "info-service"
    assert company.places("staff.csv", "employee_no,tier\nK3,senior\n") == [(2, 2)]
    company.taken("staff.csv", "employee_no,tier\nK3,senior\n".replace("K3", "K2"), access=operator(TODAY))
