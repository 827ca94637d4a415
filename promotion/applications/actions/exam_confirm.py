"""HR confirms that the exam is passed, where a policy opens the way with that alone: the person files nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from promotion.applications.actions.draft_save import begin
from promotion.applications.actions.step_finish import due_on, move
from promotion.applications.models import Act, Application, ApplicationKind, ApplicationState
from promotion.applications.process import by_confirmation, first_step, names_of
from promotion.applications.rights import require_hr
from promotion.applications.standings import basis_for, frozen_columns
from staff.kernel.access import Access, Refused, Verb
from staff.models import Employee


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of one of many; ``refusal`` says why nothing did."""

    employee: Employee
    application: Application | None
    refusal: str = ""


@transaction.atomic
def confirm_exam(*, access: Access, employee: Employee) -> Application:
    """An application that is handed in already, at the step after the exam, on the standing of the last sealed month.

    Raises ``Forbidden``, ``Refused`` (not eligible; one is under way; the policy has people apply).
    """
    require_hr(access, employee, Verb.CREATE)
    basis = basis_for(employee, access.day)
    if not by_confirmation(basis.transition):
        raise Refused(_("For this tier the person applies; there is no exam to confirm."), code="applies")
    step = first_step(names_of(basis.transition))
    application = begin(
        access, employee, basis, kind=ApplicationKind.CONFIRMED, state=ApplicationState.OPEN, act=Act.OPENED, step=step,
        attempt=1, submitted_at=Now(), **frozen_columns(basis.standing),
    )  # fmt: skip
    return move(
        access=access, application=application, where=Q(state=ApplicationState.OPEN), act=Act.CONFIRMED, step="exam",
        step_after=step, due_on=due_on(application, step, access.day),
    )  # fmt: skip


def confirm_exams(*, access: Access, employees: Sequence[Employee]) -> list[Confirmed]:
    """Each by itself: what one cannot have, the others do not lose."""
    found = []
    for employee in employees:
        try:
            found.append(Confirmed(employee, confirm_exam(access=access, employee=employee)))
        except Refused as refused:
            found.append(Confirmed(employee, None, refused.message))
    return found
