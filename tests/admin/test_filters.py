"""Every list is narrowed by its own filters, and by nothing else that stands in its address."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from staff.kernel.admin import RoleAdmin, site
from tests.admin.conftest import Office

pytestmark = pytest.mark.django_db


def named_filters() -> list[tuple[str, str]]:
    """(list, parameter) of every filter that has a name of its own."""
    found = []
    for model, admin in site._registry.items():
        if isinstance(admin, RoleAdmin):
            filters: Any = admin.list_filter
            found += [(model._meta.label_lower, f.parameter_name) for f in filters if hasattr(f, "parameter_name")]
    return found


def test_each_filter_answers(office: Office) -> None:
    client = office.client("auditor")
    for label, parameter in named_filters():
        url = reverse("admin:{}_{}_changelist".format(*label.split(".")))
        answer = client.get(url, {parameter: "x"})
        assert answer.status_code in (200, 302, 403), (label, parameter)


def test_another_column_is_no_filter(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    url = reverse("admin:staff_employee_changelist")
    caplog.clear()
    assert office.client("hr").get(url, {"birth_date__year": "1991"}).status_code == 400
    assert {one.levelname for one in caplog.records} <= {"WARNING"}
    assert "birth_date" not in caplog.text
