"""An application goes back to the person for completion: what is missing is said."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import move
from promotion.applications.models import DECISION, Act, Application, ApplicationState
from promotion.applications.rights import require_hr, require_review
from promotion.models import Candidate, RoundState
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.models import Employee

_UNDER_WAY = (RoundState.ARRANGED, RoundState.OPEN)


@transaction.atomic
def send_back(*, access: Access, application: Application, words: str, key: str | None = None) -> Application:
    """By a head or HR, before the decision, and while it is in no round. The person completes it and hands it in anew.

    Raises ``Forbidden``, ``Refused`` (nothing is said to be missing; the person files none; in a round; elsewhere meanwhile).
    """
    require_returner(access, application)
    words = words.strip()
    if not words:
        raise Refused(_("Say what is missing: the person completes it by your words."), code="words")
    if not application.own_person_hands_in:
        raise Refused(_("The person filed nothing that could be completed."), code="kind")
    before = application.process[: application.process.index(DECISION)]
    seated = Candidate.objects.filter(application=OuterRef("pk"), left_at=None, round__state__in=_UNDER_WAY)
    where = Q(Q(state=ApplicationState.OPEN, step__in=before), ~Exists(seated))
    return move(
        access=access, application=application, where=where, act=Act.RETURNED, step=application.step, words=words, key=key,
        state=ApplicationState.RETURNED, step_after="", due_on=None,
    )  # fmt: skip


def require_returner(access: Access, application: Application) -> None:
    """Raises ``Forbidden``: a head of the person's department, or HR."""
    headed = Employee.objects.visible_to(access, Verb.CREATE, Thing.REVIEW).filter(pk=application.employee_id)
    if access.may(Thing.REVIEW, Verb.CREATE) and headed.exists():
        require_review(access, application)
    else:
        require_hr(access, application.employee)
