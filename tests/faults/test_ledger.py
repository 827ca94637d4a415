"""The ledger under eight writers at once, and under those who would rewrite it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from promotion.models import LedgerHead, LedgerKind, LedgerLine, TierPeriod
from tests.company import Company
from tests.faults.harness import together

WRITERS, LINES = 8, 12


def committed_to(line: LedgerLine) -> str:
    """The hash of a line, computed anew from what it says."""
    parts = [
        line.prev_hash, str(line.seq), str(line.employee_id), line.kind, line.ladder, line.from_tier, line.to_tier,
        line.effective_on.isoformat(), *("" if value is None else str(value) for value in (
            line.replaces_id, line.policy_version_id, None if line.standing_month is None else line.standing_month.number,
            line.author_id,
        )), line.channel, line.reason_digest, line.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
    ]  # fmt: skip
    return hashlib.sha256("|".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def test_eight_writers_at_once_make_one_chain(transactional_db: None) -> None:
    company = Company(policy="")
    people = [company.person("") for _ in range(WRITERS)]

    def write(at: int) -> None:
        for number in range(LINES):
            day = date(2025, 1, 1) + timedelta(days=number)
            company.transition(people[at], "star" if number % 2 else "regular", day, kind=LedgerKind.PROMOTION)

    assert together(WRITERS, write) == [None] * WRITERS
    lines = list(LedgerLine.objects.order_by("seq"))
    assert [line.seq for line in lines] == list(range(1, WRITERS * LINES + 1))
    assert [line.prev_hash for line in lines[1:]] == [line.hash for line in lines[:-1]]
    assert [line.hash for line in lines] == [committed_to(line) for line in lines]
    head = LedgerHead.objects.get()
    assert (head.seq, head.hash) == (lines[-1].seq, lines[-1].hash)
    assert TierPeriod.objects.count() == WRITERS * LINES


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE promotion_ledgerline SET to_tier = 'crown'", "DELETE FROM promotion_ledgerline"]
)
def test_nor_does_the_owner_change_a_line(statement: str) -> None:
    Company(policy="").person("star")
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute(statement)
