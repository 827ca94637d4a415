"""The written notice 晋升通知书 of a promotion that is through: to whom, from which tier to which, by what, from when."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from promotion.applications.models import EFFECT, Application, ApplicationState
from promotion.applications.process import LETTER, policy_of, transition_of
from promotion.notices.models import NoticeEntry
from promotion.notices.wording import clauses_of
from staff.kernel.access import Access
from staff.models import DepartmentClosure


@dataclass(frozen=True, slots=True)
class Letter:
    """``clause`` is the one that asks for a written notice, empty where the document names none. ``line`` and ``line_hash`` are
    there once the promotion stands in the ledger.
    """

    application: Application
    company: str
    clauses: str
    clause: str
    notice: str
    effective_on: date
    issued_on: date
    line: int | None
    line_hash: str
    digest: str


def printable(access: Access) -> QuerySet[Application]:
    """Of those that the reader may read: in the ledger, or through the notice and waiting for their day."""
    rows = Application.objects.visible_to(access)
    through = rows.filter(state=ApplicationState.EFFECTIVE) | rows.filter(state=ApplicationState.OPEN, step=EFFECT)
    found: QuerySet[Application] = through.select_related("employee", "version", "department", "line")
    return found


def letter_of(application: Application) -> Letter:
    """Three queries. Raises ``ValueError`` for one without a day on which it takes effect."""
    if application.effective_on is None:
        raise ValueError("a letter names the day from which the tier is held")
    transition = transition_of(application)
    clause = policy_of(application).process_step(transition, LETTER).clause if LETTER in transition.process else ""
    entry = NoticeEntry.objects.filter(application=application, taken_back_on=None).select_related("notice").last()
    above = DepartmentClosure.objects.filter(descendant=application.department_id).order_by("-depth")
    line = application.line
    told: dict[str, Any] = {
        "application": application.number, "employee_no": application.employee.employee_no,
        "from": application.from_tier, "to": application.to_tier, "policy": application.version.key,
        "version": application.version.number, "effective_on": application.effective_on.isoformat(),
        "line": line.hash if line else "",
    }  # fmt: skip
    return Letter(
        application=application,
        company=above.values_list("ancestor__name", flat=True).first() or str(application.department),
        clauses=clauses_of(application),
        clause=clause,
        notice=entry.notice.number if entry else "",
        effective_on=application.effective_on,
        issued_on=(entry.notice.ended_on if entry else None) or application.effective_on,
        line=line.seq if line else None,
        line_hash=line.hash if line else "",
        digest=hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
    )
