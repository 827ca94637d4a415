"""What the facts' actions refuse whichever door they are called through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessment.actions.event_save import save_event
from assessment.actions.metric_add import add_metric
from assessment.actions.values_save import save_values
from assessment.models import Event, EventKind, Metric
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import AuditEntry
from staff.selectors.grants import grantees
from staff.selectors.trail import entries_visible_to
from tests.admin.conftest import MONTH, Office
from tests.company import operator

METRIC: dict[str, Any] = {"key": "nights", "kind": "value", "zh": "夜班", "en": "nights", "unit": "count"}


def event(office: Office, access: Access, **fields: Any) -> Event:
    kind = EventKind.objects.get(key="complaint")
    given = {"event_no": "E7", "day": date(2026, 10, 5), "kind": kind, "status": "upheld", **fields}
    return save_event(access=access, employee=office.own, **given)


def test_a_value_that_stays_writes_nothing(office: Office) -> None:
    metric = Metric.objects.get(key="excellent_cases")
    given = {"access": office.access("hr"), "employee": office.own, "month": MONTH}
    assert save_values(**given, values={metric: Decimal(2)}) == 0
    assert not AuditEntry.objects.filter(action="value_saved").exists()


def test_more_decimals_than_a_metric_keeps_are_refused_at_it(office: Office) -> None:
    metric = Metric.objects.get(key="sales")
    with pytest.raises(Refused) as refused:
        save_values(access=office.access("hr"), employee=office.own, month=MONTH, values={metric: Decimal("1.00005")})
    assert refused.value.code == "sales"


def test_a_metric_without_a_lowest_value_takes_none_below_zero(office: Office) -> None:
    """The sweep reckons with 0 for a month that is missing."""
    hr = office.access("hr")
    added = add_metric(access=hr, **METRIC)
    assert added.lowest == 0
    Metric.objects.filter(pk=added.pk).update(lowest=None)
    added.refresh_from_db()
    given = {"access": hr, "employee": office.own, "month": MONTH}
    with pytest.raises(Refused) as refused:
        save_values(**given, values={added: Decimal(-1)})
    assert refused.value.code == "nights"
    assert save_values(**given, values={added: Decimal(0)}) == 1


def test_who_may_not_decide_reports_an_event_as_alleged(office: Office) -> None:
    supervisor = replace(office.access("supervisor"), channel="web")
    with pytest.raises(Refused) as refused:
        event(office, supervisor)
    assert refused.value.code == "status"
    assert event(office, supervisor, status="alleged").status == "alleged"


def test_an_event_needs_a_number_and_a_status(office: Office) -> None:
    for fields, code in (({"event_no": " "}, "event_no"), ({"status": ""}, "status")):
        with pytest.raises(Refused) as refused:
            event(office, office.access("hr"), **fields)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("key", "page"), [("keyword_online", "0"), ("keyword_online", "-1"), ("keyword_online", "1.5"), ("exam", "-1")]
)
def test_a_quantity_is_what_its_kind_has(office: Office, key: str, page: str) -> None:
    kind = EventKind.objects.get(key=key)
    status = kind.statuses[1]
    with pytest.raises(Refused) as refused:
        event(office, office.access("hr"), kind=kind, status=status, quantity=Decimal(page))
    assert refused.value.code == "quantity"
    entered = event(office, office.access("hr"), kind=kind, status=status, quantity=Decimal(1))
    # what was taken before may still be withdrawn
    Event.objects.filter(pk=entered.pk).update(quantity=Decimal(page))
    entered.refresh_from_db()
    again = event(office, office.access("hr"), kind=kind, status="withdrawn", quantity=Decimal(page), event=entered)
    assert again.status == "withdrawn"


def test_the_same_event_again_leaves_one_entry_in_the_trail(office: Office) -> None:
    first = event(office, office.access("hr"))
    event(office, office.access("hr"), event=first)
    assert AuditEntry.objects.filter(action="event_saved").count() == 1


def test_a_metric_with_a_key_that_no_policy_could_write_is_refused(office: Office) -> None:
    with pytest.raises(Refused):
        add_metric(access=office.access("hr"), **{**METRIC, "key": "Night Shifts"})


def test_a_metric_beyond_the_last_place_is_refused_in_words(office: Office) -> None:
    free = set(range(1, 65)) - set(Metric.objects.values_list("slot", flat=True))
    Metric.objects.bulk_create(
        Metric(key=f"m{slot}", zh=f"指标{slot}", en=f"metric {slot}", slot=slot) for slot in sorted(free)
    )
    with pytest.raises(Refused, match="64"):
        add_metric(access=office.access("hr"), **METRIC)


@pytest.mark.parametrize("role", ["payroll", "gm", "auditor", "operator", "employee"])
def test_only_hr_and_those_above_a_person_write_facts_about_them(office: Office, role: str) -> None:
    access = office.access(role)
    metric = Metric.objects.get(key="sales")
    with pytest.raises(Forbidden):
        save_values(access=access, employee=office.other, month=MONTH, values={metric: Decimal(1)})
    with pytest.raises(Forbidden):
        event(office, access, status="alleged")


def test_the_trail_is_nobodys_who_may_not_read_it(office: Office) -> None:
    assert AuditEntry.objects.exists()
    assert not entries_visible_to(office.access("payroll")).exists()
    assert not entries_visible_to(office.access("employee")).exists()


def test_a_role_may_be_granted_to_the_people_in_scope_and_by_the_server_to_all(office: Office) -> None:
    assert set(grantees(office.access("hr_sub"))) == {
        office.accounts[name] for name in ("hr_sub", "supervisor", "employee")
    }
    assert grantees(operator()).count() == len(office.accounts)
