"""HR nominates somebody; the person accepts and goes on as if they had applied, or declines."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from promotion.applications.actions.draft_save import begin, refuse_unfiled
from promotion.applications.actions.step_finish import move, reasoned
from promotion.applications.models import Act, Application, ApplicationKind, ApplicationState
from promotion.applications.owners import account_of
from promotion.applications.rights import require_hr, require_own
from promotion.applications.standings import basis_for
from staff.kernel.access import Access, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Employee


@transaction.atomic
def nominate(*, access: Access, employee: Employee, words: str) -> Application:
    """With the reason, which the person reads. Raises ``Forbidden``, ``Refused`` (no reason, not eligible, one under way)."""
    require_hr(access, employee, Verb.CREATE)
    words = reasoned(words)
    basis = basis_for(employee, access.day)
    refuse_unfiled(basis.transition)
    application = begin(
        access, employee, basis, kind=ApplicationKind.NOMINATED, state=ApplicationState.NOMINATED, act=Act.NOMINATED,
        words=words,
    )  # fmt: skip
    tell(
        Message(
            f"application:{application.pk}:nominated:{account}",
            account,
            "application_nominated",
            {"application": application.pk},
        )
        for account in account_of(employee.pk)
    )
    return application


@transaction.atomic
def accept_nomination(*, access: Access, application: Application, key: str | None = None) -> Application:
    """It is then the person's draft. Raises ``Forbidden`` (not one's own), ``Refused`` (answered already)."""
    require_own(access, application)
    return move(
        access=access,
        application=application,
        where=_NOMINATED,
        act=Act.ACCEPTED,
        key=key,
        state=ApplicationState.DRAFT,
    )


@transaction.atomic
def decline_nomination(
    *, access: Access, application: Application, words: str = "", key: str | None = None
) -> Application:
    """Nothing follows from it. Raises ``Forbidden`` (not one's own), ``Refused`` (answered already)."""
    require_own(access, application)
    return move(
        access=access, application=application, where=_NOMINATED, act=Act.WITHDRAWN, words=words, key=key,
        state=ApplicationState.WITHDRAWN, closed_at=Now(), reason=words.strip(),
    )  # fmt: skip


_NOMINATED = Q(state=ApplicationState.NOMINATED)
