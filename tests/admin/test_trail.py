"""The trail says in words through which door an act came."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from staff.kernel import audit
from tests.admin.conftest import Office


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("admin", "管理后台"),
        ("web", "门户"),
        ("job", "任务"),
        ("command", "服务器"),
        ("invitation", "邀请链接"),
    ],
)
def test_the_door_of_an_act_is_told_in_words(office: Office, channel: str, words: str) -> None:
    access = replace(office.access("hr"), channel=channel)
    audit.record(access, "tested", object_type="test", object_key="E1")
    page = office.client("auditor").get(reverse("admin:staff_auditentry_changelist"), {"q": "tested"})
    (cell,) = re.findall(r'<td class="field-through.*?</td>', page.content.decode(), re.DOTALL)
    assert re.sub(r"<.*?>", "", cell, flags=re.DOTALL).split() == [words]
