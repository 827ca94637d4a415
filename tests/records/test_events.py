"""Events, absences, pay."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessment.models import EmployeeMonth, Event
from payroll.models import PayRecord
from staff.kernel.periods import Month
from staff.models import Absence
from tests.records.test_values import seal
from tests.records.world import Files, marks

HEAD = "event_no,employee_no,date,kind,status,subject,quantity,note\n"


def test_keys_and_chinese_names_mean_the_same(company: Files) -> None:
    company.taken(
        "events.csv",
        HEAD
        + "E1,K1,2026-08-01,投诉,成立,客户甲,,\nE2,K1,2026-08-02,exam,合格,钻级客服,88.5,\nE3,K1,2026-08-03,违纪,,较严重,,\n",
    )
    found = [(e.kind_id, e.status, e.subject, e.quantity) for e in Event.objects.order_by("event_no")]
    assert found == [
        ("complaint", "upheld", "客户甲", None),
        ("exam", "passed", "diamond", Decimal("88.5")),
        ("violation", "", "serious", None),
    ]
    before = marks()
    text = HEAD + "E1,K1,2026-08-01,complaint,upheld,客户甲,,\nE2,K1,2026-08-02,考试,passed,diamond,88.50,\n"
    assert company.taken("events.csv", text).tables[0].unchanged == 2
    assert marks() == before


def test_an_event_is_taken_back_by_its_status(company: Files) -> None:
    company.taken("events.csv", HEAD + "E1,K1,2026-08-01,praise,,,,很好\n")
    company.taken("events.csv", "event_no,employee_no,date,kind,状态\nE1,K1,2026-08-01,praise,撤销\n")
    event = Event.objects.get()
    assert (event.status, event.note) == ("withdrawn", "很好")
    # an empty cell clears, a column left out keeps
    company.taken("events.csv", HEAD + "E1,K1,2026-08-01,praise,,,,\n")
    event.refresh_from_db()
    assert (event.status, event.note) == ("", "")


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ("E1,K1,2026-08-01,gossip,,,,", [(2, 4)]),
        ("E1,K1,2026-08-01,complaint,passed,,,", [(2, 5)]),
        ("E1,K1,2026-08-01,complaint,maybe,,,", [(2, 5)]),
        ("E1,K1,2026-08-01,exam,upheld,,,", [(2, 5)]),
        ("E1,K9,2026-08-32,exam,,,x,", [(2, 2), (2, 3), (2, 7)]),
        (",K1,2026-08-01,exam,,,,", [(2, 1)]),
        (f"E1,K1,2026-08-01,exam,,{'长' * 201},,", [(2, 6)]),
        ("E1,,,,,,,", [(2, 2), (2, 3), (2, 4)]),
    ],
)
def test_faults_stand_at_their_cells(company: Files, row: str, places: list[tuple[int, int]]) -> None:
    assert company.places("events.csv", HEAD + row + "\n") == places
    assert not Event.objects.exists()


def test_a_late_finding_is_a_fact_of_the_month_of_the_finding(company: Files) -> None:
    company.taken("events.csv", HEAD + "E0,K1,2026-08-01,complaint,upheld,,,\n")
    seal("2026-08")
    head = "event_no,employee_no,date,kind,status,decided_on\n"
    company.taken("events.csv", head + "E1,K1,2026-08-20,complaint,upheld,2026-09-02\n")
    assert Event.objects.get(event_no="E1").decided_on.isoformat() == "2026-09-02"
    found = company.faults(
        "events.csv", head + "E2,K1,2026-08-20,complaint,upheld,\nE0,K1,2026-09-01,complaint,upheld,\n"
    )
    assert [(line, column) for line, column, _m in found] == [(2, 3), (3, 3)]
    assert company.taken("events.csv", head + "E0,K1,2026-08-01,complaint,upheld,\n").tables[0].unchanged == 1


def test_events_outside_employment_are_kept_and_listed(company: Files) -> None:
    table = company.taken(
        "events.csv", HEAD + "E1,K3,2026-06-30,praise,,,,\nE2,K3,2026-07-01,praise,,,,\nE3,K3,2021-04-30,praise,,,,\n"
    ).tables[0]
    assert [w.line for w in table.warnings] == [3, 4]
    assert Event.objects.count() == 3


def test_quotes_breaks_and_commas_in_a_note(company: Files) -> None:
    company.taken(
        "events.csv", HEAD + 'E1,K1,2026-08-01,praise,,,,"他说 ""好"",\n真的"\nE2,K1,2026-08-02,praise,,,,乙\n'
    )
    assert list(Event.objects.order_by("event_no").values_list("note", flat=True)) == ['他说 "好",\n真的', "乙"]
    # the line of a fault counts the lines of the file
    assert company.places("events.csv", HEAD + 'E1,K1,2026-08-01,praise,,,,"a\nb"\nE2,K1,x,praise,,,,\n') == [(4, 3)]


def test_absences_exempt_the_months_that_their_union_covers(company: Files) -> None:
    text = "工号,开始,结束,类型\nK1,2026-08-20,2026-09-15,病假\n"
    text += "K1,2026-09-10,2026-10-05,maternity\nK3,2026-07-01,2026-07-02,事假\n"
    table = company.taken("缺勤.csv", text).tables[0]
    assert [(w.line, w.column) for w in table.warnings] == [(4, 1)]
    assert list(EmployeeMonth.objects.filter(counts=False).values_list("month", flat=True)) == [Month.parse("2026-09")]
    before = marks()
    assert company.taken("absences.csv", text).tables[0].unchanged == 3
    assert marks() == before
    company.taken("absences.csv", "employee_no,first_day,last_day,kind\nK1,2026-08-20,2026-09-05,sick\n")
    assert not EmployeeMonth.objects.filter(counts=False).exists()


def test_absences_in_order_and_not_into_a_sealed_month(company: Files) -> None:
    head = "employee_no,first_day,last_day,kind\n"
    found = company.faults("absences.csv", head + "K1,2026-09-02,2026-09-01,sick\nK1,2026-09-03,2026-09-04,holiday\n")
    assert [(line, column) for line, column, _m in found] == [(2, 3), (3, 4)]
    found = company.faults("absences.csv", head + "K1,2026-09-02,2026-09-01,sick\n")
    assert found == [(2, 3, "last_day 2026-09-01 lies before first_day 2026-09-02")]
    company.taken("absences.csv", head + "K1,2026-07-01,2026-07-31,sick\nK1,2026-09-01,2026-09-20,sick\n")
    seal("2026-07")
    seal("2026-09")
    text = "K1,2026-09-21,2026-10-02,leave\nK1,2026-07-01,2026-07-30,sick\nK1,2026-08-30,2026-09-01,sick\n"
    assert company.places("absences.csv", head + text) == [(2, 2), (3, 2), (4, 2)]
    company.taken("absences.csv", head + "K1,2026-10-01,2026-10-02,leave\nK1,2026-07-01,2026-08-20,medical\n")
    kept = Absence.objects.get(first_day="2026-07-01")
    assert (str(kept.last_day), kept.kind) == ("2026-08-20", "medical")


def test_pay_is_in_cents_and_not_negative(company: Files) -> None:
    head = "工号,起始日,固定工资,岗位工资,绩效工资\n"
    company.taken("pay.csv", head + "K1,2026-01-01,5000.5,,800\nK1,2026-07-01,5200,300.00,\n")
    assert [(p.base, p.post_wage, p.performance) for p in PayRecord.objects.order_by("starts_on")] == [
        (Decimal("5000.50"), None, Decimal(800)),
        (Decimal(5200), Decimal(300), None),
    ]
    assert company.taken("pay.csv", "employee_no,from,base\nK1,2026-01-01,5000.50\n").tables[0].unchanged == 1
    assert company.places("pay.csv", head + "K1,2026-01-01,-1,1.234,1e3\nK1,2026-02-01,10000000000,0,0\n") == [
        (2, 3),
        (2, 4),
        (2, 5),
        (3, 3),
    ]


def test_a_page_counts_from_one_and_no_quantity_lies_below_zero(company: Files) -> None:
    """A rule of the first pages would take the page 0 for one of them."""
    rows = [
        f"E{n},K1,2026-08-01,{of}"
        for n, of in enumerate(("keyword_online,,甲,0,", "关键词上线,,甲,-1,", "exam,passed,star,-1,"))
    ]
    good = "E8,K1,2026-08-01,keyword_online,,甲,1.0,\nE9,K1,2026-08-01,exam,passed,star,0.5,\n"
    found = company.faults(
        "events.csv", HEAD + "\n".join([*rows, "E7,K1,2026-08-01,keyword_online,,甲,1.5,"]) + "\n" + good
    )
    assert found == [
        (2, 7, "quantity 0: an event of the kind keyword_online has at least 1"),
        (3, 7, "quantity -1: an event of the kind keyword_online has at least 1"),
        (4, 7, "quantity -1: an event of the kind exam has at least 0"),
        (5, 7, "quantity 1.5: an event of the kind keyword_online keeps 0 decimals"),
    ]
    company.taken("events.csv", HEAD + good)
    # what was taken before may still be withdrawn
    Event.objects.filter(event_no="E8").update(quantity=0)
    company.taken("events.csv", HEAD + "E8,K1,2026-08-01,keyword_online,withdrawn,甲,0,\n")


def test_an_exam_for_no_tier_is_kept_and_told(company: Files) -> None:
    text = HEAD + (
        "E1,K1,2026-08-01,exam,passed,钻级客服,,\n"
        "E2,K1,2026-08-01,certificate,,diamnod,,\n"
        "E3,K1,2026-08-01,exam,passed,,,\n"
        "E4,K1,2026-08-01,praise,,diamnod,,\n"
    )
    table = company.taken("events.csv", text).tables[0]
    assert [(w.line, w.column, w.message) for w in table.warnings] == [
        (3, 6, "`diamnod` is no tier's key, nor a name that one tier alone has: kept, and counts for no tier")
    ]
    assert Event.objects.filter(subject="diamnod").count() == 2
