"""The office of the admin's tests, with a draft of the policy that is in force there."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from policy.actions.draft_start import start_draft
from policy.models import PolicyDraft, PolicyVersion
from tests.admin.conftest import Office, fixed_day, office, office_of_module

__all__ = ["NOW", "fixed_day", "office", "office_of_module"]
NOW = datetime(2026, 11, 10, 9, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def draft(office: Office) -> PolicyDraft:
    return start_draft(access=office.access("hr"), base=PolicyVersion.objects.get())
