"""Which tables the database keeps a trail of, and what acts and objects are called. Each app says so for its own
(``<app>/trail.py``); a test finds the table, the act and the object that nobody has named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models

from staff.kernel.access import Thing

#: Code of an act (``audit.record``) → what it is called.
ACTIONS: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """What an act was done to: its name, and the thing of the table of roles by which the entry is read. Without one only
    auditors and the general manager read it.
    """

    name: Any
    thing: Thing | None


#: ``AuditEntry.object_type`` → what it is.
OBJECTS: dict[str, ObjectKind] = {}


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose rows' changes are kept. ``about`` and ``key`` are SQL over the row ``t``.

    ``personal`` columns lie in the table that can be erased, ``sensitive`` ones (among them) are read by whoever reads
    ``Thing.SENSITIVE`` of the person. Of ``secret`` ones it is kept that they changed. ``left_out`` are derived, or change
    without anybody's act. ``column_names``: columns that go by another name than their field's. ``named``: others refer to
    its rows by name (``name_of``), with these relations read along.
    """

    model: type[models.Model]
    thing: Thing | None
    about: str
    key: str
    personal: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    column_names: Callable[[], Mapping[str, str]] | None = None
    named: tuple[str, ...] | None = None
    name_of: Callable[[Any], str] = str

    @property
    def arguments(self) -> tuple[str, ...]:
        """What its triggers are called with."""
        lists = (self.personal, self.secret, self.left_out)
        return (self.thing or "", self.about, self.key, *("{" + ",".join(names) + "}" for names in lists))


#: Table → how it is watched.
WATCHED: dict[str, Watched] = {}


def watch(
    label: str,
    thing: Thing | None,
    *,
    about: str = "",
    key: str = "",
    personal: tuple[str, ...] = (),
    sensitive: tuple[str, ...] = (),
    secret: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
    column_names: Callable[[], Mapping[str, str]] | None = None,
    named: tuple[str, ...] | None = None,
    name_of: Callable[[Any], str] = str,
) -> None:
    """Keeps the changes of ``app.Model`` from the next migration on. By itself a row is about its ``employee`` and goes by
    its primary key, which its columns do not say once more.
    """
    model = apps.get_model(label)
    own = tuple(field.column for field in model._meta.pk_fields)
    said = own if about or not _has_employee(model) else tuple(dict.fromkeys((*own, "employee_id")))
    WATCHED[model._meta.db_table] = Watched(
        model=model,
        thing=thing,
        about=about or ("t.employee_id" if _has_employee(model) else "NULL::bigint"),
        key=key or " || ':' || ".join(f"t.{column}::text" for column in own),
        personal=personal + sensitive,
        sensitive=sensitive,
        secret=secret,
        left_out=said + left_out,
        column_names=column_names,
        named=named,
        name_of=name_of,
    )


def attach(using: str = "default") -> int:
    """Gives every watched table that is there its triggers, as declared; how many tables it took. May be repeated: a table
    that has them is left alone.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc('staff_keep_change') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
        attached = triggers(using)
        wanted = {table: watched.arguments for table, watched in WATCHED.items() if table in there}
        changed = {table: given for table, given in wanted.items() if attached.get(table) != {given}}
        for table, given in changed.items():
            cursor.execute(
                "SELECT staff_audit(%s::regclass, %s, %s, %s, %s::text[], %s::text[], %s::text[])", [table, *given]
            )
    return len(changed)


def triggers(using: str = "default") -> dict[str, set[tuple[str, ...]]]:
    """Table → what the triggers that keep its changes are called with: one and the same where all three are there."""
    found: dict[str, set[tuple[str, ...]]] = {}
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(t.tgargs), count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgfoid = to_regproc('staff_keep_change') AND t.tgenabled = 'O' GROUP BY c.relname"
        )
        for table, arguments, number in cursor.fetchall():
            given = {tuple(bytes(each).decode().split("\0")[:-1]) for each in arguments}
            found[table] = given if number == 3 else set()
    return found


def _has_employee(model: type[models.Model]) -> bool:
    try:
        return bool(model._meta.get_field("employee").concrete)
    except FieldDoesNotExist:
        return False
