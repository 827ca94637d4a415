"""Files out: what ``load`` takes in. A load of a dump changes nothing.

The heads of departments stand in a file of their own, since people come after departments and heads after people.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

from staff.kernel.access import Access
from staff.kernel.records.columns import Column
from staff.kernel.records.tables import RecordTable
from staff.kernel.records.work import Work


def dump_tables(access: Access, tables: list[RecordTable], folder: Path) -> list[Path]:
    """Writes a CSV file a table in UTF-8, readable to the owner alone. The files, in that order. In a transaction."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with connection.cursor() as cursor:
        work = Work(access, cursor)
        for table in tables:
            at_work = table.at_work()
            at_work.prepare(work)
            for suffix, columns in _files(work, at_work):
                path = folder / f"{table.name}{suffix}.csv"
                _write(work, at_work, columns, path)
                written.append(path)
    return written


def _files(work: Work, table: RecordTable) -> list[tuple[str, list[Column]]]:
    """(suffix of the name, columns): the file, and one for columns that refer to what is loaded later."""
    extra = [column for column in table.listed if column.extra]
    if extra:
        counts = ", ".join(f"count(nullif({column.shown(f'o.{column.name}')}, ''))" for column in extra)
        used = work.row(f"SELECT {counts} FROM ({table.stored()}) o")
        extra = [column for column, count in zip(extra, used, strict=True) if count]
    main = [
        column for column in table.listed if not column.extra or (column in extra and column.name not in table.later)
    ]
    files = [("", main)]
    later = [column for column in extra if column.name in table.later]
    if later:
        files.append(("-" + "-".join(table.later.values()), [*table.key, *later]))
    return files


def _write(work: Work, table: RecordTable, columns: list[Column], path: Path) -> None:
    shown = ", ".join(f"nullif({column.shown(f'o.{column.name}')}, '') AS c{n}" for n, column in enumerate(columns))
    keys = ", ".join(f"c{n}" for n, column in enumerate(columns) if column.key)
    query = f"SELECT {shown} FROM ({table.stored()}) o ORDER BY {keys}"
    sql = work.cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT csv)", {"day": work.access.day}).decode()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="") as file:
        file.write(",".join(column.head for column in columns) + "\n")
        work.cursor.copy_expert(sql, file)
