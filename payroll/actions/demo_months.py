"""The demonstration's months as people would have worked on them: older ones sealed, the last one open and under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.actions.case_handle import handle_case
from assessment.actions.chases_send import send_chases
from assessment.actions.doubt_raise import raise_doubt
from assessment.actions.gaps_accept import accept_gaps
from assessment.actions.month_close import close_month
from assessment.actions.month_hand_in import hand_in_month
from assessment.actions.month_reopen_intake import reopen_intake
from assessment.actions.month_seal import seal_month
from assessment.actions.periods_assess import assess_ended
from assessment.models import Case, CaseKind, CaseState, Level, Metric
from assessment.selectors.needs import gaps
from payroll.demo.logins import CHASED, EMPLOYEE, HANDED_IN, HR
from promotion.sweep.actions.month_seal import seal_and_sweep
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access
from staff.kernel.periods import Month, months_between
from staff.models import Account, Employee
from staff.selectors.access import access_of

#: What was done about a case, by its kind.
_DONE = {
    CaseKind.BONUS: gettext_lazy("Paid with the wages of the month."),
    CaseKind.PRAISE: gettext_lazy("Read out at the meeting of the month."),
    CaseKind.TRAINING: gettext_lazy("Two half days beside a colleague, agreed on with the lead."),
}
#: Since the reminder: another can be sent at once.
_A_DAY = timedelta(days=1)


@transaction.atomic
def work_months(
    *,
    access: Access,
    sealed: Month,
    swept: Month,
    last: Month,
    now: datetime,
    tell: Callable[[str], object],
    before_the_last: Callable[[], object],
) -> None:
    """Each month from ``sealed`` on is sealed, from ``swept`` on swept; ``last`` waits for the rest of its values until the
    end of the day's own month, with one team handed in, one reminded, and two doubts. Quarters and years that have ended are
    assessed. ``before_the_last`` is called before the last of them is sealed. Raises ``Refused``, ``Forbidden``.
    """
    hr = _acting(HR, access)
    for month in months_between(min(sealed, swept), last.previous):
        if month == last.previous:
            before_the_last()
        close_month(access=hr, month=month, now=now)
        missing = [gap.cell for gap in gaps(hr, month) if not gap.accepted]
        if missing:
            accept_gaps(
                access=hr, month=month, cells=missing, reason=_("Nobody kept a record; the month is long over.")
            )
        if month < swept:
            seal_month(access=hr, month=month, now=now)
        else:
            seal_and_sweep(access=hr, month=month, now=now)
            run_sweep(access=hr, month=month)
    run_sweep(access=access, month=last)
    assess_ended(access=access)
    _settle(hr, last)
    tell(_("swept: %(first)s to %(last)s, sealed before %(last)s") % {"first": swept, "last": last})
    _under_way(access, hr, last, now)


def _settle(hr: Access, last: Month) -> None:
    """What good and bad months led to is done, but for the last ones; what concerns somebody's place at work stays open."""
    older = Case.objects.filter(state=CaseState.OPEN, level=Level.MONTH, month__lt=last - 2, kind__in=_DONE)
    for case in older.select_related("employee").order_by("pk"):
        handle_case(access=hr, case=case, note=str(_DONE[case.kind]))


def _under_way(access: Access, hr: Access, last: Month, now: datetime) -> None:
    reopen_intake(
        access=hr, month=last, until=Month.of(access.day).last_day, reason=_("Two teams need longer for their reports.")
    )
    leader = Employee.objects.get(employee_no=HANDED_IN)
    hand_in_month(
        access=_acting(HANDED_IN, access), month=last, supervisor=leader, note=_("The rest is being counted again.")
    )
    chased = Employee.objects.get(employee_no=CHASED)
    send_chases(access=hr, month=last, now=now - _A_DAY, supervisor_id=chased.pk)
    own = _acting(EMPLOYEE, access)
    metrics = {metric.key: metric for metric in Metric.objects.filter(key__in=("keywords_online", "excellent_cases"))}
    raise_doubt(
        access=own, about=metrics["keywords_online"], month=last,
        text=_("One more keyword was online at the end of the month; I can show the picture."),
    )  # fmt: skip
    raise_doubt(
        access=own, about=metrics["excellent_cases"], month=last.previous,
        text=_("The case for 瑞丰电缆 is missing from this month."),
    )  # fmt: skip


def _acting(username: str, access: Access) -> Access:
    """As that account, on the server."""
    account = Account.objects.select_related("employee").get(username=username)
    return access_of(account, access.day, channel="command")
