"""Two acts on one case that cross: whoever comes second is told; and without the claim of the row they would contradict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from assessment.models import Case
from promotion.cases.actions import appeal, decide, take_effect
from promotion.cases.actions.move import move
from promotion.cases.models import Proceeding
from promotion.models import LedgerLine
from staff.kernel.access import Refused
from tests.cases.steps import Course
from tests.faults.crossing import crossing, unlocked
from tests.web.company import TODAY, Company, make_company


@pytest.fixture
def company(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: TODAY)
    company = make_company()
    company.account("gm-two", role="gm")
    return company


def course_of(company: Company, no: str) -> Course:
    """A demotion that is proposed; of others than K2041 by the same clause."""
    person, like = company.people[no], Case.objects.get(employee=company.people["K2041"], kind="demotion")
    if person.pk != like.employee_id:
        tier = {"K2055": ("diamond", "star"), "K2034": ("crown", "diamond")}[no]
        Case.objects.create(
            kind="demotion", policy=like.policy, version=like.version, clause=like.clause, month=like.month, employee=person,
            department_id=like.department_id, owner="hr", evidence={**like.evidence, "tier": tier[0], "target": tier[1]},
        )  # fmt: skip
    return Course(company, Proceeding.objects.get(case__employee=person))


def outcomes(found: list[object]) -> list[str]:
    return [type(one).__name__ if isinstance(one, Exception) else "done" for one in found]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "without the guard"])
def test_whoever_comes_second_to_a_case_is_told_and_changes_nothing(
    company: Company, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not guarded:
        for module in (appeal, decide, take_effect):
            monkeypatch.setattr(module, "move", lambda **more: move(**{**more, "where": Q()}))
        monkeypatch.setattr(take_effect, "Proceeding", unlocked(Proceeding))
    an_effect_and_an_appeal_of_the_last_minute(course_of(company, "K2041"), guarded)
    two_who_answer_one_appeal(course_of(company, "K2055"), guarded)
    a_decision_and_a_correction(course_of(company, "K2034"), guarded)


def an_effect_and_an_appeal_of_the_last_minute(course: Course, guarded: bool) -> None:
    """The night has found the case due when the person appeals."""
    course.served().state(who=course.row.case.employee.employee_no)
    course.demote(days=17)
    until, on = course.now.appeal_until, course.now.tier_on
    assert until is not None
    assert on is not None
    night, late = Course(course.company, course.row, on), Course(course.company, course.row, until)
    found = crossing((take_effect, "_hindrance"), lambda: night.night(on), late.appeal)
    acts = set(course.now.acts.values_list("act", flat=True))
    assert outcomes(found) == (["done", "Refused"] if guarded else ["done", "done"])
    assert ({"appealed", "effective"} <= acts) is not guarded
    assert LedgerLine.objects.filter(kind="demotion").count() == 1


def two_who_answer_one_appeal(course: Course, guarded: bool) -> None:
    """One lets it succeed while the other dismisses it."""
    no = course.row.case.employee.employee_no
    course.served().state(who=no)
    course.demote()
    course.appeal(no)
    on = (course.now.appeal_until or TODAY) + timedelta(days=9)
    twin = Course(course.company, course.row, course.day)
    found = crossing(
        (appeal, "require_appeal_decision"),
        lambda: course.answer(False),
        lambda: twin.answer(True, "gm-two", tier_on=on),
    )
    assert outcomes(found) == (["Refused", "done"] if guarded else ["done", "done"])
    assert (course.now.state, course.row.acts.filter(act="answered").count()) == (
        ("upheld", 1) if guarded else ("closed", 2)
    )


def a_decision_and_a_correction(course: Course, guarded: bool) -> None:
    """The facts are gone while the head decides. Without the claim the table itself would still refuse it, as a fault."""
    course.served().state(who=course.row.case.employee.employee_no)
    gone: dict[str, Any] = {"state": "withdrawn", "withdrawn_note": "corrected", "withdrawn_at": timezone.now()}
    found = crossing(
        (decide, "_require_heard"), course.demote, lambda: Case.objects.filter(pk=course.row.pk).update(**gone)
    )
    assert isinstance(found[0], Refused if guarded else IntegrityError), found
    assert (course.now.state, course.now.outcome) == ("closed", "withdrawn")
