"""The person says that they have read the letter. It agrees to nothing."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from promotion.cases.actions.move import move
from promotion.cases.bounds import require_own
from promotion.cases.models import CaseAct, Proceeding
from staff.kernel.access import Access


@transaction.atomic
def read_letter(*, access: Access, proceeding: Proceeding) -> Proceeding:
    """Once; again it changes nothing. Raises ``Forbidden``; ``Refused`` where there is no letter."""
    require_own(access, proceeding)
    return move(
        access=access, proceeding=proceeding, where=Q(served_on__isnull=False), act=CaseAct.READ, role="employee",
        key=f"read:{proceeding.pk}",
    )  # fmt: skip
