"""Two acts on one application that cross: whoever comes second is told; and without the claim of the row they would
contradict each other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from promotion.applications.actions import decide, draft_save, step_finish, take_effect
from promotion.applications.actions import withdraw as withdrawal
from promotion.applications.actions.decide import approve, decline_application
from promotion.applications.actions.draft_save import open_draft
from promotion.applications.actions.nominate import nominate
from promotion.applications.actions.step_finish import finish_step, halt, move
from promotion.applications.models import DECISION, Act, Application, ApplicationKind
from promotion.models import LedgerLine
from staff.kernel.access import Access, Refused
from tests.faults.crossing import crossing, unlocked
from tests.notices.conftest import Office
from tests.web.company import TODAY, make_company

EFFECT_DAY = date(2026, 12, 1)


@pytest.fixture
def office(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: TODAY)
    company = make_company()
    company.account("gm-two", role="gm")
    return Office(company)


def at_decision(office: Office, no: str) -> Application:
    """A skip-level promotion: nothing measured stands in its way."""
    return office.approved(no, step=DECISION, kind=ApplicationKind.SKIP)


def again(row: Application) -> Application:
    return Application.objects.select_related("employee", "version").get(pk=row.pk)


def outcomes(found: list[object]) -> list[str]:
    return [
        "refused" if isinstance(one, Refused) else f"{one!r}" if isinstance(one, Exception) else "done" for one in found
    ]


def acts_of(row: Application) -> list[str]:
    return list(row.events.order_by("pk").values_list("act", flat=True))


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "without the guard"])
def test_whoever_comes_second_to_an_application_is_told_and_changes_nothing(
    office: Office, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not guarded:
        anywhere: Any = lambda **more: move(**{**more, "where": Q()})  # noqa: E731
        for module in (step_finish, withdrawal, take_effect):
            monkeypatch.setattr(module, "move", anywhere)
        monkeypatch.setattr(take_effect, "Application", unlocked(Application))
    two_managers(office, at_decision(office, "K2033"), guarded)
    a_withdrawal_and_a_decision(office, at_decision(office, "K2034"), guarded)
    an_effect_and_a_trigger(office, office.approved("K2032"), guarded)


def two_managers(office: Office, row: Application, guarded: bool) -> None:
    """One declines what the other has just approved."""
    declines = lambda: decline_application(  # noqa: E731
        access=office.of("gm-two"), application=again(row), words="later", clause="四.2.7"
    )
    found = crossing(
        (decide, "named"), declines, lambda: approve(access=office.of("gm"), application=again(row), words="yes")
    )
    assert outcomes(found) == (["refused", "done"] if guarded else ["done", "done"])
    assert acts_of(row) == (["approved"] if guarded else ["approved", "declined"])
    assert again(row).state == ("open" if guarded else "declined")


def a_withdrawal_and_a_decision(office: Office, row: Application, guarded: bool) -> None:
    found = crossing(
        (withdrawal, "require_own"), lambda: withdrawal.withdraw(access=office.of("K2034"), application=again(row)),
        lambda: approve(access=office.of("gm"), application=again(row), words="yes"),
    )  # fmt: skip
    assert outcomes(found) == (["refused", "done"] if guarded else ["done", "done"])
    assert again(row).state == ("open" if guarded else "withdrawn")


def an_effect_and_a_trigger(office: Office, row: Application, guarded: bool) -> None:
    """The night has found it due when a clause of demotion is met."""
    finish_step(access=Access.system(TODAY, "nightly"), application=row, step="public_notice", act=Act.CLEARED)
    night = Access.system(EFFECT_DAY, "nightly")
    found = crossing(
        (take_effect, "_hindrance"), lambda: take_effect.take_effect(access=night, application=again(row)),
        lambda: halt(access=night, application=again(row), words="a clause is met", clause="八.2"),
    )  # fmt: skip
    assert outcomes(found) == (["done", "refused"] if guarded else ["done", "done"])
    assert acts_of(row)[1:] == (["effective"] if guarded else ["halted", "effective"])
    assert LedgerLine.objects.filter(employee=row.employee_id, effective_on=EFFECT_DAY).count() == 1


def test_of_an_application_and_a_nomination_at_once_one_is_begun(office: Office) -> None:
    """Both have found nothing under way; the table takes one of them, and the other is told so."""
    person = office.company.people["K2032"]
    found = crossing(
        (draft_save, "department_of"), lambda: open_draft(access=office.of("K2032")),
        lambda: nominate(access=office.of("hr"), employee=person, words="the first"),
    )  # fmt: skip
    assert outcomes(found) == ["refused", "done"]
    assert Application.objects.get(employee=person).state == "nominated"
