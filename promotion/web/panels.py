"""Panels that other apps add beside a person's standing: the page does not know who fills them.

An app registers a provider in ``AppConfig.ready``. It is asked once a page and answers None where it has nothing to say
to this reader; it reads with the request's ``access``, so what may not be seen is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policy.language import Checked
from policy.models import PolicyVersion
from staff.kernel.access import Access
from staff.models import Employee


@dataclass(frozen=True, slots=True)
class PanelRequest:
    """Whose page it is, for which day, and by which policy the standing on it was judged.

    ``tier`` is the tier's key held on the day; ``checked`` is the version's document bound with ``values``.
    """

    access: Access
    employee: Employee
    day: date
    version: PolicyVersion
    values: Mapping[str, str]
    checked: Checked
    tier: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A partial and what it shows. The page gives every partial its own context and nothing else."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[PanelRequest], Panel | None]
_providers: list[Provider] = []


def register_panel(provider: Provider) -> None:
    """Adds a panel to every standing page, in the order of registration. The same provider again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def panels_for(request: PanelRequest) -> list[Panel]:
    """What the registered apps have to show."""
    return [panel for provider in _providers if (panel := provider(request)) is not None]
