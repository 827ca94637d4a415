"""Days away in a sealed month are put right by two people and by nothing else, and all is judged as if they had stood there."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from assessment.actions.correction_request import request_absence_correction
from assessment.models import Correction, CorrectionEffect, EmployeeMonth, Result
from assessment.selectors.digest import digest_of
from promotion.corrections.actions.correction_approve import preview_correction
from promotion.corrections.carry_out import SAYS
from promotion.models import Standing
from promotion.sweep.evaluation import STANDING_COLUMNS
from staff.actions.absence_save import save_absence
from staff.kernel.access import Refused
from staff.kernel.periods import Month
from staff.models import Absence, Employee
from tests.company import Company
from tests.corrections.test_corrections import NOVEMBER, OCTOBER, Sealed

pytestmark = pytest.mark.django_db
WHOLE = (date(2026, 10, 1), date(2026, 10, 31))


def star(company: Company) -> Employee:
    """Nothing is reported of October but zeros, so that it matters whether it counts."""
    person = company.person("star")
    for back in range(7):
        company.values(person, "excellent_cases", {str(OCTOBER - back): 0 if back == 0 else 1})
        company.values(person, "keywords_online", {str(OCTOBER - back): 0 if back == 0 else 3})
    return person


def ask(
    sealed: Sealed, person: Employee, days: tuple[date, date] | None, absence: Absence | None = None, kind: str = "sick"
) -> Correction:
    return request_absence_correction(
        access=sealed.maker, employee=person, absence=absence, days=days, kind="" if absence else kind,
        reason="病假条补交",
    )  # fmt: skip


def said(person: Employee, month: Month = OCTOBER) -> tuple[object, ...]:
    return Standing.objects.current().filter(employee=person, month=month).values_list(*STANDING_COLUMNS).get()


def test_a_month_that_turns_out_to_be_away_is_judged_as_if_it_had_been_known() -> None:
    sealed = Sealed()
    late, known = star(sealed.company), star(sealed.company)
    Absence.objects.create(employee=known, first_day=WHOLE[0], last_day=WHOLE[1], kind="sick")
    sealed.seal(OCTOBER)
    assert said(late) != said(known)
    correction = sealed.approve(ask(sealed, late, WHOLE))
    assert said(late) == said(known)
    assert not EmployeeMonth.objects.get(employee=late, month=OCTOBER).counts
    assert CorrectionEffect.objects.filter(correction=correction, kind="standing").exists()
    assert Absence.objects.get(employee=late).kind == "sick"


def test_days_that_were_entered_wrongly_are_moved_or_taken_back_and_the_seal_still_names_what_was_sealed() -> None:
    sealed = Sealed()
    person, other = star(sealed.company), star(sealed.company)
    absence = Absence.objects.create(employee=person, first_day=WHOLE[0], last_day=WHOLE[1], kind="leave")
    sealed.seal(OCTOBER)
    name = digest_of(OCTOBER).sha256
    sealed.approve(ask(sealed, person, (date(2026, 10, 1), date(2026, 10, 20)), absence))
    absence.refresh_from_db()
    assert (absence.last_day, absence.kind) == (date(2026, 10, 20), "leave")
    assert EmployeeMonth.objects.get(employee=person, month=OCTOBER).counts
    assert said(person) == said(other)
    sealed.approve(ask(sealed, person, None, absence))
    assert not Absence.objects.filter(employee=person).exists()
    assert digest_of(OCTOBER).sha256 == name


def test_a_preview_leaves_nothing_and_no_other_door_takes_the_days() -> None:
    sealed = Sealed()
    person = star(sealed.company)
    sealed.seal(OCTOBER)
    correction = ask(sealed, person, WHOLE)
    assert preview_correction(access=sealed.checker, correction=correction).effects
    assert not Absence.objects.exists()
    with pytest.raises(Refused, match="2026-10"):
        save_absence(access=sealed.maker, employee=person, first_day=WHOLE[0], last_day=WHOLE[1], kind="sick")
    sealed.approve(correction)
    with pytest.raises(Refused, match="2026-10"):
        save_absence(
            access=sealed.maker, employee=person, first_day=WHOLE[0], last_day=date(2026, 10, 30), kind="sick",
            absence=Absence.objects.get(),
        )  # fmt: skip


def test_later_sealed_months_are_judged_anew_too() -> None:
    sealed = Sealed()
    late, known = star(sealed.company), star(sealed.company)
    for person in (late, known):
        sealed.company.values(person, "excellent_cases", {"2026-11": 1})
        sealed.company.values(person, "keywords_online", {"2026-11": 1})
    Absence.objects.create(employee=known, first_day=WHOLE[0], last_day=WHOLE[1], kind="sick")
    sealed.seal(OCTOBER, NOVEMBER)
    sealed.approve(ask(sealed, late, WHOLE))
    assert said(late, NOVEMBER) == said(known, NOVEMBER)


def test_what_is_no_correction_of_one_sealed_month_is_refused() -> None:
    sealed = Sealed()
    person = star(sealed.company)
    stands = Absence.objects.create(
        employee=person, first_day=date(2026, 10, 26), last_day=date(2026, 12, 4), kind="injury"
    )
    sealed.seal(OCTOBER, NOVEMBER)
    first, december = date(2026, 10, 26), date(2026, 12, 4)
    wrong = {
        "not_sealed": ((first, date(2026, 12, 9)), stands, ""),
        "kind": (WHOLE, None, "holiday"),
        "last_day": ((december, first), stands, ""),
    }
    for code, (days, absence, kind) in wrong.items():
        with pytest.raises(Refused) as refused:
            ask(sealed, person, days, absence, kind)
        assert refused.value.code == code
    with pytest.raises(Refused, match="2026-10, 2026-11"):
        ask(sealed, person, None, stands)
    with pytest.raises(Refused) as same:
        ask(sealed, person, (first, december), stands)
    assert same.value.code == "last_day"
    # month by month, the latest first, all of it is taken back
    sealed.approve(ask(sealed, person, (first, date(2026, 10, 31)), stands))
    stands.refresh_from_db()
    sealed.approve(ask(sealed, person, None, stands))
    assert not Absence.objects.exists()


def test_days_that_changed_meanwhile_or_begin_with_another_absence_are_not_written_over() -> None:
    sealed = Sealed()
    person = star(sealed.company)
    stands = Absence.objects.create(
        employee=person, first_day=date(2026, 10, 26), last_day=date(2026, 11, 2), kind="leave"
    )
    sealed.seal(OCTOBER)
    correction = ask(sealed, person, (date(2026, 10, 27), date(2026, 11, 2)), stands)
    with pytest.raises(Refused) as waits:
        ask(sealed, person, WHOLE)
    assert waits.value.code == "one_open_correction_of_days"
    Absence.objects.filter(pk=stands.pk).update(last_day=date(2026, 11, 3))
    with pytest.raises(Refused) as changed:
        preview_correction(access=sealed.checker, correction=correction)
    assert changed.value.code == "before"
    Correction.objects.all().delete()
    twice = ask(sealed, person, (date(2026, 10, 26), date(2026, 10, 30)))
    with pytest.raises(Refused) as second:
        preview_correction(access=sealed.checker, correction=twice)
    assert second.value.code == "absence_key"


def test_a_month_that_is_sealed_meanwhile_keeps_its_days() -> None:
    sealed = Sealed()
    person = star(sealed.company)
    stands = Absence.objects.create(
        employee=person, first_day=date(2026, 10, 26), last_day=date(2026, 11, 2), kind="leave"
    )
    sealed.seal(OCTOBER)
    correction = ask(sealed, person, (date(2026, 10, 27), date(2026, 11, 3)), stands)
    sealed.seal(NOVEMBER)
    with pytest.raises(Refused, match="2026-11"):
        preview_correction(access=sealed.checker, correction=correction)


def of_record() -> tuple[list[object], ...]:
    """All that was judged of everybody, and which months count."""
    results = Result.objects.values_list("level", "month", "employee", "department", "policy", *SAYS)
    standings = Standing.objects.current().values_list("employee", "month", *STANDING_COLUMNS)
    counts = EmployeeMonth.objects.values_list("employee", "month", "counts")
    return tuple(sorted(rows, key=repr) for rows in (results, standings, counts))


@pytest.mark.parametrize("policy", ["info-service", "grade-and-wage"])
@pytest.mark.parametrize("change", ["put in", "moved", "taken back"])
def test_everybody_stands_as_in_a_company_that_had_the_right_days_from_the_start(policy: str, change: str) -> None:
    sealed = Sealed(policy)
    if policy == "info-service":
        person = star(sealed.company)
        star(sealed.company)
    else:
        person, *others = (sealed.company.person("") for _ in range(3))
        for one, points in zip([person, *others], (40, 30, 10), strict=True):
            for item, value in (("sales_result", points), ("tasks", 20), ("ability", 20), ("attitude", 20)):
                sealed.company.values(one, item, {"2026-10": value})
    month, part = WHOLE, (date(2026, 10, 1), date(2026, 10, 20))
    stood, right = {"put in": (None, month), "moved": (month, part), "taken back": (month, None)}[change]
    found = []
    for known in (right, stood):
        with transaction.atomic():
            absence = known and Absence.objects.create(
                employee=person, first_day=known[0], last_day=known[1], kind="sick"
            )
            sealed.seal(OCTOBER)
            found.append(of_record())
            if known == stood:
                sealed.approve(ask(sealed, person, right, absence))
                found.append(of_record())
            transaction.set_rollback(True)
    from_the_start, before, corrected = found
    assert corrected == from_the_start
    assert before != from_the_start
