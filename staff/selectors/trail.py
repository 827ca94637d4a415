"""The trail as each role may read it: acts (``AuditEntry``) and the rows that were written (``RowChange``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from staff.kernel.access import MATRIX, Access, Thing, Verb
from staff.kernel.trail import OBJECTS, WATCHED
from staff.models import AuditEntry, Employee, RowChange
from staff.models.querysets import within

#: They read everything.
_READ_ALL = frozenset({"auditor", "gm"})
#: What the trail tells the others, beyond whom it is about.
_PAY = frozenset({Thing.PAY, Thing.BAND})
_TOLD: dict[str, frozenset[Thing]] = {
    "payroll": _PAY,
    "operator": frozenset({Thing.ACCOUNT, Thing.GRANT, Thing.JOB}),
    "hr": frozenset(thing for thing, roles in MATRIX.items() if "r" in roles.get("hr", "")) - _PAY,
    "employee": frozenset(thing for thing, roles in MATRIX.items() if "r" in roles.get("employee", "")),
}
#: No transaction takes longer; a database that was restored may count its transactions anew.
_A_TRANSACTION = timedelta(days=1)


def entries_visible_to(access: Access) -> QuerySet[AuditEntry]:
    """Auditors and the general manager read everything; HR what concerns the people of its scope, and nobody in particular
    where the scope is the company; payroll what is about pay; operators accounts, roles and jobs; everybody what is
    about themselves.
    """
    visible = AuditEntry.objects.filter(_readable(access, _object_types))
    if not access.may(Thing.PAY, Verb.READ):
        visible = visible.exclude(object_type="records", after__has_key="pay")
    return visible


def changes_visible_to(access: Access) -> QuerySet[RowChange]:
    """The same for rows. The personal texts come along; whether they may be shown, ``sensitive_of`` says."""
    return RowChange.objects.filter(_readable(access, _things))


def rows_of(entry: AuditEntry, access: Access) -> QuerySet[RowChange]:
    """The rows that were written in the transaction of the act."""
    if entry.transaction is None:
        return RowChange.objects.none()
    return changes_visible_to(access).filter(
        transaction=entry.transaction, at__range=(entry.at - _A_TRANSACTION, entry.at + _A_TRANSACTION)
    )


def without_act(rows: QuerySet[RowChange]) -> QuerySet[RowChange]:
    """Those that no act of the product accounts for."""
    acts = AuditEntry.objects.filter(
        transaction=OuterRef("transaction"),
        at__gte=OuterRef("at") - _A_TRANSACTION,
        at__lte=OuterRef("at") + _A_TRANSACTION,
    )
    return rows.filter(~Exists(acts))


def trail_of(
    access: Access, *, things: Iterable[Thing], employee_id: int | None = None, table: str = "", key: object = ""
) -> QuerySet[RowChange]:
    """The history of a record, the latest first: of a person, or of a row about nobody in particular by its table and key."""
    rows = changes_visible_to(access).filter(thing__in=[thing.value for thing in things])
    if employee_id is not None:
        return rows.filter(employee=employee_id)
    return rows.filter(employee__isnull=True, table_name=table, key=str(key))


def sensitive_of(access: Access, employee_ids: Iterable[int | None]) -> frozenset[int]:
    """Those of the people whose sensitive facts may be read (roles, rule 5). One query at most."""
    asked = {pk for pk in employee_ids if pk is not None}
    if not asked or not access.may(Thing.SENSITIVE, Verb.READ):
        return frozenset()
    people = Employee.objects.visible_to(access, Verb.READ, Thing.SENSITIVE).filter(pk__in=asked)
    return frozenset(people.values_list("pk", flat=True))


def tells_sensitive(entry: AuditEntry) -> bool:
    """Whether the act's own particulars may hold a birth date, the kind of an absence or a note."""
    kind = OBJECTS.get(entry.object_type)
    return kind is None or any(watched.sensitive and watched.thing == kind.thing for watched in WATCHED.values())


def _readable(access: Access, about: Callable[[frozenset[Thing]], Q]) -> Q:
    """Each role reads what the trail tells it, of the people in its own scope: two roles together reach no more than both."""
    roles = frozenset(_TOLD) | _READ_ALL if access.everything else access.roles_for(Thing.AUDIT, Verb.READ)
    if roles & _READ_ALL:
        return Q()
    found = Q(pk__in=[])
    for role in sorted(roles & _TOLD.keys()):
        scope = replace(access, roles=frozenset({role})).scope(Thing.AUDIT)
        found |= about(_TOLD[role]) & within(scope, access.day, "employee__")
        if role == "payroll":  # pay tables are about tiers, not people
            found |= about(frozenset({Thing.BAND}))
    return found


def _things(things: frozenset[Thing]) -> Q:
    return Q(thing__in=sorted(thing.value for thing in things))


def _object_types(things: frozenset[Thing]) -> Q:
    return Q(object_type__in=sorted(name for name, kind in OBJECTS.items() if kind.thing in things))
