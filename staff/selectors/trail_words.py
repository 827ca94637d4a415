"""Changed rows in words: what was changed, of which record, each column from what to what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from staff.kernel.access import Access
from staff.kernel.fields import MonthField
from staff.kernel.periods import Month
from staff.kernel.trail import WATCHED, Watched
from staff.kernel.words import channel_name, in_english
from staff.models import Employee, Operation, RowChange
from staff.selectors.trail import sensitive_of

#: What the database keeps in the place of a secret.
_SECRET = "***"  # noqa: S105
Names = Mapping[type[models.Model], Mapping[Any, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """``before`` and ``after`` in words; empty where there was nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """``what``: the kind of record; ``which``: the record among those of its kind and person."""

    row: RowChange
    what: str
    which: str
    columns: tuple[Column, ...]

    @property
    def who(self) -> str:
        """Somebody, or the role that signed in to the database, or a job."""
        if self.row.actor_id is not None:
            return str(self.row.actor or _("account %(number)s") % {"number": self.row.actor_id})
        return self.row.db_user or _("the system")

    @property
    def added(self) -> bool:
        """Nothing was there before: only what came is told."""
        return self.row.operation == Operation.INSERT

    @property
    def through(self) -> str:
        return channel_name(self.row.channel)

    @property
    def done(self) -> str:
        return str(self.row.get_operation_display())


def shown(access: Access, rows: Iterable[RowChange]) -> list[ShownChange]:
    """The rows with the names of what they refer to. A query for each kind of record referred to, however many rows."""
    found = list(rows)
    names = _names(found)
    sensitive = sensitive_of(access, (row.employee_id for row in found))
    naming = {w.column_names for row in found if (w := WATCHED.get(row.table_name)) and w.column_names}
    called = {names_of: names_of() for names_of in naming}
    return [_shown(row, names, called, row.employee_id in sensitive) for row in found]


def with_texts(rows: models.QuerySet[RowChange]) -> models.QuerySet[RowChange]:
    """Everything that ``shown`` reads of a row, in one query."""
    return rows.select_related("actor__employee", "employee", "texts")


def _shown(row: RowChange, names: Names, called: Mapping[Any, Mapping[str, str]], sensitive: bool) -> ShownChange:
    watched = WATCHED.get(row.table_name)
    before, after = _sides(row)
    if watched is None:  # a table that is no more
        columns = [Column(name, _plain(before.get(name)), _plain(after.get(name))) for name in {**before, **after}]
        return ShownChange(row, row.table_name, row.key, tuple(columns))
    fields = {field.column: field for field in watched.model._meta.concrete_fields}
    other_names = called.get(watched.column_names, {})
    columns = []
    for column in {**before, **after}:
        if column in watched.sensitive and not sensitive:
            continue
        field = fields.get(column)
        name = other_names.get(column) or (str(getattr(field, "verbose_name", column)) if field else column)
        was, became = _said(field, before.get(column), names), _said(field, after.get(column), names)
        if was or became:
            columns.append(Column(capfirst(name), was, became))
    what = capfirst(str(watched.model._meta.verbose_name))
    return ShownChange(row, what, _which(row, watched, names), tuple(columns))


def _sides(row: RowChange) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was and what is, the texts among it as long as they are not erased."""
    texts = getattr(row, "texts", None)
    before = {**(row.before or {}), **((texts and texts.before) or {})}
    after = {**(row.after or {}), **((texts and texts.after) or {})}
    return before, after


def _which(row: RowChange, watched: Watched, names: Names) -> str:
    """The record by what tells it from its like: its name, its month; its own number says nothing to anybody."""
    model = watched.model
    if watched.named is not None and model is not Employee:
        return names.get(model, {}).get(row.key, "")
    keys = list(model._meta.pk_fields)
    parts = row.key.split(":")
    if len(parts) != len(keys) or isinstance(keys[0], models.AutoField):
        return "" if row.key.isdigit() else row.key
    told = (
        _said(field, int(part) if part.isdigit() else part, names)
        for field, part in zip(keys, parts, strict=True)
        if field.related_model is not Employee
    )
    return " · ".join(told)


def _names(rows: list[RowChange]) -> Names:
    """What the rows refer to, by model and key as text."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for row in rows:
        watched = WATCHED.get(row.table_name)
        if watched is None:
            continue
        if watched.named is not None and watched.model is not Employee:
            wanted.setdefault(watched.model, set()).add(row.key)
        before, after = _sides(row)
        for field in watched.model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                keys = {side[field.column] for side in (before, after) if side.get(field.column) is not None}
                if keys:
                    wanted.setdefault(field.related_model, set()).update(keys)
        for field, part in zip(watched.model._meta.pk_fields, row.key.split(":"), strict=False):
            if isinstance(field, models.ForeignKey) and field.related_model is not Employee:
                wanted.setdefault(field.related_model, set()).add(part)
    return {model: _named(model, keys) for model, keys in wanted.items()}


def _named(model: type[models.Model], keys: set[Any]) -> Mapping[Any, str]:
    """Key as text → name; nothing for a kind of record that has no name of its own."""
    watched = WATCHED.get(model._meta.db_table)
    if watched is None or watched.named is None:
        return {}
    found = model._base_manager.filter(pk__in=keys)
    if watched.named:
        found = found.select_related(*watched.named)
    return {str(row.pk): watched.name_of(row) for row in found}


def _said(field: models.Field[Any, Any] | None, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if value == _SECRET:
        return _("kept secret")
    if field is None:
        return _plain(value)
    if field.related_model is not None:
        return names.get(field.related_model, {}).get(str(value), str(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, MonthField):
        return str(Month(int(value)))
    if isinstance(field, DateRangeField):
        return _period(str(value))
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(str(value))
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else str(value)
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float | Decimal):
        text = f"{Decimal(str(value)):,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dict | list):
        return json.dumps(_in_one_language(value), ensure_ascii=False, sort_keys=True)
    return str(value)


def _in_one_language(value: Any) -> Any:
    """What was kept in both languages, ``{zh, en}``, in that of the reader."""
    if isinstance(value, list):
        return [_in_one_language(part) for part in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"zh", "en"}:
        return value["en"] if in_english() and value["en"] else value["zh"]
    return {key: _in_one_language(part) for key, part in value.items()}


def _period(text: str) -> str:
    """A half-open range as the days that it holds, both included."""
    first, _comma, end = text.strip("[]()").partition(",")
    if not end:
        return _("from %(day)s") % {"day": first}
    try:
        last = (date.fromisoformat(end) - timedelta(days=1)).isoformat()
    except ValueError:
        return text
    return f"{first} – {last}"
