"""What a load would change, row by row, as a preview shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staff.kernel.records.report import Change

if TYPE_CHECKING:
    from staff.kernel.records.columns import Column
    from staff.kernel.records.loading import Loading

#: Rows that a preview spells out; the digest covers all.
MOST_SHOWN = 200


def describe(load: Loading) -> None:
    """Fills ``report.changes`` and ``report.changes_digest`` from ``rec_diff``."""
    if not load.report.added and not load.report.changed:
        return
    table = load.table
    source, columns = table.described(load)
    keys = [column for column in columns if column.key]
    values = [column for column in columns if not column.key]
    shown = [column.shown(f"d.{column.name}") for column in keys + values]
    old = [column.shown(f"d.old_{column.name}") for column in values]
    load.run(f"SELECT d.line, d.is_new, {', '.join(shown + old)} FROM ({source}) d ORDER BY d.line LIMIT {MOST_SHOWN}")
    for line, is_new, *texts in load.cursor.fetchall():
        load.report.changes.append(_change(line, is_new, texts, keys, values))
    everything = ", ".join(f"coalesce({text}, '')" for text in shown + old)
    load.report.changes_digest = load.row(
        f"SELECT md5(string_agg(md5(concat_ws('|', {everything})), '' ORDER BY d.line)) FROM ({source}) d"
    )[0]


def _change(line: int, is_new: bool, texts: list[str | None], keys: list[Column], values: list[Column]) -> Change:
    key = {column.head: text or "" for column, text in zip(keys, texts[: len(keys)], strict=True)}
    after = {c.head: text or "" for c, text in zip(values, texts[len(keys) : len(keys) + len(values)], strict=True)}
    before = {c.head: text or "" for c, text in zip(values, texts[len(keys) + len(values) :], strict=True)}
    if is_new:
        return Change(line, key, {}, {name: text for name, text in after.items() if text})
    differs = [name for name in after if after[name] != before[name]]
    return Change(line, key, {name: before[name] for name in differs}, {name: after[name] for name in differs})
