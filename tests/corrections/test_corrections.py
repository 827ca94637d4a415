"""A sealed month is put right by two people: exactly what rests on the fact is judged anew, and the old stays readable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from assessment.actions.correction_request import request_event_correction, request_value_correction
from assessment.actions.correction_turn_down import decline_correction, withdraw_correction
from assessment.actions.results_assess import assess_month
from assessment.models import (
    Assessed,
    AssessmentMonth,
    Case,
    Correction,
    CorrectionEffect,
    EffectKind,
    EmployeeMonth,
    Event,
    Metric,
    Result,
)
from assessment.selectors.digest import digest_of
from promotion.corrections.actions.correction_approve import approve_correction, preview_correction
from promotion.models import Run, Standing
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.periods import Month
from staff.models import Account, Employee, OutboxMessage
from tests.company import TODAY, Company, operator

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month.parse("2026-10"), Month.parse("2026-11")


class Sealed:
    """A company whose October is sealed and judged, and two of HR."""

    def __init__(self, policy: str = "info-service") -> None:
        self.company = Company(policy=policy)
        self.maker, self.checker = self._hr("hr"), self._hr("hr2")

    def _hr(self, name: str) -> Access:
        account = Account.objects.create(username=name)
        return Access(account.pk, None, TODAY, frozenset({"hr"}), {"hr": None})

    def seal(self, *months: Month) -> None:
        for month in months:
            AssessmentMonth.objects.create(
                month=month, state="sealed", sealed_at="2026-11-11T02:00:00+08:00", digest=digest_of(month).sha256
            )
            assess_month(access=operator(), month=month)
            run_sweep(access=operator(), month=month)

    def ask(self, person: Employee, metric: str, after: str | None, month: Month = OCTOBER) -> Correction:
        return request_value_correction(
            access=self.maker, employee=person, month=month, metric=Metric.objects.get(key=metric),
            after=None if after is None else Decimal(after), reason="抄错一行，附截图",
        )  # fmt: skip

    def approve(self, correction: Correction) -> Correction:
        seen = preview_correction(access=self.checker, correction=correction).digest
        return self.approve_seen(correction, seen)

    def approve_seen(self, correction: Correction, seen: str) -> Correction:
        return approve_correction(access=self.checker, correction=correction, seen=seen)


@pytest.fixture
def sealed() -> Sealed:
    return Sealed()


@pytest.fixture
def star(sealed: Sealed) -> Employee:
    person = sealed.company.person("star")
    for back in range(6):
        sealed.company.values(
            person, "excellent_cases", {str(OCTOBER - back): 0 if back == 0 else 1 if back < 4 else 0}
        )
        sealed.company.values(person, "keywords_online", {str(OCTOBER - back): 1})
    sealed.seal(OCTOBER)
    return person


def held(person: Employee, metric: str, month: Month = OCTOBER) -> Any:
    slot = Metric.objects.get(key=metric).slot
    return getattr(EmployeeMonth.objects.get(employee=person, month=month), f"s{slot}")


def effects(correction: Correction, kind: str) -> dict[str, tuple[Any, Any]]:
    rows = CorrectionEffect.objects.filter(correction=correction, kind=kind)
    return {row.key: (row.before, row.after) for row in rows}


def test_a_preview_shows_what_would_follow_and_leaves_nothing(sealed: Sealed, star: Employee) -> None:
    correction = sealed.ask(star, "excellent_cases", "1")
    before = (Run.objects.count(), Standing.objects.count(), held(star, "excellent_cases"))
    preview = preview_correction(access=sealed.checker, correction=correction)
    told = {effect.key: (effect.before, effect.after) for effect in preview.effects}
    before_it, after_it = told["cases"]
    assert (before_it["verdict"], before_it["observed"]) == ("unmet", "3")
    assert (after_it["verdict"], after_it["observed"], after_it["clause"]) == ("met", "4", "四.2.7")
    assert (Run.objects.count(), Standing.objects.count(), held(star, "excellent_cases")) == before
    assert (correction.state, correction.decided_by, correction.decided_at) == ("requested", None, None)
    correction.refresh_from_db()
    assert correction.state == "requested"
    assert not CorrectionEffect.objects.exists()


def test_an_approved_correction_is_judged_of_record_and_the_old_standing_stays_readable(
    sealed: Sealed, star: Employee
) -> None:
    old = Standing.objects.current().get(employee=star, month=OCTOBER)
    correction = sealed.approve(sealed.ask(star, "excellent_cases", "1"))
    assert held(star, "excellent_cases") == 1
    new = Standing.objects.current().get(employee=star, month=OCTOBER)
    assert new.run.of_record
    assert new.run_id != old.run_id
    old.refresh_from_db()
    assert old.superseded_by_id == new.run_id
    assert set(effects(correction, EffectKind.STANDING)) == {"cases"}
    assert correction.state == "approved"
    assert correction.applied_at is not None


def test_nobody_else_is_judged_anew(sealed: Sealed) -> None:
    one, other = (sealed.company.person("star") for _ in range(2))
    sealed.seal(OCTOBER)
    stands = Standing.objects.current().get(employee=other, month=OCTOBER).run_id
    sealed.approve(sealed.ask(one, "excellent_cases", "2"))
    assert Standing.objects.current().get(employee=other, month=OCTOBER).run_id == stands


def test_later_sealed_months_whose_window_holds_the_month_are_judged_anew(sealed: Sealed, star: Employee) -> None:
    sealed.company.values(star, "excellent_cases", {"2026-11": 0})
    sealed.company.values(star, "keywords_online", {"2026-11": 1})
    sealed.seal(NOVEMBER)
    correction = sealed.approve(sealed.ask(star, "excellent_cases", "1"))
    months = CorrectionEffect.objects.filter(correction=correction, kind=EffectKind.STANDING)
    assert set(months.values_list("month", flat=True)) == {OCTOBER, NOVEMBER}


def test_the_seal_of_the_month_is_still_proved_after_a_correction(sealed: Sealed, star: Employee) -> None:
    row = AssessmentMonth.objects.get(month=OCTOBER)
    for after in ("1", "2"):
        sealed.approve(sealed.ask(star, "excellent_cases", after))
    assert digest_of(OCTOBER).is_of(row)


def test_whoever_asked_does_not_approve_nor_decline(sealed: Sealed, star: Employee) -> None:
    correction = sealed.ask(star, "excellent_cases", "1")
    seen = preview_correction(access=sealed.maker, correction=correction).digest
    with pytest.raises(Forbidden):
        approve_correction(access=sealed.maker, correction=correction, seen=seen)
    with pytest.raises(Forbidden):
        decline_correction(access=sealed.maker, correction=correction, words="不")
    assert held(star, "excellent_cases") == 0


def test_it_is_approved_only_as_it_was_seen(sealed: Sealed, star: Employee) -> None:
    correction = sealed.ask(star, "excellent_cases", "1")
    seen = preview_correction(access=sealed.checker, correction=correction).digest
    sealed.approve(sealed.ask(star, "keywords_online", "0"))
    approve_correction(access=sealed.checker, correction=correction, seen=seen)
    again = sealed.ask(star, "excellent_cases", "5")
    with pytest.raises(Refused, match=r"changed since you looked|已经变了"):
        approve_correction(access=sealed.checker, correction=again, seen=seen)
    assert held(star, "excellent_cases") == 1


def test_a_declined_or_withdrawn_correction_changes_nothing_and_is_not_decided_again(
    sealed: Sealed, star: Employee
) -> None:
    declined = decline_correction(
        access=sealed.checker, correction=sealed.ask(star, "excellent_cases", "1"), words="截图是九月的"
    )
    withdrawn = withdraw_correction(access=sealed.maker, correction=sealed.ask(star, "excellent_cases", "1"))
    for correction in (declined, withdrawn):
        with pytest.raises(Refused):
            preview_correction(access=sealed.checker, correction=correction)
    assert held(star, "excellent_cases") == 0


def test_a_month_that_is_open_is_changed_where_it_was_entered(sealed: Sealed, star: Employee) -> None:
    with pytest.raises(Refused):
        sealed.ask(star, "excellent_cases", "1", month=NOVEMBER)


def test_one_correction_of_a_value_waits_at_a_time(sealed: Sealed, star: Employee) -> None:
    sealed.ask(star, "excellent_cases", "1")
    with pytest.raises(Refused):
        sealed.ask(star, "excellent_cases", "2")


def test_naming_a_correction_in_the_session_opens_no_sealed_month(sealed: Sealed, star: Employee) -> None:
    waits = sealed.ask(star, "excellent_cases", "1")
    done = sealed.approve(sealed.ask(star, "keywords_online", "2"))
    for correction in (waits, done):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('promotion.correction', %s, true)", [str(correction.pk)])
        with pytest.raises(DatabaseError), transaction.atomic():
            EmployeeMonth.objects.filter(employee=star, month=OCTOBER).update(counts=False)


def test_an_event_that_never_was_is_withdrawn_and_its_trigger_with_it(sealed: Sealed, star: Employee) -> None:
    person = sealed.company.person("diamond")
    sealed.company.values(person, "keywords_online", {"2026-11": 1})
    event = Event.objects.create(
        event_no="E-M", employee=person, day=date(2026, 11, 9), kind_id="major_misconduct", status="upheld"
    )
    sealed.seal(NOVEMBER)
    case = Case.objects.get(employee=person, kind="demotion")
    correction = request_event_correction(
        access=sealed.maker, event=event, reason="张冠李戴，系统外工单可查",
        after={"day": event.day, "status": "withdrawn", "subject": "", "quantity": None, "decided_on": None},
    )  # fmt: skip
    sealed.approve(correction)
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert effects(correction, EffectKind.CASE)[str(case.pk)][1]["state"] == "withdrawn"
    assert effects(correction, EffectKind.STANDING)["outcome"][0] == "demotion_proposed"


def test_an_event_does_not_leave_its_sealed_month(sealed: Sealed) -> None:
    person = sealed.company.person("star")
    event = sealed.company.event(person, "praise", date(2026, 10, 3))
    sealed.seal(OCTOBER)
    after = {"day": date(2026, 9, 30), "status": event.status, "subject": "", "quantity": None, "decided_on": None}
    with pytest.raises(Refused):
        request_event_correction(access=sealed.maker, event=event, reason="日期有误", after=after)


def test_the_person_is_told_without_a_number(sealed: Sealed, star: Employee) -> None:
    account = Account.objects.create(username=star.employee_no, employee=star)
    correction = sealed.approve(sealed.ask(star, "excellent_cases", "1"))
    message = OutboxMessage.objects.get(recipient=account, kind="value_corrected")
    assert message.payload == {"correction": correction.pk}


def test_ranks_of_others_that_rest_on_a_total_are_found_and_kept() -> None:
    sealed = Sealed("grade-and-wage")
    first, second, third = (sealed.company.person("") for _ in range(3))
    for person, points in ((first, 40), (second, 30), (third, 10)):
        for item, value in (("sales_result", points), ("tasks", 20), ("ability", 20), ("attitude", 20)):
            sealed.company.values(person, item, {"2026-10": value})
    sealed.seal(OCTOBER)
    sealed.approve(sealed.ask(second, "sales_result", "40"))
    rows = CorrectionEffect.objects.filter(kind=EffectKind.RESULT)
    found = {row.employee_id: (row.before["rank"], row.after["rank"]) for row in rows}
    assert found == {second.pk: (2, 1)}
    sealed.approve(sealed.ask(third, "sales_result", "35"))
    sealed.approve(sealed.ask(first, "sales_result", "20"))
    last = CorrectionEffect.objects.filter(kind=EffectKind.RESULT, correction__employee=first)
    assert {row.employee_id: (row.before["rank"], row.after["rank"]) for row in last} == {
        first.pk: (1, 3), third.pk: (3, 2),
    }  # fmt: skip
    assert Result.objects.get(employee=first, month=OCTOBER).rank == 3
    assert set(Assessed.objects.filter(month=OCTOBER).values_list("of_record", flat=True)) == {True}
