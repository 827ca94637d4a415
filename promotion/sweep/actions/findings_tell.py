"""Tell what a sweep found: HR that a month waits to be sealed, people that they have become eligible."""

from __future__ import annotations

from datetime import date

from policy.compiler import Outcome
from promotion.models import Run, Standing
from staff.kernel.outbox import Message, tell
from staff.kernel.periods import Month
from staff.models import Role, RoleGrant


def tell_hr_to_seal(*, month: Month, day: date) -> int:
    """Once a month to everybody who holds the role of HR on the day."""
    grants = RoleGrant.objects.filter(role=Role.HR, period__contains=day, account__is_active=True)
    accounts = {grant.account_id for grant in grants if grant.covers(day)}
    return tell(
        Message(f"seal:{month}:{account}", account, "month_to_seal", {"month": str(month)}) for account in accounts
    )


def tell_eligible(*, run: Run) -> int:
    """Everybody who stands eligible by a run of record, whichever run wrote the standing; nobody twice."""
    eligible = Standing.objects.of(run).filter(outcome=Outcome.ELIGIBLE, employee__account__is_active=True)
    found = eligible.values_list("employee__account", "employee_id", "target")
    return tell(
        Message(
            f"eligible:{run.month}:{run.version.key}:{employee}",
            account,
            "eligible",
            {"month": str(run.month), "policy": run.version.key, "target": target},
        )
        for account, employee, target in found.iterator(chunk_size=2000)
    )
