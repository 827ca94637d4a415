"""``request.access``, typed, and whom a request is about."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from django.utils import timezone

from staff.access import today_access
from staff.kernel.access import Access, Thing
from staff.models import Account, Employee
from staff.selectors.people import person_in_scope


def access_in(request: HttpRequest) -> Access:
    """What the request's account reaches; put there by ``AccessMiddleware``."""
    return cast(Access, request.access)  # type: ignore[attr-defined]


def reach_of(request: HttpRequest) -> Access:
    """Read from the database; whoever is not signed in reaches nothing."""
    if isinstance(request.user, Account):
        return today_access(request.user, channel="web")
    return Access(account_id=None, employee_id=None, day=timezone.localdate())


def employee_of(request: HttpRequest) -> Employee | None:
    """The account's own employee; an account of an outsider has none."""
    return request.user.employee if isinstance(request.user, Account) else None


def pk_in(text: str) -> int:
    """The key of a row that an address or a form names; 0, which no row has, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def person_or_404(access: Access, employee_no: str, *, thing: Thing) -> Employee:
    """Somebody in scope; out of scope there is no such person. Raises ``Http404`` and ``Forbidden``."""
    try:
        return person_in_scope(access, employee_no, thing=thing)
    except Employee.DoesNotExist as error:
        raise Http404 from error
