"""A clause of demotion is met in a standing of record: whoever is on the way up is halted, with that clause."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.models import Case, CaseKind
from policy.compiler import Outcome
from promotion.applications.actions.step_finish import HANDED_IN, halt
from promotion.applications.models import Application
from promotion.models import Run, Standing
from staff.kernel.access import Access, Thing, Verb


@transaction.atomic
def halt_fired(*, access: Access, run: Run) -> int:
    """Those whose standing of the run has an open case of demotion; how many. A trigger that was answered before has none, and
    a warning on the bottom tier halts nothing. Nothing to do for a provisional run. Raises ``Forbidden``.
    """
    access.require(Thing.RUN, Verb.CREATE)
    found = list(_fired(run)) if run.of_record else []
    for application, clause in found:
        halt(
            access=access, application=application, clause=clause,
            words=_("As of %(month)s clause %(clause)s of demotion is met. Its case is open; the way up is closed until then.")
            % {"month": run.month, "clause": clause},
        )  # fmt: skip
    return len(found)


def _fired(run: Run) -> Iterator[tuple[Application, str]]:
    fired = Standing.objects.of(run).filter(outcome=Outcome.DEMOTION_PROPOSED).values("employee")
    on_the_way = Application.objects.select_for_update(of=("self",)).filter(state__in=HANDED_IN, employee__in=fired)
    rows = {row.employee_id: row for row in on_the_way.select_related("employee", "version").order_by("pk")}
    cases = Case.objects.filter(
        kind=CaseKind.DEMOTION, policy=run.version.key, employee__in=list(rows), month__lte=run.month
    )
    for case in cases.standing().order_by("pk"):
        if case.open and case.employee_id in rows:
            yield rows.pop(case.employee_id), case.clause
