"""Accounts whose sign-in somebody else may look after: their devices, tokens and second factor."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import Account, Employee, Role


def accounts_kept_by(access: Access) -> QuerySet[Any]:
    """All for the operator; those of its people for HR; nobody's for others. One's own is not among them."""
    if access.everything:
        return Account.objects.all()
    if Role.OPERATOR in access.roles_for(Thing.ACCOUNT, Verb.UPDATE):
        return Account.objects.exclude(pk=access.account_id)
    people = Employee.objects.visible_to(access, Verb.CREATE, Thing.ACCOUNT)
    return Account.objects.filter(employee__in=people).exclude(pk=access.account_id)


def account_named(text: str) -> Account | None:
    """The active one with this user name, or of the person with this number. For whoever may name anybody of the company."""
    text = text.strip().replace("\0", "")
    rows = Account.objects.filter(is_active=True).select_related("employee")
    return rows.filter(username=text).first() or rows.filter(employee__employee_no=text).first()


def require_own_or_kept(access: Access, account: Account) -> None:
    """Raises ``Forbidden`` where the account is neither one's own nor one that one looks after."""
    access.require_person()
    if account.pk != access.account_id and not accounts_kept_by(access).filter(pk=account.pk).exists():
        raise Forbidden(_("Only the person, HR of their department or the operator may do this."))
