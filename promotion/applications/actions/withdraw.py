"""A person takes their application back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from promotion.applications.actions.step_finish import move
from promotion.applications.models import DECISION, Act, Application, ApplicationState
from promotion.applications.rights import require_own
from staff.kernel.access import Access


@transaction.atomic
def withdraw(*, access: Access, application: Application, words: str = "", key: str | None = None) -> Application:
    """Until it is decided on; a reason may be given and need not be.

    Raises ``Forbidden`` (not one's own), ``Refused`` (decided or settled meanwhile, naming by whom).
    """
    require_own(access, application)
    undecided = application.process[: application.process.index(DECISION) + 1]
    where = Q(state__in=[ApplicationState.DRAFT, ApplicationState.RETURNED]) | Q(
        state=ApplicationState.OPEN, step__in=undecided
    )
    return move(
        access=access, application=application, where=where, act=Act.WITHDRAWN, step=application.step, words=words, key=key,
        state=ApplicationState.WITHDRAWN, step_after="", due_on=None, closed_at=Now(), reason=words.strip(),
    )  # fmt: skip
