"""Two acts on one application at the same moment: one is first, the other is told so, and the state follows the first."""

from __future__ import annotations

import pytest

from promotion.applications.actions.decide import approve
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.step_finish import finish_step
from promotion.applications.actions.submit import submit
from promotion.applications.actions.take_effect import take_effect
from promotion.applications.actions.withdraw import withdraw
from promotion.applications.models import Act, Application, ApplicationEvent
from promotion.models import LedgerLine
from staff.kernel.access import Access, Refused
from tests.applications.test_way import EFFECT_DAY, WHO, Way
from tests.faults.harness import together
from tests.web.company import TODAY, make_company


@pytest.fixture
def way(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Way:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: TODAY)
    return Way(make_company())


def again(row: Application) -> Application:
    return Application.objects.select_related("employee", "version").get(pk=row.pk)


def acts_of(row: Application) -> list[str]:
    return list(ApplicationEvent.objects.filter(application=row).order_by("pk").values_list("act", flat=True))


def test_of_a_decision_and_a_withdrawal_at_once_one_is_first(way: Way) -> None:
    row = way.at_decision()
    acts = [
        lambda: approve(access=way.of("gm"), application=again(row)),
        lambda: withdraw(access=way.of(WHO), application=again(row)),
    ]
    found = together(2, lambda at: acts[at]())
    assert len([one for one in found if isinstance(one, Refused)]) == 1
    now = again(row)
    assert (now.state == "withdrawn") != (now.step == "public_notice")
    assert acts_of(row)[-1] == ("withdrawn" if now.state == "withdrawn" else "approved")


def test_of_several_who_hand_in_one_draft_at_once_it_is_handed_in_once(way: Way) -> None:
    draft = open_draft(access=way.of(WHO))
    save_draft(access=way.of(WHO), application=draft, summary="总结", results="成果")
    found = together(4, lambda at: submit(access=way.of(WHO), application=again(draft)))
    assert len([one for one in found if isinstance(one, Refused)]) == 3
    assert acts_of(draft).count("submitted") == 1
    assert again(draft).attempt == 1


def test_an_effect_that_comes_twice_is_one_line_of_the_ledger(way: Way) -> None:
    row = approve(access=way.of("gm"), application=way.at_decision())
    finish_step(access=Access.system(TODAY, "nightly"), application=row, step="public_notice", act=Act.CLEARED)
    job = Access.system(EFFECT_DAY, "nightly")
    found = together(3, lambda at: take_effect(access=job, application=again(row)))
    assert len([one for one in found if isinstance(one, Refused)]) == 2
    assert LedgerLine.objects.filter(employee=row.employee_id, kind="promotion", effective_on=EFFECT_DAY).count() == 1
    assert again(row).state == "effective"
