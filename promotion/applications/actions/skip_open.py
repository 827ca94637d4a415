"""HR opens a skip-level promotion 越级: the merit is described, a panel judges it, and the general manager decides."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from policy.compiler import Outcome
from policy.language.checked import Checked, Step
from promotion.applications.actions.draft_save import begin
from promotion.applications.actions.step_finish import due_on, move, reasoned
from promotion.applications.models import (
    DECISION,
    EFFECT,
    NOTICE,
    Act,
    Application,
    ApplicationFile,
    ApplicationKind,
    ApplicationState,
)
from promotion.applications.process import PANELS
from promotion.applications.rights import require_hr
from promotion.applications.standings import Basis, frozen_columns, judged_of_record
from promotion.sweep.selectors import policy_of
from staff.kernel.access import Access, Refused, Verb
from staff.kernel.attachments import File, keep_all
from staff.models import Employee


@transaction.atomic
def open_skip(
    *, access: Access, employee: Employee, to_tier: str, merit: str, files: Iterable[File] = ()
) -> Application:
    """``to_tier`` lies two tiers above or more. It goes to the panel of the last transition that leads there, then to the
    general manager, and is posted for twice as long.

    Raises ``Forbidden``; ``Refused`` (no merit; a tier that is no skip; no panel in the document; a clause of demotion is met;
    one is under way).
    """
    require_hr(access, employee, Verb.CREATE)
    merit = reasoned(merit)
    standing = judged_of_record(employee, access.day)
    if standing.outcome in (Outcome.DEMOTION_PROPOSED, Outcome.WARNING):
        raise Refused(_("A clause of demotion is met. While it is, nobody skips a tier."), code="trigger")
    checked = policy_of(standing)
    transition = _transition(checked, standing.tier, to_tier)
    panels = [name for name in transition.process if name in PANELS]
    if not panels:
        raise Refused(
            _(
                "The policy has no panel on the way to this tier, and a skip is decided by a panel and the general manager."
            ),
            code="to_tier",
        )
    process = [panels[-1], DECISION, NOTICE, EFFECT]
    application = begin(
        access, employee, Basis(standing, checked, transition), kind=ApplicationKind.SKIP, state=ApplicationState.OPEN,
        act=Act.OPENED, words=merit, process=process, step=process[0], attempt=1, submitted_at=Now(), merit=merit,
        **frozen_columns(standing),
    )  # fmt: skip
    for stored in keep_all(access, files, about_employee_id=employee.pk):
        ApplicationFile.objects.create(application=application, attachment=stored)
    return move(
        access=access, application=application, where=Q(state=ApplicationState.OPEN), act=Act.SUBMITTED, step="",
        step_after=process[0], due_on=due_on(application, process[0], access.day),
    )  # fmt: skip


def _transition(checked: Checked, tier: str, to_tier: str) -> Step:
    steps = {str(step.target): step for step in checked.ladder.steps} if checked.ladder else {}
    tiers = [str(one.key) for one in checked.ladder.tiers] if checked.ladder else []
    if to_tier not in steps or tier not in tiers or tiers.index(to_tier) < tiers.index(tier) + 2:
        raise Refused(_("A skip leads at least two tiers up."), code="to_tier")
    return steps[to_tier]
