"""Anybody of the company objects to what is posted: facts and grounds, until the last day is over."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.notices.models import Notice, NoticeEntry, NoticeState, Objection
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.refusals import told
from staff.models import Account, Role
from staff.selectors.access import superiors
from staff.selectors.grants import accounts_of_role

LONGEST = 4000


@transaction.atomic
def raise_objection(*, access: Access, entry_id: int, text: str) -> Objection:
    """``access.day`` is the day in Shanghai on which it arrived: until 24:00 of the last day. Who raised it is read by HR
    alone: neither the entry of the trail nor any message names them.

    Raises ``Forbidden`` (no employee; about oneself; a token), ``Refused`` (no words; too late; taken back; one is open
    already).
    """
    access.require_person()
    access.require(Thing.OBJECTION, Verb.CREATE)
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refused(_("Give facts and grounds, in up to %(most)s characters.") % {"most": LONGEST}, code="text")
    # Ending the notice waits for this row, and this for whoever ends it.
    notice = Notice.objects.select_for_update(of=("self",)).filter(entries=entry_id).first()
    if notice is None or access.account_id is None:
        raise Refused(_("Choose whom it is about."), code="entry")
    entry = NoticeEntry.objects.select_related("application__employee").get(pk=entry_id)
    if entry.application.employee_id == access.employee_id:
        raise Forbidden(_("Nobody objects to their own promotion. Tell HR if you do not want it."))
    if entry.taken_back_on is not None:
        raise Refused(_("This name was taken back already; there is nothing left to object to."), code="entry")
    if access.day > notice.ends_on or notice.state != NoticeState.POSTED:
        raise Refused(_("The notice ended on %(day)s at 24:00.") % {"day": notice.ends_on}, code="late")
    objection = Objection(entry=entry, by_id=access.account_id, text=text)
    with told({"one_open_objection_a_person_and_entry": _("Your objection is with HR already; wait for the answer.")}):
        objection.save()
    _leave_entry_without_name(access, objection)
    tell(
        Message(f"objection:{objection.pk}:raised:{account}", account, "objection_raised", {"notice": notice.pk})
        for account in answerers(entry, notice, access.day, but=access.account_id)
    )
    return objection


def _leave_entry_without_name(access: Access, objection: Objection) -> None:
    """Neither the account nor the request by which a line of a log could lead to it."""
    token = audit.request_id.set("")
    try:
        audit.record(
            Access.system(access.day, "objection", channel=access.channel), "objection_raised", object_type="objection",
            object_key=objection.pk, after={"entry": objection.entry_id},
        )  # fmt: skip
    finally:
        audit.request_id.reset(token)


def answerers(entry: NoticeEntry, notice: Notice, day: date, *, but: int | None) -> list[int]:
    """HR of the person's department, without whoever may not answer: named, led by the person, or the objector (``but``)."""
    employee = entry.application.employee
    named = set(notice.entries.values_list("application__employee_id", flat=True))
    accounts = Account.objects.filter(pk__in=accounts_of_role(Role.HR, employee, day)).order_by("pk")
    return [
        account.pk
        for account in accounts
        if account.pk != but
        and account.employee_id not in named
        and (account.employee_id is None or employee.pk not in superiors(account.employee_id, day))
    ]
