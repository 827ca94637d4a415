"""What the opinion and the review have in common: clauses are answered, and the step is done or the way ends there."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from promotion.applications.actions.step_finish import decline, done_before, finish_step, who_was_first
from promotion.applications.attesting import Answer, complete, first_unmet, keep_answers
from promotion.applications.models import Application
from staff.kernel.access import Access, Refused


@transaction.atomic
def judge(
    *,
    access: Access,
    application: Application,
    step: str,
    act: str,
    words: str,
    public: bool,
    answers: Mapping[str, Answer],
    key: str | None,
) -> Application:
    """Asks for no right: ``opine`` and ``review`` do. Raises ``Refused`` as they say."""
    if done_before(application, key):
        return application
    if step not in application.process:
        raise Refused(who_was_first(application), code="state")
    answers = complete(application, step, answers)
    unmet = first_unmet(application, answers)
    if unmet:
        application = decline(
            access=access, application=application, step=step, words=answers[unmet].reason, clause=unmet, key=key
        )
    else:
        application = finish_step(
            access=access, application=application, step=step, act=act, words=words, public=public, key=key
        )
    keep_answers(access, application, application.events.latest("pk").role, answers)
    return application
