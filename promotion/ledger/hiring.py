"""What the ledger has against a new day of hiring. Handed to ``staff.actions.person_change``, which knows no ledger."""

from __future__ import annotations

from django.utils.translation import gettext as _

from promotion.ledger.models import TierPeriod
from staff.kernel.access import Refused
from staff.models import Employee


def check_hired_on(employee: Employee) -> None:
    """Raises ``Refused`` with code ``hired_on`` where a tier was held before the day: no record may say so."""
    first = TierPeriod.objects.filter(employee=employee).order_by("period").first()
    if first is not None and first.period.lower < employee.hired_on:
        raise Refused(
            _("The person holds a tier since %(day)s, before that day of hiring. Put the tier right first.")
            % {"day": first.period.lower},
            code="hired_on",
        )
