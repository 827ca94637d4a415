"""The pages of bands: who reads them, what they never show, how few queries they take; preview against a recount."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from payroll.actions.band_submit import submit_change
from payroll.models import PayRecord, PayTableChange
from payroll.selectors.bands import pay_tables, with_lines
from payroll.selectors.sheet import Chosen, sheet_of
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.periods import Month
from staff.selectors.trail import entries_visible_to
from tests.company import LADDER, TODAY, operator
from tests.payroll.conftest import CANARY, FIRST, NOW, ROLES, PayOffice, band

pytestmark = pytest.mark.django_db
READERS = {"payroll", "payroll_sub", "gm", "auditor"}
SECRETS = [text for amount in CANARY.values() for text in (amount, f"{Decimal(amount):,}")]


@pytest.fixture
def waiting(office: PayOffice) -> PayTableChange:
    """Bands of today's approved, and a change of them that waits; all of canaries."""
    office.approve(office.draft(TODAY, band("star", CANARY["minimum"], CANARY["midpoint"], CANARY["maximum"])))
    change = office.draft(FIRST, band("star", "3141.6", "6283.2", "9424.8", CANARY["level"]))
    return submit_change(access=office.access("payroll"), change_id=change.pk)


def get(office: PayOffice, role: str, name: str, *args: Any, **query: Any) -> Any:
    return office.client(role).get(reverse(f"admin:{name}", args=args), query)


def pages(change: PayTableChange) -> list[tuple[str, tuple[Any, ...], str]]:
    """Every page of bands and which of the readers open it."""
    return [
        ("bands", (), "payroll payroll_sub gm auditor"),
        ("bands-export", (), "payroll payroll_sub auditor"),
        ("band-draft", (), "payroll"),
        ("band-change", (change.pk,), "payroll payroll_sub gm auditor"),
        ("band-submit", (change.pk,), "payroll payroll_sub"),
        ("band-withdraw", (change.pk,), "payroll payroll_sub"),
        ("band-approve", (change.pk,), "gm"),
        ("band-decline", (change.pk,), "gm"),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_for_its_roles_and_says_no_amount_to_the_others(
    office: PayOffice, waiting: PayTableChange, role: str
) -> None:
    for name, args, openers in pages(waiting):
        response = get(office, role, name, *args, ladder=LADDER)
        opens = role in openers.split()
        assert response.status_code == (200 if opens else 403), (role, name)
        if not opens:
            assert not [secret for secret in SECRETS if secret in response.content.decode()], (role, name)


def test_nobody_who_is_not_signed_in_gets_further_than_the_sign_in_page(waiting: PayTableChange) -> None:
    for name, args, _openers in pages(waiting):
        assert Client().get(reverse(f"admin:{name}", args=args)).status_code == 302


@pytest.mark.parametrize("role", ["hr", "hr_sub", "operator", "supervisor", "head", "judge"])
def test_no_filter_search_order_or_error_tells_an_amount_to_who_may_not_read_it(
    office: PayOffice, waiting: PayTableChange, role: str
) -> None:
    queries: list[dict[str, str]] = [
        {"q": "7316"}, {"order": "pay"}, {"place": "below"}, {"o": "3"}, {"base__gte": "7000"},
        {"pay_records__base__gte": "7316"}, {"employee__pay_records__base__gte": "1"},
    ]  # fmt: skip
    places = ["bands", "payroll_payrecord_changelist", "staff_employee_changelist", "staff_auditentry_changelist"]
    for name in places:
        for query in queries:
            response = office.client(role).get(reverse(f"admin:{name}"), query)
            body = response.content.decode()
            assert response.status_code in (200, 302, 400, 403), name
            assert not [secret for secret in SECRETS if secret in body], (name, query)
            assert "q" not in query or not [no for no in office.people if f">{no}<" in body], (name, query)


def test_hr_finds_no_trace_of_a_change_in_the_audit_trail(office: PayOffice, waiting: PayTableChange) -> None:
    body = get(office, "hr", "staff_auditentry_changelist").content.decode()
    assert "waits for the general manager" not in body
    assert not [secret for secret in SECRETS if secret in body]
    assert not entries_visible_to(office.access("hr")).filter(action__startswith="pay_").exists()


def test_whose_pay_is_out_of_scope_is_in_no_line_no_sum_and_no_export(
    office: PayOffice, waiting: PayTableChange
) -> None:
    for name, args in (("bands", ()), ("band-change", (waiting.pk,))):
        body = get(office, "payroll_sub", name, *args).content.decode()
        assert "S1" in body
        assert not [no for no in ("S2", "C2", "S3", "H1") if f">{no}<" in body], name
    sheet = sheet_of(office.access("payroll_sub"), *pay_tables(office.access("payroll_sub"), TODAY))
    assert {tier: total.people for tier, total in sheet.part(Chosen()).totals.items()} == {"star": 1, "diamond": 2}
    book = load_workbook(BytesIO(b"".join(get(office, "payroll_sub", "bands-export", ladder=LADDER).streaming_content)))
    assert {row[0].value for row in book.worksheets[1].iter_rows(min_row=2)} == {"B1", "D1", "S1"}


def test_the_export_says_what_the_page_says_under_the_same_filters(office: PayOffice, waiting: PayTableChange) -> None:
    content = get(office, "auditor", "bands-export", ladder=LADDER, tier="star").streaming_content
    table, people = load_workbook(BytesIO(b"".join(content))).worksheets
    star = next(row for row in table.iter_rows(values_only=True) if row[1] == 1000)
    assert [str(value) for value in star[2:5]] == [CANARY["minimum"], CANARY["midpoint"], CANARY["maximum"]]
    rows = {row[0]: row for row in people.iter_rows(min_row=2, values_only=True)}
    assert set(rows) == {"S1", "S2", "S3"}
    assert (Decimal(str(rows["S1"][6])), rows["S3"][6]) == (Decimal("8316.42"), None)


def test_a_person_without_fixed_pay_has_no_ratio_and_is_not_counted_as_below(
    office: PayOffice, waiting: PayTableChange
) -> None:
    sheet = sheet_of(office.access("payroll"), *pay_tables(office.access("payroll"), TODAY))
    found = {line.employee_no: line for line in sheet.part(Chosen()).lines}
    assert (found["S3"].pay_after, found["S3"].compa_after, found["S3"].place_after) == (None, None, "unknown")
    assert (found["D1"].compa_after, found["D1"].place_after) == (None, "unknown")
    assert (found["S1"].compa_after, found["S1"].place_after) == (Decimal("1.3236"), "within")
    assert sheet.part(Chosen()).totals["star"].unpaid == 1


def test_the_list_is_filtered_searched_ordered_and_paged(office: PayOffice, waiting: PayTableChange) -> None:
    sheet = sheet_of(office.access("payroll"), *pay_tables(office.access("payroll"), TODAY))

    def numbers(**chosen: Any) -> list[str]:
        return [line.employee_no for line in sheet.part(Chosen(**chosen)).lines]

    assert numbers(order="pay")[:2] == ["S1", "B1"]
    assert numbers(tier="crown") == ["C2"]
    assert set(numbers(departments=(office.second.pk,))) == {"S2", "S3", "C2"}
    assert numbers(words="s1") == ["S1"]
    assert numbers(words="员工 s") == ["S1", "S2", "S3"]
    assert numbers(place="within") == ["S1", "S2"]
    assert numbers(order="pay; DROP TABLE payroll_payband") == numbers()
    part = sheet.part(Chosen(), limit=2, offset=2)
    assert ([line.employee_no for line in part.lines], part.count) == (numbers()[2:4], 7)
    assert sheet.part(Chosen(tier="crown")).totals == part.totals


def test_a_page_prices_everybody_once(office: PayOffice, waiting: PayTableChange) -> None:
    for name, args in (("bands", ()), ("band-change", (waiting.pk,))):
        with CaptureQueriesContext(connection) as found:
            get(office, "payroll", name, *args)
        assert len([one for one in found if "held AS MATERIALIZED" in one["sql"]]) == 1, name


def test_the_band_of_the_day_is_compared_with_the_pay_and_tier_of_the_day(office: PayOffice) -> None:
    office.approve(office.draft(FIRST, band("star", "3000", "4000", "5000")))
    PayRecord.objects.create(
        employee=office.people["S2"], starts_on=FIRST, base=Decimal(3000), performance=Decimal(500)
    )
    access = office.access("payroll")

    def compa(day: date) -> Decimal | None:
        return sheet_of(access, *pay_tables(access, day)).part(Chosen(words="S2")).lines[0].compa_after

    assert compa(date(2026, 11, 30)) is None
    assert compa(FIRST) == Decimal("1.1250")


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_pages_take_the_same_few_queries_however_many_people_there_are(
    office: PayOffice, waiting: PayTableChange
) -> None:
    urls = [reverse("admin:bands"), reverse("admin:band-change", args=[waiting.pk])]
    asked = [(office.client(role), url) for role in ("gm", "payroll_sub") for url in urls]
    few = [queries(*one) for one in asked]
    for at in range(40):
        office.hire(f"X{at:02d}", ("star", "diamond", "crown")[at % 3], office.first, str(3000 + 50 * at))
    many = [queries(*one) for one in asked]
    assert few == many
    assert max(many) <= 12, many


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["regular", "star", "diamond", "crown"]), st.integers(0, 900_000)), max_size=12),
    st.lists(st.integers(1, 900_000), min_size=3, max_size=3),
    st.integers(0, 300_000),
)
def test_the_preview_says_what_a_recount_by_hand_says(
    office: PayOffice, crowd: list[tuple[str, int]], parts: list[int], amount: int
) -> None:
    from django.db import transaction

    with transaction.atomic():
        low, middle, high = (Decimal(part) / 100 for part in sorted(parts))
        pay = {f"Z{at:02d}": (tier, Decimal(cents) / 100) for at, (tier, cents) in enumerate(crowd)}
        for no, (tier, base) in pay.items():
            office.hire(no, tier, office.first, str(base))
        pay = {no: one for no, one in pay.items() if one[1]}
        new = Decimal(amount) / 100
        change = office.draft(FIRST, band("star", str(low), str(middle), str(high), str(new)))
        (before,) = pay_tables(office.access("gm"), FIRST)
        sheet = sheet_of(office.access("gm"), before, with_lines(before, list(change.lines.all())))
        lines = {line.employee_no: line for line in sheet.part(Chosen()).lines}
        old = {"regular": Decimal(0), "star": Decimal(1000), "diamond": Decimal(1200), "crown": Decimal(1300)}
        for no, (tier, base) in pay.items():
            after = base + (new if tier == "star" else old[tier])
            line = lines[no]
            assert (line.pay_before, line.pay_after) == (base + old[tier], after)
            assert line.difference == (new - 1000 if tier == "star" else 0)
            if tier == "star":
                assert line.compa_after == (after / middle).quantize(Decimal("0.0001"), ROUND_HALF_UP)
                assert line.place_after == ("below" if after < low else "above" if after > high else "within")
        stars = [line for line in lines.values() if line.tier == "star"]
        total = sheet.part(Chosen()).totals["star"]
        assert (total.people, total.difference) == (len(stars), (new - 1000) * len(stars))
        assert total.below_after == sum(line.place_after == "below" for line in stars)
        assert total.moved == (len(stars) if new != 1000 else 0)
        transaction.set_rollback(True)


def post(office: PayOffice, role: str, name: str, data: dict[str, Any], *args: Any, query: str = "") -> Any:
    return office.client(role).post(reverse(f"admin:{name}", args=args) + query, data)


def test_payroll_drafts_previews_submits_and_the_gm_approves_in_the_browser(office: PayOffice) -> None:
    form = {
        "starts_on": "2026-12-01", "reason": "年度调整", "consultation": "", "level_pay_star": "1100",
        "minimum_star": "3000", "midpoint_star": "4000", "maximum_star": "5000", "level_pay_diamond": "1200",
        "level_pay_crown": "1300",
    }  # fmt: skip
    wrong = post(office, "payroll", "band-draft", {**form, "midpoint_star": "2000"}, query=f"?ladder={LADDER}")
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["midpoint_star"]
    done = post(office, "payroll", "band-draft", form, query=f"?ladder={LADDER}")
    change = PayTableChange.objects.get()
    assert done["Location"] == reverse("admin:band-change", args=[change.pk])
    body = get(office, "payroll", "band-change", change.pk).content.decode()
    assert "It moves 3 people" in body
    assert "+300" in body
    assert "+3,600" in body
    assert post(office, "payroll", "band-edit", {**form, "level_pay_star": "1150"}, change.pk).status_code == 302
    assert post(office, "payroll", "band-submit", {}, change.pk).status_code == 302
    assert get(office, "payroll", "band-edit", change.pk).status_code == 404
    assert post(office, "gm", "band-approve", {"answer": ""}, change.pk).status_code == 302
    body = get(office, "gm", "bands", day="2026-12-01").content.decode()
    assert "1,150.00" in body
    assert "4,000.00" in body
    assert (
        "4,000.00" not in get(office, "gm", "bands", day="2026-11-30").content.decode().split("People and their pay")[0]
    )
    after = get(office, "auditor", "band-change", change.pk).content.decode()
    assert "It moves 3 people" in after
    assert "+450" in after


def test_decline_and_withdraw_in_the_browser_and_a_decided_change_offers_nothing(
    office: PayOffice, waiting: PayTableChange
) -> None:
    assert post(office, "gm", "band-decline", {"answer": ""}, waiting.pk).status_code == 422
    assert post(office, "payroll_two", "band-withdraw", {}, waiting.pk).status_code == 403
    assert post(office, "gm", "band-decline", {"answer": "later"}, waiting.pk).status_code == 302
    assert post(office, "payroll", "band-withdraw", {}, waiting.pk).status_code == 422
    body = get(office, "payroll", "band-change", waiting.pk).content.decode()
    assert "later" in body
    assert not [name for name in ("edit", "submit", "withdraw", "approve") if f"/{waiting.pk}/{name}/" in body]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("declined", office.accounts["gm"])
    assert waiting.decided_at is not None
    assert waiting.decided_at >= NOW


@pytest.mark.parametrize(("role", "amounts"), [("hr", False), ("hr_sub", False), ("payroll", True), ("auditor", True)])
def test_a_persons_page_names_the_band_to_hr_and_its_amounts_to_whoever_reads_pay(
    office: PayOffice, waiting: PayTableChange, role: str, amounts: bool
) -> None:
    body = get(office, role, "staff_employee_change", office.people["S1"].pk).content.decode()
    assert "Pay band" in body
    assert ("8,316.42" in body) is amounts
    assert (f"{Decimal(CANARY['midpoint']):,}" in body) is amounts
    assert [secret for secret in SECRETS if secret in body] == [] or amounts


def test_a_person_without_a_band_has_no_such_part_and_one_out_of_scope_no_page(
    office: PayOffice, waiting: PayTableChange
) -> None:
    assert "Pay band" not in get(office, "hr", "staff_employee_change", office.people["D1"].pk).content.decode()
    assert get(office, "payroll_sub", "staff_employee_change", office.people["S2"].pk).status_code == 404


@pytest.mark.parametrize(("reader", "shown"), [("employee", True), ("supervisor", False), ("head", False)])
def test_the_own_pay_is_shown_to_the_person_and_to_nobody_who_leads_them(
    office: PayOffice, waiting: PayTableChange, reader: str, shown: bool
) -> None:
    run_sweep(access=operator(), month=Month.parse("2026-10"))
    body = office.client(reader).get(reverse("me") if shown else reverse("person", args=["S1"])).content.decode()
    assert "Level pay" in body
    assert ("7,316.42" in body) is shown
    assert ("8,316.42" in body) is shown
    assert not [secret for secret in SECRETS if secret in body and secret not in ("7,316.42",)]
