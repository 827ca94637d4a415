"""How messages about standing in read, and what waits for whoever stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from staff.kernel.access import Access
from staff.kernel.todos import Todo, register_todos, todos_for
from staff.kernel.told import Payload, register_message
from staff.models import Role
from staff.selectors.delegations import STANDS_IN, held_by, standing_in

_KINDS = {
    "delegation_received": gettext_lazy("Somebody asks you to stand in for them for some days."),
    "delegation_given": gettext_lazy("You have named a deputy for some days."),
    "delegation_confirmed": gettext_lazy("That somebody stands in for a general manager has been confirmed."),
    "delegation_ended": gettext_lazy("Standing in for somebody has been ended."),
}


def register() -> None:
    """Called once, when the app is up."""
    for kind, words in _KINDS.items():
        register_message(kind, _saying(words), lambda payload: reverse("deputies"))
    asked = gettext_lazy("A general manager names a deputy; another confirms it.")
    register_message("delegation_to_confirm", _saying(asked), lambda payload: reverse("admin:deputies"))
    register_todos("delegations", todos)


def todos(access: Access) -> Iterable[Todo]:
    """How much waits in each role that was handed to the reader. Deputies alone are asked it."""
    if access.behalf is not None or STANDS_IN not in access.about:
        return
    yield from _held(access)


def _held(access: Access) -> Iterator[Todo]:
    for row in held_by(access):
        acting = standing_in(access, row.pk)
        number = len(todos_for(acting)) if acting else 0
        if number:
            words = ngettext(
                "%(n)d thing waits for you as deputy of %(name)s (%(role)s)",
                "%(n)d things wait for you as deputy of %(name)s (%(role)s)",
                number,
            )
            said = words % {"n": number, "name": row.holder, "role": row.get_role_display()}
            yield Todo(f"delegation:{row.pk}", said, reverse("deputies"), since=row.period.lower)


def _saying(words: object) -> Callable[[Payload], str]:
    return lambda payload: str(words)


def role_until(access: Access) -> str:
    """Whom the reader stands in for now, in one sentence; empty where for nobody."""
    if access.behalf is None:
        return ""
    role = next(iter(access.roles), "")
    return _("You stand in for %(name)s as %(role)s until %(day)s.") % {
        "name": access.behalf.label, "role": Role(role).label, "day": access.behalf.until,
    }  # fmt: skip
