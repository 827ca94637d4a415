"""What the evidence of a case says, as data: the same for the file that is handed out and for the check of one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from promotion.cases.bounds import person_of
from promotion.cases.models import Proceeding, ProceedingAct
from promotion.cases.selectors import acts_for, protection_for
from promotion.models import LedgerLine, Standing

FORMAT = 1


def contents(row: Proceeding, part: str) -> dict[str, Any]:
    """What this part of the case may read: ``format, part, case, person, policy, run, course, acts, protection, ledger``
    and the ``digest`` of all of it. Nothing of it depends on when it is asked for.
    """
    case, person = row.case, person_of(row)
    found: dict[str, Any] = {
        "format": FORMAT,
        "part": part,
        "case": {
            "number": case.pk, "kind": case.kind, "clause": case.clause, "month": str(case.month), "evidence": case.evidence,
            "raised_at": case.raised_at.isoformat(), "state": case.state,
        },
        "person": {"employee_no": person.employee_no, "name": person.name, "department": case.department.name},
        "policy": {"key": case.policy, "version": case.version.number, "digest": case.version.digest},
        "run": _run(row),
        "course": _course(row),
        "acts": [_act(act) for act in acts_for(part, row)],
        "protection": [
            {"item": one.item, "applies": one.applies, "evidence": one.evidence, "at": one.at.isoformat()}
            for one in protection_for(part, row)
        ],
        "ledger": [_line(line) for line in LedgerLine.objects.filter(employee=person).order_by("seq")],
    }  # fmt: skip
    return {**found, "digest": digest_of(found)}


def digest_of(found: Mapping[str, Any]) -> str:
    """SHA-256 of the JSON without its own digest, keys in order."""
    rest = {key: value for key, value in found.items() if key != "digest"}
    said = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def standing_behind(row: Proceeding) -> Standing | None:
    """The standing of record that the case rests on, as it stands; None for a case that rests on results."""
    case = row.case
    rows = Standing.objects.current().filter(employee=case.employee_id, month=case.month)
    found: Standing | None = rows.filter(run__version=case.version_id).select_related("run__statement").first()
    return found


def _run(row: Proceeding) -> dict[str, Any] | None:
    standing = standing_behind(row)
    if standing is None:
        return None
    run = standing.run
    return {
        "month": str(run.month), "digest": run.digest, "statement": run.statement_id, "watermark": run.watermark,
        "known_at": run.known_at.isoformat(),
    }  # fmt: skip


def _course(row: Proceeding) -> dict[str, Any]:
    days = (
        "served_on",
        "statement_due",
        "decided_on",
        "appeal_until",
        "tier_on",
        "pay_on",
        "arranged_until",
        "back_pay_until",
    )
    return {
        "track": row.track, "state": row.state, "outcome": row.outcome, "decision": row.decision, "basis": row.basis,
        "decided_by": str(row.decided_by) if row.decided_by else None,
        "answered_by": str(row.answered_by) if row.answered_by else None,
        "reassess_month": str(row.reassess_month) if row.reassess_month else None,
        "line": row.line_id, "restoration": row.restoration_id,
        **{name: value.isoformat() if (value := getattr(row, name)) else None for name in days},
    }  # fmt: skip


def _act(act: ProceedingAct) -> dict[str, Any]:
    return {
        "number": act.pk, "act": act.act, "day": act.day.isoformat(), "at": act.at.isoformat(),
        "by": str(act.by) if act.by else None, "as": act.role, "words": act.words, "data": act.data, "salt": act.salt,
        "digest": act.digest,
    }  # fmt: skip


def _line(line: LedgerLine) -> dict[str, Any]:
    return {
        "seq": line.seq, "kind": line.kind, "ladder": line.ladder, "from": line.from_tier, "to": line.to_tier,
        "effective_on": line.effective_on.isoformat(), "replaces": line.replaces_id, "prev_hash": line.prev_hash,
        "hash": line.hash,
    }  # fmt: skip
