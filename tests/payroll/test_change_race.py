"""Two general managers who decide at the same moment. On connections of their own, hence committed and cleared away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import translation

from payroll.actions.band_decide import decide_change
from payroll.actions.band_submit import submit_change
from payroll.models import PayBand, PayTableChange
from policy.models import Adoption
from staff.kernel.access import Refused
from tests.payroll.conftest import FIRST, NOW, band, make_office


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_who() -> None:
    office = make_office()
    change = office.draft(FIRST, band("star", "3000", "4000", "5000", "1100"))
    submit_change(access=office.access("payroll"), change_id=change.pk)

    def decide(role: str) -> str:
        with translation.override("en"):
            try:
                decide_change(access=office.access(role), change_id=change.pk, approve=True, answer="", now=NOW)
            except Refused as refused:
                return refused.message
            finally:
                connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(decide, ["gm", "gm_two"]))
    winner = str(PayTableChange.objects.select_related("decided_by").get(pk=change.pk).decided_by)
    assert told == ["", f"{winner} has decided already: approved."]
    assert (PayBand.objects.count(), Adoption.objects.count()) == (1, 2)
