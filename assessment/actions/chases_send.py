"""HR reminds supervisors of what their teams have not reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions.month_row import claimed, require_ended, require_unsealed
from assessment.models import Chase
from assessment.selectors.months import as_keeper
from assessment.selectors.needs import completeness
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.periods import Month
from staff.models import Account, Employee

#: No team is reminded twice within it.
PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Of the teams with gaps: how many were told, how many were told shortly before, and who has no account to be told."""

    told: int
    lately: int
    unreachable: tuple[str, ...]


@transaction.atomic
def send_chases(*, access: Access, month: Month, now: datetime, supervisor_id: int | None = None) -> Reminded:
    """One team, or every team with gaps among the people of one's scope. Each reminder is kept and told once.

    Raises ``Refused`` (nothing is missing, reminded within the hour, nobody with an account, not ended, sealed),
    ``Forbidden``.
    """
    access.require(Thing.MONTH, Verb.UPDATE)
    require_ended(access, month)
    require_unsealed(claimed(month))
    left = _left(access, month, supervisor_id)
    if not left:
        raise Refused(_("Nothing is missing there any more."), code="complete")
    since = dict(
        Chase.objects.filter(month=month, supervisor__in=left, at__gt=now - PAUSE)
        .order_by().values_list("supervisor_id").annotate(last=Max("at"))
    )  # fmt: skip
    accounts = dict(Account.objects.filter(employee__in=left, is_active=True).values_list("employee_id", "pk"))
    due = {leader: count for leader, count in left.items() if leader not in since and leader in accounts}
    silent = tuple(Employee.objects.filter(pk__in=left.keys() - accounts.keys()).values_list("name", flat=True))
    if not due:
        raise Refused(_why_nobody(since, silent), code="pause")
    chases = Chase.objects.bulk_create(
        Chase(month=month, supervisor_id=leader, chased_by_id=access.account_id, at=now, gaps=count)
        for leader, count in due.items()
    )
    tell(
        Message(
            f"chase:{chase.pk}",
            accounts[chase.supervisor_id],
            "month_gaps",
            {"month": str(month), "gaps": chase.gaps},
        )
        for chase in chases
    )
    audit.record(
        access,
        "month_chased",
        object_type="month",
        object_key=month,
        after={"teams": len(chases), "gaps": sum(due.values()), "supervisors": sorted(due)},
    )
    return Reminded(len(chases), len(since), silent)


def _left(access: Access, month: Month, supervisor_id: int | None) -> dict[int, int]:
    """Supervisor → how many values are missing and not accepted."""
    found: dict[int, int] = {}
    for row in completeness(as_keeper(access), month):
        if row.supervisor_id is not None and supervisor_id in (None, row.supervisor_id) and row.left:
            found[row.supervisor_id] = found.get(row.supervisor_id, 0) + row.left
    return found


def _why_nobody(since: dict[int, datetime], silent: tuple[str, ...]) -> str:
    if since:
        again = timezone.localtime(min(since.values()) + PAUSE)
        return _("Reminded within the last hour. The next reminder can go out at %(time)s.") % {
            "time": f"{again:%H:%M}"
        }
    return _("%(names)s: no account that a reminder could reach. Invite them, or enter the values yourself.") % {
        "names": ", ".join(silent)
    }
