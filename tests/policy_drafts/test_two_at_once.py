"""Two save the same draft, or settle it, in the same moment: one is first, the other is told so and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from policy.actions.draft_decide import decide_draft
from policy.actions.draft_save import save_draft
from policy.actions.draft_start import start_draft
from policy.actions.draft_submit import submit_draft
from policy.actions.draft_take_back import take_back_draft
from policy.actions.policy_publish import publish
from policy.drafting.text import with_value
from policy.models import PolicyDraft, PolicyVersion
from staff.kernel.access import Access, Refused
from tests.admin.conftest import Office, make_office
from tests.policy_drafts.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each: ``done``, or the code of its refusal."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            act()
        except Refused as refused:
            return refused.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_save_or_settle_at_once_one_is_first_and_the_other_is_told(fixed_day: None) -> None:
    office: Office = make_office()
    hr, other, gm = (office.access(role) for role in ("hr", "hr_sub", "gm"))
    draft = start_draft(access=hr, base=PolicyVersion.objects.get())
    texts = [
        with_value(draft.document, "readings", "exam_validity", "value", value) for value in ("6 months", "9 months")
    ]
    found = at_once(
        *(
            lambda access=access, text=text: save_draft(  # type: ignore[misc]
                access=access, draft_id=draft.pk, revision=1, text=text, now=NOW
            )
            for access, text in zip((hr, other), texts, strict=True)
        )
    )
    assert sorted(found) == ["conflict", "done"]
    draft.refresh_from_db()
    assert (draft.revision, draft.document) == (2, texts[found.index("done")])
    draft = submit_draft(access=hr, draft_id=draft.pk, revision=2, consultation="heard", now=NOW)
    found = at_once(
        lambda: decide_draft(
            access=gm, draft_id=draft.pk, submission=draft.submission, approve=True, reason="", now=NOW
        ),
        lambda: take_back_draft(access=hr, draft_id=draft.pk, now=NOW),
    )
    assert sorted(found) == ["done", "settled"]
    draft = PolicyDraft.objects.get()
    assert (draft.state, PolicyVersion.objects.count()) in (("approved", 2), ("draft", 1))
    text = draft.document.replace("policy: info-service", "policy: quite-new", 1)
    operator = Access.system(NOW.date(), "shell", channel="command")
    texts = [f"{text}# {which}\n" for which in "ab"]  # two first versions of a policy that has none
    found = at_once(*(lambda text=text: publish(access=operator, text=text) for text in texts))  # type: ignore[misc]
    assert found.count("done") == PolicyVersion.objects.filter(key="quite-new").count() >= 1
    assert set(found) <= {"done", "policy_version_number_once"}
