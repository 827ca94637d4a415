"""One person's transition as an action, and the chain's verification."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from psycopg2.extras import DateRange

from promotion.ledger.actions.record_transition import record_transition
from promotion.ledger.reasons import digest_of
from promotion.ledger.selectors import Break, verify_chain
from promotion.models import LedgerLine, LedgerNote
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import AuditEntry, Employee, SupervisorPeriod
from tests.records.world import Files, operator

DAY = date(2025, 1, 1)


def write(
    no: str = "K1", *, kind: str = "entry", to_tier: str = "star", effective_on: date = DAY, **more: Any
) -> LedgerLine:
    more.setdefault("access", operator())
    employee = Employee.objects.get(employee_no=no)
    return record_transition(
        employee_id=employee.pk,
        kind=kind,
        ladder=more.pop("ladder", "info-service"),
        to_tier=to_tier,
        effective_on=effective_on,
        **more,
    )


def test_a_line_names_where_one_came_from_and_leaves_a_trail(company: Files) -> None:
    write()
    line = write(kind="promotion", to_tier="diamond", effective_on=date(2026, 1, 1), reason="答辩通过")
    assert (line.seq, line.from_tier, line.to_tier) == (2, "star", "diamond")
    note = LedgerNote.objects.get(line=line)
    assert line.reason_digest == digest_of(note.salt, "答辩通过")
    entry = AuditEntry.objects.filter(action="transition_recorded").first()
    assert (entry.object_key, entry.after["tier"]) == ("2", "diamond")
    assert verify_chain() == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"kind": "rise"}, "kind"),
        ({"ladder": "no-such"}, "ladder"),
        ({"to_tier": "gold"}, "tier"),
        ({"effective_on": date(2024, 1, 14)}, "effective_on"),
        ({"kind": "promotion"}, "kind"),
        ({"kind": "correction", "reason": "抄录有误"}, "replaces"),
        ({"kind": "correction"}, "reason"),
    ],
)
def test_a_first_line_that_cannot_be(company: Files, line: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        write(**line)
    assert refused.value.code == code
    assert not LedgerLine.objects.exists()


def test_after_a_first_line(company: Files) -> None:
    first = write()
    for line, code in (({}, "kind"), ({"kind": "promotion", "effective_on": date(2024, 12, 31)}, "effective_on")):
        with pytest.raises(Refused) as refused:
            write(to_tier="diamond", **line)
        assert refused.value.code == code
    corrected = write(kind="correction", to_tier="regular", reason="抄录有误", replaces=first.seq)
    assert (corrected.from_tier, corrected.replaces_id) == ("star", first.seq)
    with pytest.raises(Refused):
        write(kind="correction", reason="再次", replaces=first.seq)
    write(kind="lateral", to_tier="", effective_on=date(2026, 1, 1))
    write(kind="entry", effective_on=date(2026, 2, 1))


def test_nobody_writes_about_themselves_or_a_superior_or_outside_their_scope(company: Files) -> None:
    employee = Employee.objects.get(employee_no="K1")
    hr = Access(account_id=None, employee_id=employee.pk, day=DAY, roles=frozenset({"hr"}), departments={"hr": None})
    with pytest.raises(Forbidden):
        write(access=hr)
    nowhere = Access(
        account_id=None, employee_id=None, day=DAY, roles=frozenset({"hr"}), departments={"hr": frozenset({0})}
    )
    with pytest.raises(Forbidden):
        write(access=nowhere)
    below = Employee.objects.create(employee_no="K8", name="下属", hired_on=DAY)
    SupervisorPeriod.objects.create(employee=below, supervisor=employee, period=DateRange(DAY, None))
    with pytest.raises(Forbidden):
        write(access=replace(hr, employee_id=below.pk))
    judge = Access(account_id=None, employee_id=None, day=DAY, roles=frozenset({"judge"}))
    with pytest.raises(Forbidden):
        write(access=judge)


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("UPDATE promotion_ledgerline SET to_tier = 'crown' WHERE seq = 2", [Break(2, "hash")]),
        ("UPDATE promotion_ledgerline SET prev_hash = repeat('1', 64) WHERE seq = 2", [Break(2, "link")]),
        ("DELETE FROM promotion_ledgerline WHERE seq = 3", [Break(3, "head")]),
        (
            "UPDATE promotion_ledgerline SET recorded_at = recorded_at - interval '1 day' WHERE seq = 3",
            [Break(3, "hash")],
        ),
    ],
)
def test_what_was_tampered_with_is_found(company: Files, harm: str, found: list[Break]) -> None:
    write()
    write("K2")
    write(kind="promotion", to_tier="diamond", effective_on=date(2026, 1, 1))
    assert verify_chain() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM promotion_tierperiod")
        cursor.execute("ALTER TABLE promotion_ledgerline DISABLE TRIGGER ledger_is_append_only")
        cursor.execute(harm)
        cursor.execute("ALTER TABLE promotion_ledgerline ENABLE TRIGGER ledger_is_append_only")
    assert verify_chain() == found
