"""A file is what its content says: safe kinds are kept with their digest, whatever runs or lies about itself is refused."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import date
from io import BytesIO

import pytest

from staff.kernel.access import Access, Refused
from staff.kernel.attachments import LARGEST, keep, response_for
from staff.models import Attachment, AttachmentContent

pytestmark = pytest.mark.django_db
ACCESS = Access(None, None, date(2026, 11, 10))
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog /OpenAction [3 0 R /FitH] >>"


def office(*parts: str, size: int = 1) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:  # without the moment it is made, or a test would be named by it
            archive.writestr(zipfile.ZipInfo(part), b"0" * size, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def kept(data: bytes, name: str = "x") -> Attachment:
    return keep(ACCESS, file=BytesIO(data), name=name, about_employee_id=None)


WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("data", "name", "kind", "called"),
    [
        (PDF, "述职报告.PDF", "pdf", "述职报告.pdf"),
        (b"\x89PNG\r\n\x1a\n....", "截图.exe", "png", "截图.png"),
        (b"\xff\xd8\xff\xe0....", "../../etc/passwd", "jpeg", "passwd.jpg"),
        (office(*WORD), "总结", "docx", "总结.docx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "C:\\表.xls", "xlsx", "表.xlsx"),
        ("客户致谢信".encode(), 'a"b\r\nc.html', "txt", "a_b_c.txt"),
    ],
)
def test_a_file_is_kept_as_what_it_is_under_a_safe_name(data: bytes, name: str, kind: str, called: str) -> None:
    found = kept(data, name)
    assert (found.kind, found.name, found.size) == (kind, called, len(data))
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    answer = response_for(found)
    assert answer.content == data
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"


def broken() -> Iterable[tuple[str, bytes]]:
    yield "empty", b""
    yield "too large", b"%PDF-" + b"0" * LARGEST
    yield "a script in a PDF", PDF + b" /S /JavaScript /JS (app.alert(1))"
    yield "its name escaped", PDF + b" /S /J#61vaScript"
    yield "a PDF that carries files", PDF + b" /EmbeddedFile"
    yield "an encrypted PDF", PDF + b" /Encrypt 5 0 R"
    yield "macros", office(*WORD, "word/vbaProject.bin")
    yield "a file within", office(*WORD, "word/embeddings/a.docx")
    yield "a bomb", office(*WORD, size=60 * 1024 * 1024)
    yield "a plain archive", office("a.txt")
    yield "half an archive", office(*WORD)[:40]
    yield "a program", b"MZ\x90\x00\x03"
    yield "a page", b"<!doctype html><script>1</script>"
    yield "a drawing that runs", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'


@pytest.mark.parametrize("data", [pytest.param(data, id=why) for why, data in broken()])
def test_what_runs_lies_or_is_too_large_is_refused_and_nothing_is_kept(data: bytes) -> None:
    with pytest.raises(Refused):
        kept(data, "a.pdf")
    assert not Attachment.objects.exists()
    assert not AttachmentContent.objects.exists()


def test_an_erased_file_says_so_and_keeps_its_digest() -> None:
    found = kept(PDF)
    AttachmentContent.objects.all().delete()
    with pytest.raises(Refused):
        response_for(Attachment.objects.get(pk=found.pk))
