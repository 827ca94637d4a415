"""An appeal is upheld, and the application goes back to the step at which it was declined; or it is dismissed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import due_on, move, reasoned
from promotion.applications.bounds import bound
from promotion.applications.models import Act, Appeal, AppealState, Application, ApplicationState
from promotion.applications.owners import account_of
from promotion.applications.rights import require_decision
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.outbox import Message, tell
from staff.kernel.refusals import told
from staff.models import Account


@transaction.atomic
def decide_appeal(*, access: Access, appeal: Appeal, upheld: bool, words: str) -> Appeal:
    """By the general manager, or whoever HR named; never by anybody who took or advised the decision. Upheld, what was said at
    the step is said anew there; what was found at the steps before it stands.

    Raises ``Forbidden``; ``Refused`` (no reason; answered meanwhile, by whom; the person has begun another application).
    """
    require_decider(access, appeal)
    words = reasoned(words)
    claimed = Appeal.objects.filter(pk=appeal.pk, state=AppealState.OPEN).update(
        state=AppealState.UPHELD if upheld else AppealState.DISMISSED, answer=words, answered_by=access.account_id,
        answered_at=Now(),
    )  # fmt: skip
    appeal.refresh_from_db()
    if not claimed:
        raise Refused(_("It was answered meanwhile, by %(who)s.") % {"who": appeal.answered_by}, code="state")
    application = Application.objects.select_related("employee", "version").get(pk=appeal.application_id)
    if upheld:
        _reopen(access, application, appeal, words)
    audit.record(
        access, "appeal_decided", object_type="application", object_key=application.pk,
        employee_id=application.employee_id, after={"appeal": appeal.pk, "state": appeal.state},
    )  # fmt: skip
    tell(
        Message(f"appeal:{appeal.pk}:answered:{account}", account, "appeal_answered", {"application": application.pk})
        for account in account_of(application.employee_id)
    )
    return appeal


def require_decider(access: Access, appeal: Appeal) -> None:
    """Raises ``Forbidden``, saying who decides."""
    access.require_person()
    application = appeal.application
    if appeal.decider_id is None:
        require_decision(access, application)
    elif appeal.decider_id != access.account_id:
        raise Forbidden(
            _("HR has named %(who)s to decide on this appeal.") % {"who": Account.objects.get(pk=appeal.decider_id)}
        )
    for account, employee in access.selves:
        if refusal := bound(application, account, employee, access.day):
            raise Forbidden(refusal)


def _reopen(access: Access, application: Application, appeal: Appeal, words: str) -> None:
    another = _("%(name)s has begun another application. It is settled or withdrawn first.")
    with told({"one_unsettled_application_a_person": another % {"name": application.employee.name}}):
        move(
            access=access, application=application, where=Q(state=ApplicationState.DECLINED, attempt=appeal.attempt),
            act=Act.UPHELD, step=appeal.step, words=words, state=ApplicationState.OPEN, step_after=appeal.step,
            due_on=due_on(application, appeal.step, access.day), closed_at=None, reason="", clause="",
            attempt=F("attempt") + 1,
        )  # fmt: skip
