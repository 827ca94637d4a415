"""``verify`` names an application, the standing behind it, or a notice that was changed behind the product's back."""

from __future__ import annotations

from datetime import date

import pytest

from promotion.applications.actions.decide import approve
from promotion.applications.actions.take_effect import take_effects
from promotion.applications.models import Application
from promotion.applications.standings import digest_of
from promotion.notices.actions.notice_end import end_due_notices
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.models import Notice
from staff.kernel.access import Access
from tests.applications.test_way import EFFECT_DAY, WHO, Way, house, way
from tests.cases.test_verify import as_owner, verify

__all__ = ["house", "way"]
pytestmark = pytest.mark.django_db

#: What an owner of the database does past every trigger → what is said of it.
TAMPERED = {
    "UPDATE promotion_application SET frozen = jsonb_set(frozen, '{outcome}', '\"not_yet\"')": (
        "the frozen standing is not the one that was handed in"
    ),
    "UPDATE promotion_standing SET observed[1] = observed[1] + 1 FROM promotion_application a WHERE a.standing_run_id = "
    "promotion_standing.run_id AND a.employee_id = promotion_standing.employee_id": (
        "the frozen standing is not what its run found"
    ),
    "UPDATE promotion_standing SET bits = bits # 1 FROM promotion_application a WHERE a.standing_run_id = "
    "promotion_standing.run_id AND a.employee_id = promotion_standing.employee_id": "does not come out as stored",
    "UPDATE promotion_application SET effective_on = effective_on - 31": "its notice ended on",
    "UPDATE promotion_application SET to_tier = 'crown'": "of the ledger says diamond",
    "UPDATE promotion_noticeentry SET to_tier = 'crown'": "what is posted is not what its digest says",
    "UPDATE promotion_notice SET ends_on = posted_on + 1": "its last day",
    "UPDATE promotion_notice SET ended_on = posted_on": "before its last day",
    "UPDATE promotion_notice SET serial = serial + 1": "a number before it is missing",
}


@pytest.fixture
def effective(way: Way) -> Way:
    row = approve(access=way.of("gm"), application=way.at_decision(), words="同意")
    post_notice(access=way.of("hr"), applications=[row.pk])
    assert end_due_notices(access=Access.system(date(2026, 11, 20), "nightly")) == 1
    assert take_effects(access=Access.system(EFFECT_DAY, "nightly")) == 1
    return way


@pytest.mark.parametrize("statement", TAMPERED)
def test_what_was_changed_behind_the_products_back_is_named(effective: Way, statement: str) -> None:
    assert verify("--all") == (0, "nothing differs\n")
    as_owner(statement)
    status, out = verify("--all")
    number = Application.objects.get(employee__employee_no=WHO).number
    about = Notice.objects.get().number if "promotion_notice" in statement else number
    assert (status, about in out) == (1, True), out
    assert TAMPERED[statement] in out, out


def test_a_frozen_standing_that_is_rewritten_with_its_digest_is_found_by_its_run(effective: Way) -> None:
    row = Application.objects.get(employee__employee_no=WHO)
    assert row.frozen is not None
    forged = {**row.frozen, "outcome": "not_yet"}
    as_owner(
        "UPDATE promotion_application SET frozen = jsonb_set(frozen, '{outcome}', '\"not_yet\"'), frozen_digest = %s",
        digest_of(forged),
    )
    assert verify("--all") == (1, f"application {row.number}: the frozen standing is not what its run found\n")
