"""HR answers an objection in writing: dismissed, or upheld; then the general manager decides anew."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import return_to
from promotion.applications.models import DECISION, NOTICE, Act, ApplicationState
from promotion.notices.actions.objection_raise import LONGEST
from promotion.notices.models import Notice, NoticeEntry, Objection, ObjectionState
from promotion.notices.rights import require_answerer
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb


@transaction.atomic
def answer_objection(*, access: Access, objection_id: int, upheld: bool, answer: str) -> Objection:
    """Whoever raised it reads the answer. Upheld, the name is taken back from the notice, and the application returns to the
    decision with what was said, and not with who said it.

    Raises ``Forbidden`` (not HR in scope; named on the notice; led by the person; whoever raised it), ``Refused`` (no answer;
    answered meanwhile, by whom).
    """
    access.require(Thing.OBJECTION, Verb.DECIDE)
    # The notice's row first, as ending it does: an answer and the end never meet half-way.
    notice = Notice.objects.select_for_update(of=("self",)).filter(entries__objections=objection_id).first()
    if notice is None:
        raise Refused(_("There is no such objection."), code="state")
    found = Objection.objects.select_related("entry__application__employee", "entry__application__version")
    objection = found.get(pk=objection_id)
    application = objection.entry.application
    require_answerer(access, notice, application.employee, objection.by_id)
    answer = answer.strip()
    if not answer or len(answer) > LONGEST:
        raise Refused(_("Answer in writing, in up to %(most)s characters.") % {"most": LONGEST}, code="answer")
    claimed = Objection.objects.filter(pk=objection_id, state=ObjectionState.OPEN).update(
        state=ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED, answer=answer,
        answered_by=access.account_id, answered_at=Now(),
    )  # fmt: skip
    objection.refresh_from_db(fields=["state", "answer", "answered_by", "answered_at"])
    if not claimed:
        raise Refused(
            _("It was answered meanwhile, by %(who)s at %(when)s.")
            % {
                "who": objection.answered_by,
                "when": timezone.localtime(objection.answered_at).strftime("%Y-%m-%d %H:%M"),
            },
            code="state",
        )
    if upheld:
        _take_back(access, objection)
    audit.record(
        access, "objection_answered", object_type="objection", object_key=objection.pk,
        employee_id=application.employee_id, after={"state": objection.state, "notice": notice.number},
    )  # fmt: skip
    return objection


def _take_back(access: Access, objection: Objection) -> None:
    """Once: a second objection to the same name that is upheld finds it taken back."""
    entry, application = objection.entry, objection.entry.application
    if not NoticeEntry.objects.filter(pk=entry.pk, taken_back_on=None).update(taken_back_on=access.day):
        return
    application.refresh_from_db(fields=["state", "step"])
    if application.state == ApplicationState.OPEN and application.step == NOTICE:
        return_to(
            access=access, application=application, step=NOTICE, back_to=DECISION, act=Act.UPHELD, words=objection.text,
            key=f"objection:{objection.pk}:upheld",
        )  # fmt: skip
