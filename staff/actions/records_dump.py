"""Records are written to files."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from staff.kernel import audit
from staff.kernel.access import Access, Verb
from staff.kernel.records.dump import dump_tables
from staff.kernel.records.tables import all_tables


@transaction.atomic
def dump_records(*, access: Access, folder: Path) -> list[Path]:
    """Every table of records as CSV, each readable to its owner alone; the files. Raises ``Forbidden``, ``OSError``."""
    if not connection.savepoint_ids:
        # every table as of the same moment
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    tables = all_tables()
    for table in tables:
        access.require(table.thing, Verb.EXPORT)
    written = dump_tables(access, tables, folder)
    audit.record(
        access,
        "records_dumped",
        object_type="records",
        object_key=str(folder)[-120:],
        after={"files": [path.name for path in written]},
    )
    return written
