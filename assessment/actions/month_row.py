"""What the acts on a month share: its row, claimed, and what holds before any of them."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models import AssessmentMonth, MonthState
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month


def claimed(month: Month) -> AssessmentMonth:
    """The month's row, made where there is none, locked until the transaction ends: of two acts one comes second."""
    AssessmentMonth.objects.bulk_create([AssessmentMonth(month=month)], ignore_conflicts=True)
    return (
        AssessmentMonth.objects.select_for_update(of=("self",)).select_related("sealed_by__employee").get(month=month)
    )


def require_ended(access: Access, month: Month) -> None:
    """Raises ``Refused`` while the month lasts."""
    if month >= Month.of(access.day):
        raise Refused(_("%(month)s has not ended yet.") % {"month": month}, code="not_ended")


def require_unsealed(row: AssessmentMonth) -> None:
    """Raises ``Refused``, saying who sealed it and when."""
    if row.state == MonthState.SEALED:
        raise Refused(
            _("%(month)s was sealed on %(day)s by %(who)s. A sealed month does not change any more.")
            % {
                "month": row.month,
                "day": timezone.localtime(row.sealed_at).date(),
                "who": row.sealed_by or _("the server"),
            },
            code="sealed",
        )
