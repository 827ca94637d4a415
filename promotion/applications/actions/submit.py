"""A person hands in, for the first time or anew: what they stand on is frozen, and the first step begins."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.applications.actions.draft_save import department_of, refuse_unfiled
from promotion.applications.actions.step_finish import done_before, due_on, move, who_was_first
from promotion.applications.models import Act, Application, ApplicationState
from promotion.applications.process import APPLICATION, first_step, names_of, step_of
from promotion.applications.rights import require_own
from promotion.applications.standings import basis_for, frozen_columns
from staff.kernel.access import Access, Refused

_FROM = (ApplicationState.DRAFT, ApplicationState.RETURNED)
_ASKED = {"summary": gettext_lazy("the work summary"), "results": gettext_lazy("the results")}


@transaction.atomic
def submit(*, access: Access, application: Application, key: str | None = None) -> Application:
    """A draft is put on the standing of the last sealed month; one that was returned keeps what it stood on, for nobody loses
    by it that something was missing. Both are then reviewed anew.

    Raises ``Forbidden`` (not one's own), ``Refused`` (not eligible, naming the clauses; what the document asks for is missing;
    handed in already).
    """
    require_own(access, application)
    if done_before(application, key):
        return application
    # What is handed in is what is read here: nobody writes to it meanwhile.
    row = (
        Application.objects.select_for_update(of=("self",)).select_related("version", "employee").get(pk=application.pk)
    )
    if row.state not in _FROM:
        raise Refused(who_was_first(application), code="state")
    changes = _frozen_now(access, row) if row.state == ApplicationState.DRAFT else {}
    _refuse_missing(row)
    step = first_step(row.process)
    application = move(
        access=access, application=application, where=Q(state__in=_FROM), act=Act.SUBMITTED, step=APPLICATION, key=key,
        step_after=step, state=ApplicationState.OPEN, due_on=due_on(row, step, access.day), attempt=F("attempt") + 1,
        submitted_at=Coalesce(F("submitted_at"), Now()), **changes,
    )  # fmt: skip
    return application


def _frozen_now(access: Access, row: Application) -> dict[str, Any]:
    """The columns that what one stands on today fills; ``row`` is brought up to them."""
    basis = basis_for(row.employee, access.day)
    refuse_unfiled(basis.transition)
    run = basis.standing.run
    process = names_of(basis.transition)
    row.version, row.values, row.to_tier = run.version, run.values, str(basis.transition.target)
    row.process = process if APPLICATION in process else [APPLICATION, *process]
    return {
        "version": row.version, "values": row.values, "from_tier": basis.standing.tier, "to_tier": row.to_tier,
        "process": row.process, "department": department_of(row.employee, access), **frozen_columns(basis.standing),
    }  # fmt: skip


def _refuse_missing(row: Application) -> None:
    step = step_of(row, APPLICATION)
    for name in step.asks if step else ():
        if not getattr(row, name).strip():
            raise Refused(
                _("The policy asks for %(what)s; write it before you hand in.") % {"what": str(_ASKED[name])}, code=name
            )
