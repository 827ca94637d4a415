"""All that a policy's page shows, for the admin and the portal alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.language import Checked
from policy.models import Adoption, PolicyVersion
from policy.selectors import adoptions_visible_to, checked, people_governed, unbound, versions_visible_to
from policy.web.card import card
from policy.web.document import open_points, said, sections
from policy.web.ladder import drawn
from staff.kernel.access import Access

#: Tier → how many hold it of those whom the reader may see; told by the app that keeps the ledger.
Counter = Callable[[Access, str], Mapping[str, int] | None]
_counter: list[Counter] = []


def register_tier_counts(counter: Counter) -> None:
    """Called once, by the app that keeps the tiers. None: the reader is told no number."""
    _counter[:] = [counter]


@dataclass(frozen=True, slots=True)
class Governs:
    """A place where the policy is, was or will be in force. ``state``: ``now``, ``todo`` or ``done``."""

    adoption: Adoption
    people: int
    state: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A version in the list. ``before`` is the one it is compared with."""

    version: PolicyVersion
    places: tuple[Governs, ...]
    before: PolicyVersion | None
    shown: bool

    @property
    def state(self) -> str:
        states = {place.state for place in self.places}
        return next((state for state in ("now", "todo") if state in states), "done")


def policy_page(
    access: Access, document: Checked, version: PolicyVersion | None, values_of: Adoption | None = None
) -> dict[str, Any]:
    """The context of the page's parts. ``values_of``: the adoption whose values are read into the document."""
    key = str(document.key)
    places = places_of(access, key)
    shown = bound(version, values_of) if version and values_of else document
    counts = _counter[0](access, key) if _counter and shown.ladder else None
    return {
        "title": said(document.title),
        "policy": shown,
        "version": version,
        "values_of": values_of,
        "drawn": drawn(shown, counts),
        "card": card(shown),
        "sections": sections(shown),
        "open_points": open_points(shown),
        "editions": editions(access, key, places, version),
        "places": [place for place in places if place.state != "done"],
    }


def bound(version: PolicyVersion, adoption: Adoption) -> Checked:
    return checked(version, adoption.values) if adoption.version_id == version.pk else unbound(version)


def places_of(access: Access, key: str) -> list[Governs]:
    """Where the policy is in force or will be or was, the latest first, of the adoptions that the reader may see."""
    rows = adoptions_visible_to(access).filter(policy=key)
    adoptions = list(
        rows.select_related("department", "version", "approved_by__employee")
        .defer("version__document")
        .order_by("-period")
    )
    people = people_governed(access, adoptions)
    return [Governs(adoption, people.get(adoption.pk, 0), _state(adoption, access.day)) for adoption in adoptions]


def editions(access: Access, key: str, places: Sequence[Governs], shown: PolicyVersion | None) -> list[Edition]:
    """Every version that the reader may see, the latest first."""
    versions = list(
        versions_visible_to(access).filter(key=key).select_related("published_by__employee").defer("document")
    )
    older = [*versions, None][1:]
    return [
        Edition(
            version,
            tuple(place for place in places if place.adoption.version_id == version.pk),
            before,
            shown is not None and version.pk == shown.pk,
        )
        for version, before in zip(versions, older, strict=True)
    ]


def in_force_values(places: Sequence[Adoption], day: date) -> Adoption | None:
    """The adoption whose values the page reads into the document: the one that is in force, if all that are give the same."""
    now = [adoption for adoption in places if _state(adoption, day) == "now"]
    return now[0] if now and all(adoption.values == now[0].values for adoption in now) else None


def _state(adoption: Adoption, day: date) -> str:
    first, until = adoption.period.lower, adoption.period.upper
    if first is not None and first > day:
        return "todo"
    return "now" if until is None or until > day else "done"
