"""HR names an outsider who decides an appeal, where whoever would decide took or advised the decision."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.applications.actions.appeal_raise import tell_deciders
from promotion.applications.bounds import bound
from promotion.applications.models import Appeal, AppealState
from promotion.applications.rights import require_hr
from staff.kernel import audit
from staff.kernel.access import Access, Refused
from staff.models import Account


@transaction.atomic
def name_decider(*, access: Access, appeal: Appeal, account: Account) -> Appeal:
    """Another may be named while it is open. Whoever is named reads the application until then.

    Raises ``Forbidden``; ``Refused`` (they took or advised it, report to whoever took it, are the person or led by them; HR
    names itself; settled meanwhile).
    """
    application = appeal.application
    require_hr(access, application.employee)
    refusal = bound(application, account.pk, account.employee_id, access.day)
    if account.pk == access.account_id:
        refusal = _("Nobody names themselves.")
    if not account.is_active:
        refusal = _("This account is closed.")
    if refusal:
        raise Refused(refusal, code="decider")
    named = Appeal.objects.filter(pk=appeal.pk, state=AppealState.OPEN).update(
        decider=account, named_by=access.account_id
    )
    appeal.refresh_from_db()
    if not named:
        raise Refused(_("It was answered meanwhile, by %(who)s.") % {"who": appeal.answered_by}, code="state")
    audit.record(
        access, "appeal_decider_named", object_type="application", object_key=application.pk,
        employee_id=application.employee_id, after={"appeal": appeal.pk, "decider": account.pk},
    )  # fmt: skip
    tell_deciders(appeal, access.day)
    return appeal
