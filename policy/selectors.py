"""Reads: the checked policy of a version with its values, and who is governed by what on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from psycopg2.extras import DateRange

from policy import catalogue, library
from policy.language import Checked, bind, load_document, title_of
from policy.language.checked import Text
from policy.models import Adoption, AdoptionRequest, PolicyVersion, RequestState
from staff.kernel.access import Access, Thing, Verb
from staff.models import Department, DepartmentClosure, DepartmentPeriod, Employee

#: Everybody else reads what is in force.
READ_ALL = frozenset({"hr", "gm", "auditor"})


@dataclass(frozen=True, slots=True)
class Governed:
    """One (version, values) and the departments it governs on a day, sub-departments included.

    No departments: it governed once and does so no more.
    """

    version: PolicyVersion
    values: Mapping[str, str]
    department_ids: tuple[int, ...]
    adoption_ids: tuple[int, ...]

    @property
    def values_digest(self) -> str:
        return values_digest(self.values)

    @property
    def checked(self) -> Checked:
        return checked(self.version, self.values)


def values_digest(values: Mapping[str, str]) -> str:
    """Version and values are the immutable key of a run; this is the values' half."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def document_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def _checked(document: str, values: str) -> Checked:
    return bind(load_document(document, catalogue.current()), json.loads(values))


def checked(version: PolicyVersion, values: Mapping[str, str]) -> Checked:
    """The version's document with parameters and readings substituted. Cached: both are immutable.

    Raises ``policy.language.Faults`` where the document does not fit the catalogue any more.
    """
    return _checked(version.document, json.dumps(dict(values), sort_keys=True, ensure_ascii=False))


def unbound(version: PolicyVersion) -> Checked:
    """The version's document by itself, as a page of the policy shows it."""
    return load_document(version.document, catalogue.current())


def document_of(key: str) -> tuple[str, PolicyVersion | None]:
    """The document that an adoption takes where it names no version: the library's; of a policy that is none of the library's,
    the latest that was published. Raises ``KeyError``.
    """
    if key in library.policy_keys():
        return library.text(key), None
    version = PolicyVersion.objects.filter(key=key).order_by("-number").first()
    if version is None:
        raise KeyError(key)
    return version.document, version


def policy_keys() -> list[str]:
    """Keys of the library and of every policy that was published besides, in order."""
    added = PolicyVersion.objects.exclude(key__in=library.policy_keys()).values_list("key", flat=True)
    return sorted({*library.policy_keys(), *added})


def policy_named(key: str) -> Checked:
    """The policy of ``document_of``. Raises ``KeyError``, or ``Faults``."""
    return load_document(document_of(key)[0], catalogue.current())


def title_named(key: str) -> Text:
    """What the policy of ``document_of`` is called, whatever else is wrong with it. Raises ``KeyError``, or ``Faults``."""
    return title_of(document_of(key)[0])


def library_policy(key: str) -> Checked:
    """A policy of the library. Raises ``KeyError``, or ``Faults``."""
    return load_document(library.text(key), catalogue.current())


def adoption_on(key: str, department: Department, day: date) -> QuerySet[Adoption]:
    """The adoption of that policy by that very department on the day: what an adoption from that day on ends."""
    return Adoption.objects.filter(policy=key, department=department, period__contains=day)


def conflicting(key: str, parts: Iterable[str], department: Department, day: date) -> list[Adoption]:
    """Adoptions of other policies that govern one of the parts for people of the department, or of one above or below it, on
    the day or later: the database would refuse another beside them.
    """
    near = Q(department__in=DepartmentClosure.objects.filter(descendant=department).values("ancestor"))
    near |= Q(department__in=DepartmentClosure.objects.filter(ancestor=department).values("descendant"))
    rows = Adoption.objects.filter(near, version__parts__overlap=list(parts)).exclude(policy=key, department=department)
    later = rows.filter(Q(period__endswith__isnull=True) | Q(period__endswith__gt=day))
    return list(later.select_related("version", "department").defer("version__document").order_by("period"))


def people_governed(access: Access, adoptions: Iterable[Adoption]) -> dict[int, int]:
    """Adoption → how many people whom the reader may see its department and all below have on the reader's day. Two queries."""
    adoptions = list(adoptions)
    of_department = {adoption.department_id for adoption in adoptions}
    seen = Employee.objects.visible_to(access).employed_on(access.day)
    placed = DepartmentPeriod.objects.filter(period__contains=access.day, employee__in=seen).order_by()
    people = dict(placed.values("department").annotate(n=Count("pk")).values_list("department", "n"))
    found: dict[int, int] = {}
    for above, below in DepartmentClosure.objects.filter(ancestor__in=of_department).values_list(
        "ancestor", "descendant"
    ):
        found[above] = found.get(above, 0) + people.get(below, 0)
    return {adoption.pk: found.get(adoption.department_id, 0) for adoption in adoptions}


def adoptions_visible_to(access: Access) -> QuerySet[Adoption]:
    """All for HR, the general manager and auditors; for everybody else those that are in force on the day."""
    adoptions = Adoption.objects.all()
    if access.everything or access.roles_for(Thing.POLICY, Verb.READ) & READ_ALL:
        return adoptions
    if not access.may(Thing.POLICY, Verb.READ):
        return adoptions.none()
    return adoptions.filter(period__contains=access.day)


def versions_visible_to(access: Access) -> QuerySet[PolicyVersion]:
    """Those of the adoptions that one may see; and for whoever sees all of them, those that nobody has adopted."""
    versions = PolicyVersion.objects.all()
    if access.everything or access.roles_for(Thing.POLICY, Verb.READ) & READ_ALL:
        return versions
    return versions.filter(pk__in=adoptions_visible_to(access).values("version"))


def current_requests(day: date) -> list[AdoptionRequest]:
    """What waits for the general manager, the oldest first; then what was declined in the last thirty days."""
    declined = Q(state=RequestState.DECLINED, decided_at__date__gt=day - timedelta(days=30))
    rows = AdoptionRequest.objects.filter(Q(state=RequestState.PENDING) | declined)
    return list(
        rows.select_related("department", "version", "requested_by__employee")
        .defer("version__document")
        .order_by("-state", "requested_at", "pk")
    )


def governing(day: date, *, part: str | None = None) -> list[Governed]:
    """Every (version, values) in force on the day, with its departments; ``part`` such as ``ladder`` or ``pay``. One query."""
    return _governed(_in_force(Q(period__contains=day)), part)


def governing_each(days: Iterable[date]) -> dict[date, list[Governed]]:
    """``governing`` of each of the days. One query, however many."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    rows = list(_in_force(Q(period__overlap=DateRange(wanted[0], wanted[-1] + timedelta(days=1)))))
    return {day: _governed((row for row in rows if _holds(row.period, day)), None) for day in wanted}


def _holds(period: DateRange, day: date) -> bool:
    return (period.lower is None or period.lower <= day) and (period.upper is None or day < period.upper)


def _in_force(when: Q) -> QuerySet[Adoption]:
    below = DepartmentClosure.objects.filter(ancestor=OuterRef("department")).values("descendant")
    adoptions = Adoption.objects.filter(when).select_related("version").order_by("pk")
    return adoptions.annotate(below=ArraySubquery(below))


def _governed(adoptions: Iterable[Adoption], part: str | None) -> list[Governed]:
    found: dict[tuple[int, str], list[Adoption]] = {}
    for adoption in adoptions:
        if part is None or any(p == part or p.startswith(f"{part}:") for p in adoption.version.parts):
            found.setdefault((adoption.version_id, values_digest(adoption.values)), []).append(adoption)
    return [
        Governed(
            version=group[0].version,
            values=group[0].values,
            department_ids=tuple(sorted({child for a in group for child in a.below})),  # type: ignore[attr-defined]
            adoption_ids=tuple(a.pk for a in group),
        )
        for group in found.values()
    ]


def governing_department(department_id: int, day: date, *, part: str) -> Governed | None:
    """What governs that part of the people of a department on the day; None where nothing does."""
    return next((g for g in governing(day, part=part) if department_id in g.department_ids), None)
