"""What a draft would change for whom. Other apps know it; the draft's page does not know who says it.

An app registers a provider in ``AppConfig.ready``. It is asked where a draft without fault is looked at, computes what it has
to say by the same statements as the product, stores nothing, and answers None where the draft is none of its business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.utils import DataError, OperationalError

from policy.compiler.sql import PLANNER
from policy.language import Checked, Faults
from policy.models import PolicyVersion
from policy.selectors import Governed, checked
from staff.kernel.access import Access, Thing
from staff.kernel.periods import Month

#: Whom a draft moves is named up to this many; the rest is a number.
NAMED = 60
#: Longer than this no page waits.
PATIENCE = "25s"
_CANCELLED = "57014"

#: Narrows a query of ``staff_employee e`` to the reader's scope.
_IN_SCOPE = """
    AND e.id IN (SELECT employee_id FROM staff_departmentperiod p
                 WHERE p.period @> %(sim_day)s::date AND p.department_id = ANY(%(sim_scope)s))
"""


class TooLong(Exception):
    """A draft's statement was cut off when patience was at an end."""


class TooLarge(Exception):
    """A draft's statement came to a number that no column holds."""


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """A draft for one reader. ``changed`` names the readings and parameters whose value the draft itself changes; ``month``
    is the month that was asked for, None for the last one there is; ``address`` is the page that takes another.
    """

    access: Access
    draft: Checked
    changed: frozenset[str] = frozenset()
    month: Month | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A partial and what it shows."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[EffectRequest], Effect | None]
_providers: list[Provider] = []


def register_effect(provider: Provider) -> None:
    """Adds a panel to every draft's page, in the order of registration. The same provider again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def effects_of(request: EffectRequest) -> list[Effect]:
    return [effect for provider in _providers if (effect := provider(request)) is not None]


def carried(values: Mapping[str, str], draft: Checked, changed: frozenset[str]) -> dict[str, str]:
    """An adoption's own values as the draft would take them over: those that it still knows and does not change itself."""
    known = {*draft.readings, *draft.parameters}
    return {name: value for name, value in values.items() if name in known and name not in changed}


def as_if(governed: Governed, request: EffectRequest) -> Governed | None:
    """The draft in the place of what governs, for the same departments. None where it lacks a parameter that only the
    adoption can give.
    """
    draft = request.draft
    version = PolicyVersion(key=str(draft.key), number=0, document=draft.text)
    values = carried(governed.values, draft, request.changed)
    try:
        checked(version, values)
    except Faults:
        return None
    return Governed(version, values, governed.department_ids, governed.adoption_ids)


def in_scope(request: EffectRequest) -> tuple[str, dict[str, Any]]:
    """SQL that narrows ``staff_employee e`` to whom the reader may see, and its parameters; both empty for the company."""
    scope = request.access.scope(Thing.STANDING)
    if scope.company:
        return "", {}
    return _IN_SCOPE, {"sim_day": request.access.day, "sim_scope": sorted(scope.departments)}


@contextmanager
def patient_cursor() -> Iterator[Any]:
    """A cursor for statements of a draft, in a transaction with the planner's settings. Raises ``TooLong``, ``TooLarge``."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PLANNER)
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            yield cursor
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != _CANCELLED:
            raise
        raise TooLong from error
    except DataError as error:
        raise TooLarge from error
