"""Uploads that nobody decided on are dropped: their content may hold pay, and what they said is long out of date."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from staff.actions.records_load import decide
from staff.models import RecordUpload, UploadState

#: How long a preview waits for its sender.
KEPT = timedelta(days=7)


@transaction.atomic
def expire_uploads(*, now: datetime) -> int:
    """Drops the previews that are older than ``KEPT``; how many. One that is being decided at this moment is left alone."""
    waiting = RecordUpload.objects.filter(state=UploadState.PREVIEWED, uploaded_at__lt=now - KEPT).defer("content")
    found = list(waiting.select_for_update(skip_locked=True))
    for upload in found:
        decide(upload, UploadState.DROPPED, now)
    return len(found)
