"""What every page of the portal shows around its content."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from staff.access import ADMIN_ROLES
from staff.kernel.access import Access, Thing
from staff.models import Role
from staff.web.delegation_words import role_until
from staff.web.nav import Entry, entries_for, under_the_thumb, waiting
from staff.web.proof import lacks_second_factor
from staff.web.reach import access_in

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
#: The order in which a person's roles are named.
_ORDER = [str(role) for role in Role]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme, language, and for whoever is signed in the roles and the doors that are theirs.

    The template engine runs this for every page, the admin's too: it costs nothing until a template asks.
    """
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": theme if theme in THEMES else "",
        "demo_notice": settings.DEMO and not settings.SECOND_FACTOR_REQUIRED,
        "shell": Shell(request),
    }


class Shell:
    """Read by the base template alone; each property is asked for at most once a page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def _access(self) -> Access | None:
        user = getattr(self._request, "user", None)
        return access_in(self._request) if user is not None and user.is_authenticated else None

    @property
    def signed_in(self) -> bool:
        return self._access is not None

    @property
    def stands_in(self) -> str:
        """For whom the account acts, in which role and until when; empty where for nobody."""
        return role_until(self._access) if self._access else ""

    @property
    def has_own_page(self) -> bool:
        """Whether the account is an employee's, who has a tier to look at."""
        return self._access is not None and self._access.employee_id is not None and self._access.behalf is None

    @property
    def reaches_people(self) -> bool:
        """Whether there is anybody beside oneself whose standing may be read."""
        access = self._access
        if access is None:
            return False
        return not replace(access.scope(Thing.STANDING), own=None).empty

    @property
    def has_admin(self) -> bool:
        return self._access is not None and bool(self._access.roles & ADMIN_ROLES)

    @cached_property
    def doors(self) -> tuple[Entry, ...]:
        """The navigation, as it opens for this account: nothing before the second factor that a role takes."""
        if self._access is None or lacks_second_factor(self._request):
            return ()
        return entries_for(self._access, getattr(self._request, "waits_behind", None))

    @property
    def doors_at_hand(self) -> tuple[Entry, ...]:
        """Those of the doors that a phone's bar shows."""
        return under_the_thumb(self.doors)[0]

    @property
    def doors_behind(self) -> tuple[Entry, ...]:
        """Those behind the last place of a phone's bar."""
        return under_the_thumb(self.doors)[1]

    @property
    def waiting_behind(self) -> int:
        return waiting(self.doors_behind)

    @property
    def roles(self) -> list[str]:
        """The roles held today, in words; being an employee goes without saying where there is another."""
        held = self._access.roles if self._access else frozenset()
        named = [Role(role).label for role in sorted(held, key=_ORDER.index) if role != Role.EMPLOYEE]
        return [str(label) for label in named or [Role(role).label for role in held]]
