"""Files beside an application, a statement or a correction. Whose they are, and who reads them, their room decides."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.accounts import Account
from staff.models.people import Employee


class AttachmentKind(models.TextChoices):
    """What a file really is, told by its content."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    TXT = "txt", _("text")


class Attachment(models.Model):
    """Name, kind, size in bytes and digest stay; the content can be erased."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=AttachmentKind)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    employee = models.ForeignKey(
        Employee, verbose_name=_("about"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        Account, verbose_name=_("uploaded by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now(), editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_is_named"),
        ]

    def __str__(self) -> str:
        return self.name


class AttachmentContent(models.Model):
    """The bytes."""

    attachment = models.OneToOneField(Attachment, primary_key=True, on_delete=models.CASCADE, related_name="content")
    data = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
