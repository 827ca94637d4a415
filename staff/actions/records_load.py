"""Files of records are loaded: from the server's shell at once, in the browser after a preview.

A preview is the load itself, undone at its end; what it said is kept with the content, and a load that would do anything
else is refused.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from staff.kernel.access import Access, Forbidden, Refused, Thing
from staff.kernel.periods import Month
from staff.kernel.records.load import Changed, changes_digest, load_source, load_sources
from staff.kernel.records.loading import roles_that_load
from staff.kernel.records.report import FileReport
from staff.kernel.records.sources import from_bytes, from_paths
from staff.kernel.records.tables import RecordTable, all_tables, table_named
from staff.kernel.words import in_english
from staff.models import RecordUpload, Role, UploadState

#: The browser's share; larger files go through the shell.
MOST_BYTES = 20 << 20


def require_table(access: Access, table: RecordTable) -> None:
    """Raises ``Forbidden`` for whoever may not load the table: pay is payroll's, all else HR's."""
    if not _may_load(access, table):
        roles = ", ".join(str(label) for role, label in Role.choices if role in roles_that_load(table.thing))
        raise Forbidden(_("You may not do this. It takes one of these roles: %(roles)s.") % {"roles": roles})


def loadable_tables(access: Access) -> list[RecordTable]:
    """What the account may load, in the order of loading."""
    return [table for table in all_tables() if _may_load(access, table)]


def _may_load(access: Access, table: RecordTable) -> bool:
    return access.everything or bool(access.roles & roles_that_load(table.thing))


def load_records(*, access: Access, paths: list[Path], reason: str = "") -> list[FileReport]:
    """Loads files and the files of folders, each its own transaction, in the order of what they need.

    A refused file or path does not stop the others: look at ``refused`` of every report. ``reason`` stands in the trail and
    beside every correction of a tier. Raises ``Forbidden``.
    """
    sources, faults = from_paths(paths)
    missing = [FileReport(fault.file, faults=[fault], fault_count=1) for fault in faults]
    return load_sources(access, sources, permit=lambda table: require_table(access, table), reason=reason) + missing


@transaction.atomic
def preview(*, access: Access, file_name: str, content: bytes) -> RecordUpload:
    """Keeps the content and tells in ``summary`` what loading it would add and change, or every fault; no record changes.

    Raises ``Refused`` (too large, no account), ``Forbidden`` (a table that the account may not load).
    """
    if access.account_id is None:
        raise Refused(_("Only somebody who is signed in uploads files."))
    if len(content) > MOST_BYTES:
        raise Refused(
            _("The file has more than %(most)s MB. Ask the operator to load it on the server.")
            % {"most": MOST_BYTES >> 20},
            code="too_large",
        )
    name = Path(file_name).name[-200:]
    report = load_source(
        access, from_bytes(name, content), permit=lambda table: require_table(access, table), trial=True
    )
    return RecordUpload.objects.create(
        account_id=access.account_id,
        file_name=name,
        digest=report.digest,
        content=b"" if report.refused else content,
        state=UploadState.REFUSED if report.refused else UploadState.PREVIEWED,
        summary=report.as_json(),
        changes=changes_digest(report),
    )


@transaction.atomic
def apply(*, access: Access, upload_id: int, now: datetime) -> FileReport:
    """Loads what was previewed. Raises ``Refused`` (decided already; something changed since, so that the load would do
    other than it said), ``Forbidden``, ``RecordUpload.DoesNotExist`` (there is none of this account)."""
    upload = _undecided(access, upload_id)
    try:
        report = load_source(
            access,
            from_bytes(upload.file_name, bytes(upload.content)),
            permit=lambda table: require_table(access, table),
            confirmed=upload.changes,
        )
    except Changed:
        report = None
    if report is None or report.refused:
        raise Refused(
            _("The records have changed since the preview. Upload the file again and look at what it does now."),
            code="changed",
        )
    decide(upload, UploadState.APPLIED, now)
    return report


@transaction.atomic
def drop(*, access: Access, upload_id: int, now: datetime) -> None:
    """Throws away what was previewed. Raises as ``apply``."""
    decide(_undecided(access, upload_id), UploadState.DROPPED, now)


def template_of(*, access: Access, table_name: str, month: Month | None = None) -> tuple[str, bytes]:
    """(file name, content) of a CSV file with the table's headers in the language of the moment, and nothing below them;
    with a month, what its people are to be reported for, and what is reported already.

    With a byte-order mark, by which spreadsheets know UTF-8. Raises ``Forbidden``, ``KeyError`` (no such table, or it is not
    by month).
    """
    table = table_named(table_name)
    require_table(access, table)
    if month is not None and not table.by_month:
        raise KeyError(table_name)
    chinese = not in_english()
    name = table.aliases[0] if chinese else table.name
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(column.zh if chinese else column.head for column in table.columns())
    if month is not None:
        rows.writerows(table.month_rows(access, month))
    return f"{name}.csv", ("\ufeff" + text.getvalue()).encode()


def _undecided(access: Access, upload_id: int) -> RecordUpload:
    upload = RecordUpload.objects.select_for_update().get(pk=upload_id, account_id=access.account_id or 0)
    if upload.state != UploadState.PREVIEWED:
        raise Refused(
            _("This upload is decided already: %(state)s.") % {"state": upload.get_state_display()}, code="decided"
        )
    return upload


def decide(upload: RecordUpload, state: UploadState, now: datetime) -> None:
    """The content goes, and so do the amounts of pay that the summary spells out; counts and digest stay."""
    for table in upload.summary["tables"]:
        if table_named(table["table"]).thing is Thing.PAY:
            table["changes"] = []
    upload.state, upload.content, upload.decided_at = state, b"", now
    upload.save(update_fields=["state", "content", "decided_at", "summary"])
