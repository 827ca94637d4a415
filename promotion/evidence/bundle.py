"""The evidence of a case as one ZIP: ``case.pdf`` to read, ``case.json`` for a program, and the files beside the words."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

from promotion.cases.models import Proceeding
from promotion.evidence.contents import contents
from staff.models import Attachment, AttachmentContent

#: A ZIP's own earliest day: the same case makes the same entries whenever it is asked for.
_DAY = (1980, 1, 1, 0, 0, 0)


def bundle_of(row: Proceeding, part: str) -> bytes:
    """``part``: what the reader is to the case, which decides what of it they may read."""
    # What sets type takes a twentieth of a process's start, and few processes print.
    from promotion.evidence.paper import paper_of

    found = contents(row, part)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "case.json", json.dumps(found, ensure_ascii=False, indent=2).encode())
        _put(archive, "case.pdf", paper_of(row, found))
        named = [one["id"] for act in found["acts"] for one in act["data"].get("files", ())]
        kept = {one.attachment_id: bytes(one.data) for one in AttachmentContent.objects.filter(attachment__in=named)}
        for attachment in Attachment.objects.filter(pk__in=kept).order_by("pk"):
            _put(archive, f"files/{attachment.pk}-{attachment.name}", kept[attachment.pk])
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
