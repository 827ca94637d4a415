"""Files are judged by what they are, not by what they are called: a bounded size, a few safe kinds, nothing that runs."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import IO
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from staff.kernel.access import Access, Refused
from staff.models import Attachment, AttachmentContent, AttachmentKind

LARGEST = 10 * 1024 * 1024
#: Files that are handed over with one act.
MOST_FILES = 5
#: Its name and its bytes.
File = tuple[str, IO[bytes]]
#: What the parts of an office file come to when unpacked.
_UNPACKED = 100 * 1024 * 1024
_MOST_PARTS = 2000
_NAME = re.compile(r"[^\w\-. ()（）·]+")
#: A PDF that acts by itself, opens programs or carries other files.
_ACTIVE = re.compile(rb"/(?:(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|Encrypt)\b|AA\s*<<)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_TYPES = {
    AttachmentKind.PDF: "application/pdf",
    AttachmentKind.PNG: "image/png",
    AttachmentKind.JPEG: "image/jpeg",
    AttachmentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    AttachmentKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    AttachmentKind.TXT: "text/plain; charset=utf-8",
}
_PARTS = {"word/document.xml": AttachmentKind.DOCX, "xl/workbook.xml": AttachmentKind.XLSX}
#: Parts of an office file that run or bring something with them.
_RUNS = re.compile(r"vbaProject|activeX|embeddings/|\.bin$|\.exe$|externalLink", re.IGNORECASE)


def keep(access: Access, *, file: IO[bytes], name: str, about_employee_id: int | None) -> Attachment:
    """Stores the file with its digest. Raises ``Refused`` (empty, too large, of no kind that is taken, with something in it
    that runs). Whether it may be attached, and read, the calling action decides.
    """
    data = file.read(LARGEST + 1)
    if not data:
        raise Refused(_("The file is empty."), code="file")
    if len(data) > LARGEST:
        raise Refused(_("The file is larger than 10 MB. Make it smaller, or attach its parts."), code="file")
    kind = _kind_of(data)
    attachment = Attachment.objects.create(
        name=_clean(name, kind),
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        employee_id=about_employee_id,
        uploaded_by_id=access.account_id,
    )
    AttachmentContent.objects.create(attachment=attachment, data=data)
    return attachment


def keep_all(access: Access, files: Iterable[File], *, about_employee_id: int | None) -> list[Attachment]:
    """As ``keep``, each of them; ``Refused`` also for more than ``MOST_FILES``."""
    given = list(files)
    if len(given) > MOST_FILES:
        raise Refused(_("At most %(most)s files.") % {"most": MOST_FILES}, code="files")
    return [keep(access, file=file, name=name, about_employee_id=about_employee_id) for name, file in given]


def response_for(attachment: Attachment) -> HttpResponse:
    """The bytes, to be saved and never shown in the product's own pages. Raises ``Refused`` where they were erased."""
    content = AttachmentContent.objects.filter(attachment=attachment).first()
    if content is None:
        raise Refused(_("The content of this file has been erased."), code="file")
    response = HttpResponse(bytes(content.data), content_type=_TYPES[AttachmentKind(attachment.kind)])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _kind_of(data: bytes) -> AttachmentKind:
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return AttachmentKind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return AttachmentKind.JPEG
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return _text(data)


def _pdf(data: bytes) -> AttachmentKind:
    """Names in a PDF may be written with escapes; compressed parts cannot add an action that no plain object refers to."""
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
    if _ACTIVE.search(plain):
        raise Refused(
            _("This PDF is encrypted, runs something or carries other files. Print it to a plain PDF and attach that."),
            code="file",
        )
    return AttachmentKind.PDF


def _office(data: bytes) -> AttachmentKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _UNPACKED:
                raise Refused(
                    _("The file unpacks to far more than it should. Save it anew and attach that."), code="file"
                )
            names = {part.filename for part in parts}
            encrypted = any(part.flag_bits & 1 for part in parts)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unknown() from error
    kind = next((kind for name, kind in _PARTS.items() if name in names), None)
    if kind is None or "[Content_Types].xml" not in names:
        raise _unknown()
    if encrypted or any(_RUNS.search(name) for name in names):
        raise Refused(_("The file holds macros or other files. Save it without them and attach that."), code="file")
    return kind


def _text(data: bytes) -> AttachmentKind:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unknown() from error
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text) or text.lstrip()[:1] == "<":
        raise _unknown()
    return AttachmentKind.TXT


def _unknown() -> Refused:
    return Refused(
        _("Attach a PDF, a PNG or JPEG picture, a Word or Excel file without macros, or plain text."), code="file"
    )


def _clean(name: str, kind: AttachmentKind) -> str:
    """The name without its folders, with signs that are safe everywhere, and ending as what the file is."""
    stem = re.sub(r"\.[^.]*$", "", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = _NAME.sub("_", stem).strip(" ._")[:100] or "file"
    return f"{stem}.{'jpg' if kind is AttachmentKind.JPEG else kind.value}"
