"""Changes of a pay table: who drafts, who decides, from which day they hold, and what the database keeps apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation
from psycopg2.extras import DateRange

from assessment.models import AssessmentMonth
from payroll.actions.band_decide import decide_change
from payroll.actions.band_draft import TierAmounts, draft_change
from payroll.actions.band_submit import submit_change, withdraw_change
from payroll.models import PayBand, PayTableChange, PayTableLine
from payroll.selectors import pay_lines
from payroll.selectors.bands import pay_tables
from policy import library
from policy.models import Adoption
from staff.kernel.access import Forbidden, Refused
from staff.kernel.periods import Month
from staff.models import AuditEntry, RoleGrant
from tests.company import LADDER, TODAY, operator
from tests.payroll.conftest import FIRST, NOW, PayOffice, band, level

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def decide(
    office: PayOffice, change: PayTableChange, role: str = "gm", *, approve: bool = True, answer: str = "no"
) -> Any:
    return decide_change(access=office.access(role), change_id=change.pk, approve=approve, answer=answer, now=NOW)


def submit(office: PayOffice, change: PayTableChange, role: str = "payroll") -> PayTableChange:
    return submit_change(access=office.access(role), change_id=change.pk)


def paid(month: str) -> dict[str, Decimal | None]:
    return {line.employee_no: line.amount for line in pay_lines(operator(), Month.parse(month))}


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as raised:
        act()
    return raised.value


def test_a_draft_and_a_submitted_change_alter_nothing_in_force(office: PayOffice) -> None:
    before = list(Adoption.objects.values())
    submit(office, office.draft(FIRST, band("star", "3000", "4000", "5000", "1100")))
    assert list(Adoption.objects.values()) == before
    assert not PayBand.objects.exists()


def test_an_approved_change_holds_from_its_day_and_not_a_day_before(office: PayOffice) -> None:
    office.approve(office.draft(FIRST, band("star", "3000", "4000", "5000", "1100"), level("crown", "1450.50")))

    def table(day: date) -> tuple[list[Decimal], object]:
        (found,) = pay_tables(operator(), day)
        return found.level_pay("star"), found.bands.get("star")

    assert table(FIRST - timedelta(days=1)) == ([Decimal(1000)], None)
    amounts, held = table(FIRST)
    assert (amounts, held and held.midpoint) == ([Decimal(1100)], Decimal(4000))  # type: ignore[attr-defined]
    november, december = paid("2026-11"), paid("2026-12")
    assert (november["S1"], november["C2"], november["D1"]) == (1000, 1300, 1200)
    assert (december["S1"], december["C2"], december["D1"]) == (1100, Decimal("1450.50"), 1200)


def test_a_later_change_cuts_the_band_in_force_and_leaves_the_other_tiers(office: PayOffice) -> None:
    office.approve(office.draft(FIRST, band("star", "3000", "4000", "5000"), band("diamond", "4000", "5000", "6000")))
    later = date(2027, 1, 1)
    office.approve(office.draft(later, band("star", "3100", "4100", "5100")))
    star = PayBand.objects.filter(tier="star").order_by("period")
    assert [row.period for row in star] == [DateRange(FIRST, later), DateRange(later, None)]
    assert PayBand.objects.get(tier="diamond").period == DateRange(FIRST, None)
    assert [row.change.starts_on for row in star] == [FIRST, later]


def test_what_the_adoption_sets_besides_stays_and_two_people_stand_in_it(office: PayOffice) -> None:
    office.company.adopt(starts_on=date(2026, 1, 1), exam_validity="6 months", level_pay_crown="1400")
    office.approve(office.draft(FIRST, level("star", "1100"), consultation="职工代表大会"))
    newest = Adoption.objects.order_by("-period").first()
    assert newest is not None
    assert newest.values == {"exam_validity": "6 months", "level_pay_crown": "1400", "level_pay_star": "1100.00"}
    assert (newest.adopted_by, newest.approved_by) == (office.accounts["payroll"], office.accounts["gm"])
    assert newest.consultation == "职工代表大会"


def test_only_what_differs_is_kept_and_nothing_that_differs_is_refused(office: PayOffice) -> None:
    change = office.draft(FIRST, level("star", "1000"), level("diamond", "1200.00"), level("crown", "1350"))
    assert [line.tier for line in change.lines.all()] == ["crown"]
    assert "Nothing differs" in refusal(lambda: office.draft(FIRST, level("star", "1000"))).message


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (TierAmounts("star", None, Decimal(1), Decimal(2), None), "maximum_star"),
        (TierAmounts("star", None, None, Decimal(2), None), "minimum_star"),
        (band("star", "3", "2", "4"), "midpoint_star"),
        (band("star", "1", "3", "2"), "maximum_star"),
        (band("star", "0", "0", "2"), "midpoint_star"),
        (band("star", "-1", "1", "2"), "minimum_star"),
        (level("star", "-0.01"), "level_pay_star"),
        (level("regular", "200"), "level_pay_regular"),
        (level("emperor", "200"), "refused"),
    ],
)
def test_amounts_out_of_order_are_refused_at_their_field(office: PayOffice, given: TierAmounts, code: str) -> None:
    assert refusal(lambda: office.draft(FIRST, given)).code == code


def test_a_day_that_has_passed_a_ladder_not_in_force_and_no_reason_are_refused(office: PayOffice) -> None:
    star = level("star", "1100")
    assert refusal(lambda: office.draft(TODAY - timedelta(days=1), star)).code == "starts_on"
    assert office.draft(TODAY, star).starts_on == TODAY
    assert refusal(lambda: office.draft(FIRST, star, ladder="tiered-exam")).code == "starts_on"
    assert refusal(lambda: office.draft(FIRST, star, reason=" ")).code == "reason"


def test_level_pay_reaches_into_no_sealed_month_and_bands_alone_may(office: PayOffice) -> None:
    AssessmentMonth.objects.create(
        month=Month.parse("2026-11"), state="sealed", sealed_at="2026-12-11T02:00:00+08:00", digest="0" * 64
    )
    change = office.draft(date(2026, 11, 20), level("star", "1100"))
    assert "2026-11 is sealed" in refusal(lambda: submit(office, change)).message
    submit(office, office.draft(date(2026, 11, 20), band("star", "3000", "4000", "5000")))


def test_two_changes_of_a_ladder_are_refused_naming_the_other(office: PayOffice) -> None:
    first, second = office.draft(FIRST, level("star", "1100")), office.draft(FIRST, level("star", "1200"))
    submit(office, first)
    told = refusal(lambda: submit(office, second)).message
    assert "by payroll waits" in told
    assert "2026-12-01" in told
    decide(office, first)
    assert "has been approved" in refusal(lambda: submit(office, second)).message
    earlier = office.draft(date(2026, 11, 20), level("star", "1200"))
    assert "Choose a day after it" in refusal(lambda: submit(office, earlier)).message


def test_an_adoption_from_a_later_day_is_not_overtaken(office: PayOffice) -> None:
    office.company.adopt(starts_on=date(2027, 1, 1), exam_validity="6 months")
    assert "2027-01-01" in refusal(lambda: submit(office, office.draft(FIRST, level("star", "1100")))).message


def test_a_document_that_the_library_has_changed_is_not_adopted_by_the_way(
    office: PayOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = office.draft(FIRST, level("star", "1100"))
    newer = library.text(LADDER) + "# newer\n"
    monkeypatch.setattr(library, "text", lambda key: newer)
    assert "another document" in refusal(lambda: submit(office, change)).message


def test_nobody_decides_on_their_own_change(office: PayOffice) -> None:
    payroll = office.accounts["payroll"]
    period = RoleGrant.objects.get(account=payroll).period
    RoleGrant.objects.create(account=payroll, role="gm", period=period, by_operator_command=True, reason="both")
    change = submit(office, office.draft(FIRST, level("star", "1100")))
    with pytest.raises(Forbidden, match="Maker is not checker"):
        decide(office, change, "payroll")
    with pytest.raises(IntegrityError), transaction.atomic():
        PayTableChange.objects.update(state="approved", decided_by=payroll, decided_at=NOW)


def test_declining_takes_a_reason_and_changes_nothing(office: PayOffice) -> None:
    change = submit(office, office.draft(FIRST, level("star", "1100")))
    assert refusal(lambda: decide(office, change, approve=False, answer=" ")).code == "answer"
    assert decide(office, change, approve=False, answer="after the spring").answer == "after the spring"
    assert Adoption.objects.count() == 1


def test_the_second_of_two_who_decide_is_told_who_was_first(office: PayOffice) -> None:
    change = submit(office, office.draft(FIRST, level("star", "1100")))
    decide(office, change)
    told = refusal(lambda: decide(office, change, "gm_two", approve=False)).message
    assert "gm has decided already: approved" in told


def test_a_change_is_withdrawn_by_its_maker_until_it_is_decided(office: PayOffice) -> None:
    change = submit(office, office.draft(FIRST, level("star", "1100")))
    with pytest.raises(Forbidden):
        withdraw_change(access=office.access("payroll_two"), change_id=change.pk, now=NOW)
    withdraw_change(access=office.access("payroll"), change_id=change.pk, now=NOW)
    assert "withdrawn" in refusal(lambda: decide(office, change)).message
    other = submit(office, office.draft(FIRST, level("star", "1100")))
    decide(office, other)
    assert (
        "approved"
        in refusal(lambda: withdraw_change(access=office.access("payroll"), change_id=other.pk, now=NOW)).message
    )


def test_a_submitted_change_stays_as_it_is_whichever_door_is_tried(office: PayOffice) -> None:
    change = submit(office, office.draft(FIRST, level("star", "1100")))
    given = {"ladder": LADDER, "starts_on": FIRST, "reason": "x", "amounts": [level("star", "1200")], "change": change}
    assert refusal(lambda: draft_change(access=office.access("payroll"), **given)).code == "settled"  # type: ignore[arg-type]
    for act in (
        lambda: PayTableLine.objects.update(level_pay=1),
        lambda: PayTableLine.objects.all().delete(),
        lambda: PayTableLine.objects.create(change=change, tier="crown", level_pay=1),
        lambda: PayTableChange.objects.update(starts_on=TODAY),
    ):
        with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
            act()
    decide(office, change)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        PayTableChange.objects.update(state="submitted", decided_by=None, decided_at=None)


def test_the_database_keeps_bands_in_order_and_apart(office: PayOffice) -> None:
    change = office.draft(FIRST, level("star", "1100"))
    row = {"ladder": LADDER, "tier": "star", "change": change, "period": DateRange(FIRST, None)}
    for amounts in ((2, 1, 3), (1, 3, 2), (-1, 1, 2), (0, 0, 2)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PayBand.objects.create(**row, **dict(zip(("minimum", "midpoint", "maximum"), amounts, strict=True)))
    PayBand.objects.create(**row, minimum=1, midpoint=1, maximum=1)
    with pytest.raises(IntegrityError, match="one_band_a_day"), transaction.atomic():
        PayBand.objects.create(**{**row, "period": DateRange(date(2027, 1, 1), None)}, minimum=1, midpoint=2, maximum=3)


@pytest.mark.parametrize("role", ["employee", "supervisor", "head", "hr", "gm", "judge", "auditor", "operator"])
def test_nobody_but_payroll_drafts(office: PayOffice, role: str) -> None:
    with pytest.raises(Forbidden):
        office.draft(FIRST, level("star", "1100"), role=role)


def test_a_table_of_the_company_takes_payroll_of_the_company(office: PayOffice) -> None:
    with pytest.raises(Forbidden, match="whole company"):
        office.draft(FIRST, level("star", "1100"), role="payroll_sub")
    with pytest.raises(Forbidden):
        draft_change(access=operator(), ladder=LADDER, starts_on=FIRST, reason="x", amounts=[level("star", "1100")])


@pytest.mark.parametrize("role", ["payroll_two", "hr", "auditor", "operator", "head", "employee"])
def test_nobody_but_a_general_manager_decides(office: PayOffice, role: str) -> None:
    change = submit(office, office.draft(FIRST, level("star", "1100")))
    with pytest.raises(Forbidden):
        decide(office, change, role)


def test_each_step_is_in_the_trail_under_a_name_that_hr_does_not_read(office: PayOffice) -> None:
    from staff.selectors.trail import entries_visible_to

    office.approve(office.draft(FIRST, band("star", "3000", "4000", "5000", "1100")))
    steps = AuditEntry.objects.filter(object_type="pay_table_change").order_by("pk")
    assert [entry.action for entry in steps] == ["pay_table_drafted", "pay_table_submitted", "pay_table_approved"]
    assert steps[2].after["lines"]["star"]["midpoint"] == "4000.00"
    for role in ("hr", "operator"):
        assert not entries_visible_to(office.access(role)).filter(object_type="pay_table_change").exists()
    assert entries_visible_to(office.access("auditor")).filter(object_type="pay_table_change").count() == 3
