"""What a program's token may be given: resources of ``/api/v1/``, and which verbs on which things each scope reaches.

A scope is ``<resource>:read`` or ``<resource>:write``; reading comes with writing. A token reaches what its scopes *and*
the roles of its account reach. Approvals and exports take a person: no scope holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Access, Thing, Verb

READ, WRITE = "read", "write"


@dataclass(frozen=True, slots=True)
class Resource:
    """``writes`` are the verbs on ``thing`` that writing takes, none where a program only reads.

    ``beside`` is what its rows also show: a value names its person, a person has a tier. Whoever reads ``instead`` alone
    reads that much of it: payroll, the tier of a standing.
    """

    label: str | Promise
    thing: Thing
    writes: str = ""
    beside: tuple[Thing, ...] = ()
    instead: Thing | None = None

    def reached(self, access: str) -> Iterator[tuple[Thing, Verb]]:
        for thing in (self.thing, *self.beside):
            yield thing, Verb.READ
        if access == WRITE:
            for verb in self.writes:
                yield self.thing, Verb(verb)
                if Thing.SENSITIVE in self.beside and verb in "cu":
                    yield Thing.SENSITIVE, Verb(verb)


RESOURCES: Mapping[str, Resource] = {
    "people": Resource(_("people's records"), Thing.PERSON, "cu", (Thing.SENSITIVE, Thing.LEDGER)),
    "values": Resource(_("monthly values"), Thing.VALUE, "cu", (Thing.PERSON,)),
    "items": Resource(_("item scores"), Thing.VALUE, "cu", (Thing.PERSON,)),
    "events": Resource(_("events"), Thing.EVENT, "cud", (Thing.PERSON, Thing.SENSITIVE)),
    "absences": Resource(_("absences"), Thing.ABSENCE, "cu", (Thing.PERSON, Thing.SENSITIVE)),
    "pay": Resource(_("pay"), Thing.PAY, "cu", (Thing.PERSON,)),
    "standings": Resource(_("standings"), Thing.STANDING, "", (Thing.PERSON, Thing.LEDGER), instead=Thing.LEDGER),
    "explanations": Resource(_("explanations"), Thing.STANDING, "", (Thing.PERSON,)),
    "cases": Resource(_("cases"), Thing.CASE, "", (Thing.PERSON,)),
    "applications": Resource(_("applications"), Thing.APPLICATION, "", (Thing.PERSON, Thing.ROUND)),
    "notices": Resource(_("public notices"), Thing.NOTICE),
    "months": Resource(_("months"), Thing.MONTH, "cud", (Thing.VALUE,)),
    "policies": Resource(_("policies"), Thing.POLICY, "cu"),
    "runs": Resource(_("runs"), Thing.RUN, "c"),
}

#: Scope → the verbs on things that it reaches.
SCOPES: Mapping[str, frozenset[tuple[Thing, Verb]]] = {
    f"{name}:{access}": frozenset(resource.reached(access))
    for name, resource in RESOURCES.items()
    for access in (READ, WRITE)
    if access == READ or resource.writes
}


def reach_of_scopes(scopes: Iterable[str]) -> frozenset[tuple[Thing, Verb]]:
    """All that the scopes reach together, for ``Access.only``. A scope that is no more reaches nothing."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


def allows(scopes: Iterable[str], resource: str, access: str) -> bool:
    """Whether the scopes open the resource for ``read`` or ``write``."""
    held = set(scopes)
    return f"{resource}:{WRITE}" in held or (access == READ and f"{resource}:{READ}" in held)


def scopes_open_to(access: Access) -> list[str]:
    """The scopes that the account's roles could make use of, in the order of the table."""
    return [
        f"{name}:{kind}"
        for name, resource in RESOURCES.items()
        for kind, verbs in ((READ, Verb.READ), (WRITE, resource.writes))
        if any(access.may(resource.thing, Verb(verb)) for verb in verbs)
        or (kind == READ and resource.instead and access.may(resource.instead, Verb.READ))
    ]
