"""Uploads of records: everybody sees their own."""

from __future__ import annotations

from django.db.models import QuerySet

from staff.kernel.access import Access
from staff.models import RecordUpload


def uploads_of(access: Access) -> QuerySet[RecordUpload]:
    """The account's own, the latest first, without their content."""
    return RecordUpload.objects.filter(account_id=access.account_id or 0).defer("content")
