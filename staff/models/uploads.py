"""Files that somebody sent through the browser, between their preview and the decision."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.accounts import Account


class UploadState(models.TextChoices):
    PREVIEWED = "previewed", _("previewed")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")
    DROPPED = "dropped", _("dropped")


class RecordUpload(models.Model):
    """Seen by whoever sent it alone, for it may hold pay. The content goes once it is decided; the digest stays.

    ``summary`` is what the preview said: ``FileReport.as_json``. ``changes`` names everything that it would change, so that
    nothing else can be kept. Once decided, the summary keeps no amounts of pay.
    """

    account = models.ForeignKey(Account, verbose_name=_("who"), on_delete=models.CASCADE, related_name="record_uploads")
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    content = models.BinaryField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=UploadState)
    summary = models.JSONField(_("summary"), default=dict)
    changes = models.TextField(editable=False, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"), db_default=Now(), editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    class Meta:
        verbose_name = _("upload of records")
        verbose_name_plural = _("uploads of records")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known"),
            models.CheckConstraint(
                condition=Q(state=UploadState.PREVIEWED) | Q(content=b""), name="decided_upload_keeps_no_content"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
