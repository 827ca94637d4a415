"""A draft from its beginning to its day: written, checked, handed in with how employees were heard, decided by another."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from policy import library
from policy.actions.adoption_decide import decide_adoption
from policy.actions.adoption_request import withdraw_request
from policy.actions.adoption_withdraw import withdraw_adoption
from policy.actions.draft_decide import decide_draft
from policy.actions.draft_discard import discard_draft
from policy.actions.draft_rebase import rebase_draft
from policy.actions.draft_save import save_draft
from policy.actions.draft_submit import Destination, submit_draft
from policy.actions.draft_take_back import take_back_draft
from policy.actions.policy_publish import publish
from policy.drafting.text import with_value
from policy.models import Adoption, PolicyDraft, PolicyVersion
from staff.kernel.access import Forbidden, Refused
from staff.models import AuditEntry, RoleGrant
from staff.selectors.access import access_of
from tests.admin.conftest import Office
from tests.admin.test_people_forms import errors, post
from tests.company import LADDER, TODAY, operator
from tests.policy_drafts.conftest import NOW

FIRST = date(2026, 12, 1)
CHINESE = {"accept-language": "zh-hans"}
HEARD = "2026-11-02 职工代表会讨论，无异议"


def changed(text: str, value: str = "6 months") -> str:
    return with_value(text, "readings", "complaint_period", "value", value)


def saved(office: Office, draft: PolicyDraft, text: str | None = None) -> PolicyDraft:
    text = changed(draft.document) if text is None else text
    return save_draft(access=office.access("hr"), draft_id=draft.pk, revision=draft.revision, text=text, now=NOW)


def submitted(office: Office, draft: PolicyDraft, **how: Any) -> PolicyDraft:
    draft = saved(office, draft)
    given = {"consultation": HEARD, "places": [Destination(office.company.department)], "starts_on": FIRST, **how}
    return submit_draft(access=office.access("hr"), draft_id=draft.pk, revision=draft.revision, now=NOW, **given)


def decide(office: Office, draft: PolicyDraft, role: str = "gm", **how: Any) -> PolicyDraft:
    given = {"submission": draft.submission, "approve": True, "reason": "", "now": NOW, **how}
    return decide_draft(access=office.access(role), draft_id=draft.pk, **given)


def page(office: Office, draft: PolicyDraft, name: str = "policy-draft", role: str = "hr", **query: str) -> str:
    answer = office.client(role).get(reverse(f"admin:{name}", args=[draft.pk]), query, headers=CHINESE)
    assert answer.status_code == 200
    return answer.content.decode()


def read(body: str) -> str:
    """Where the draft's page, as it was read, leads to its approval."""
    found = re.search(r'href="([^"]*/approve/[^"]*)"', body)
    assert found
    return unescape(found[1])


def test_a_changed_reading_is_checked_submitted_approved_and_in_force_from_its_day(office: Office) -> None:
    hr, gm = office.client("hr"), office.client("gm")
    assert post(hr, "policy-draft-new", {}, LADDER).status_code == 302
    draft = PolicyDraft.objects.get()
    form = hr.get(reverse("admin:policy-draft-values", args=[draft.pk])).context["form"]
    data = {"revision": 1, "readings.complaint_period.value": "6 monhts"} | {
        f"initial-{name}": field.initial for name, field in form.fields.items() if name != "revision"
    }
    data = {f"{name}": field.initial for name, field in form.fields.items() if name != "revision"} | data
    assert post(hr, "policy-draft-values", data, draft.pk).headers["Location"].endswith("/values/")
    body = page(office, draft, "policy-draft-values")
    line = library.text(LADDER)[: library.text(LADDER).index("complaint_period:")].count("\n") + 2
    assert re.search(rf'field wrong">.*?name="readings.complaint_period.value".*?#L{line - 1}">{line}:\d+ ', body, re.S)
    whole = page(office, draft)
    assert f'href="{reverse("admin:policy-draft-text", args=[draft.pk])}#L{line}"' in whole
    assert "aria-disabled" in whole
    data |= {"revision": 2, "readings.complaint_period.value": "6 months",
             "initial-readings.complaint_period.value": "6 monhts"}  # fmt: skip
    assert post(hr, "policy-draft-values", data, draft.pk).headers["Location"].endswith(f"/{draft.pk}/")
    whole = page(office, draft)
    for words in ("12 个月", "6 个月", "四.2.9、四.3.8"):
        assert words in whole
    asked = {"revision": 3, "consultation": HEARD, "starts_on": "2026-12-01",
             "departments": [office.company.department.pk], "other": ""}  # fmt: skip
    answer = post(hr, "policy-draft-submit", asked, draft.pk)
    assert answer.status_code == 302, errors(answer)
    for words in (HEARD, "2026-12-01", reverse("admin:policy-draft-approve", args=[draft.pk])):
        assert words in page(office, draft, role="gm")
    answer = gm.post(read(page(office, draft, role="gm")), {"reason": "agreed"})
    assert answer.status_code == 302, errors(answer)
    earlier, later = Adoption.objects.order_by("period")
    assert earlier.period.upper == later.period.lower == FIRST
    assert (later.version.number, later.version.document) == (2, changed(library.text(LADDER)))
    assert (later.adopted_by, later.approved_by, later.consultation) == (
        office.accounts["hr"], office.accounts["gm"], HEARD,
    )  # fmt: skip
    draft.refresh_from_db()
    assert (draft.state, draft.version, draft.decided_by) == ("approved", later.version, office.accounts["gm"])
    acts = AuditEntry.objects.filter(object_type="policy_draft").order_by("pk").values_list("action", flat=True)
    assert [act.removeprefix("policy_draft_") for act in acts] == [
        "started", "saved", "saved", "submitted", "approved",
    ]  # fmt: skip
    compared = (
        office.client("gm")
        .get(reverse("admin:policy-difference", args=[LADDER, 1, 2]), headers=CHINESE)
        .content.decode()
    )
    assert "6 个月" in compared


def test_a_text_is_saved_with_its_faults_and_each_stands_at_its_line(office: Office, draft: PolicyDraft) -> None:
    text = draft.document.replace("completed(tenure_from) >= 1 year", "completed(tenure_form) >= 1 year")
    text = text.replace("to: crown", "to: krone")
    answer = post(office.client("hr"), "policy-draft-text", {"revision": 1, "text": text}, draft.pk)
    assert answer.status_code == 302
    body = page(office, draft, "policy-draft-text")
    lines = [at for at, line in enumerate(text.split("\n"), 1) if "tenure_form" in line or "krone" in line]
    assert [f'id="L{line}" class="wrong"' in body for line in lines] == [True, True]
    draft.refresh_from_db()
    with pytest.raises(Refused, match=r"tenure_form") as refused:
        submit_draft(access=office.access("hr"), draft_id=draft.pk, revision=2, consultation=HEARD, now=NOW)
    assert refused.value.code == "faults"
    other = saved(office, draft, changed(draft.base.document).replace("policy: info-service", "policy: other"))  # type: ignore[union-attr]
    assert "other" in page(office, other)
    with pytest.raises(Refused, match="other"):
        submit_draft(access=office.access("hr"), draft_id=draft.pk, revision=3, consultation=HEARD, now=NOW)


def test_whoever_saves_an_older_revision_is_told_who_was_first_and_keeps_every_word(
    office: Office, draft: PolicyDraft
) -> None:
    client = office.client("hr_sub")
    form = client.get(reverse("admin:policy-draft-values", args=[draft.pk])).context["form"]
    seen = {name: field.initial for name, field in form.fields.items() if name != "revision"}
    data = {"revision": 1, **seen, **{f"initial-{name}": value for name, value in seen.items()}}
    data["readings.exam_validity.value"] = "9 months"
    saved(office, draft)
    answer = post(client, "policy-draft-values", data, draft.pk)
    assert (answer.status_code, str(office.accounts["hr"]) in answer.content.decode()) == (409, True)
    again = answer.context["form"]
    assert again["readings.exam_validity.value"].value() == "9 months"
    assert again["readings.complaint_period.value"].value() == "6 months"
    text = post(client, "policy-draft-text", {"revision": 1, "text": "policy: mine"}, draft.pk)
    assert (text.status_code, "policy: mine" in text.content.decode()) == (409, True)
    draft.refresh_from_db()
    assert (draft.revision, draft.editors) == (2, [office.accounts["hr"].pk])


def test_it_is_not_submitted_unheard_unchanged_into_the_past_or_against_an_older_version(
    office: Office, draft: PolicyDraft
) -> None:
    access, place = office.access("hr"), [Destination(office.company.department)]
    unchanged = {"access": access, "draft_id": draft.pk, "revision": 1, "consultation": HEARD, "now": NOW}
    with pytest.raises(Refused) as refused:
        submit_draft(**unchanged)  # type: ignore[arg-type]
    assert refused.value.code == "unchanged"
    draft = saved(office, draft)
    asked: dict[str, Any] = {**unchanged, "revision": 2}
    for more, code in (
        ({"consultation": " "}, "consultation"),
        ({"places": place, "starts_on": date(2026, 11, 9)}, "starts_on"),
        ({"places": place}, "starts_on"),
        ({"places": [Destination(office.company.department, {"nonsense": "1"})], "starts_on": FIRST}, "faults"),
        ({"revision": 1}, "conflict"),
    ):
        with pytest.raises(Refused) as refused:
            submit_draft(**{**asked, **more})
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        submit_draft(**{**asked, "access": office.access("hr_sub"), "places": place, "starts_on": FIRST})
    publish(access=operator(), text=changed(draft.document, "3 months"))
    with pytest.raises(Refused) as refused:
        submit_draft(**asked)
    assert refused.value.code == "base"
    rebase_draft(access=access, draft_id=draft.pk)
    assert "3 个月" in page(office, draft)
    assert submit_draft(**asked).waits


def test_nobody_publishes_what_they_wrote_in(office: Office, draft: PolicyDraft) -> None:
    hr, gm = office.accounts["hr"], office.accounts["gm"]
    period = RoleGrant.objects.get(account=hr).period
    RoleGrant.objects.create(account=hr, role="gm", period=period, by_operator_command=True, reason="both")
    RoleGrant.objects.create(account=gm, role="hr", period=period, by_operator_command=True, reason="both")
    save_draft(
        access=access_of(gm, TODAY), draft_id=draft.pk, revision=1, text=changed(draft.document, "9 months"), now=NOW
    )
    draft.refresh_from_db()
    draft = submitted(office, draft)
    for account in (hr, gm):
        with pytest.raises(Forbidden):
            decide_draft(access=access_of(account, TODAY), draft_id=draft.pk, submission=draft.submission, approve=True,
                         reason="", now=NOW)  # fmt: skip
        with pytest.raises(IntegrityError, match="policy_draft_maker_is_not_checker"), transaction.atomic():
            PolicyDraft.objects.filter(pk=draft.pk).update(
                state="approved", decided_by=account, version=PolicyVersion.objects.get(number=1)
            )
    for role in ("hr", "hr_sub", "auditor", "payroll"):
        with pytest.raises(Forbidden):
            decide(office, draft, role)
    assert PolicyVersion.objects.count() == 1


def test_returned_it_is_written_on_and_what_was_asked_is_withdrawn(office: Office, draft: PolicyDraft) -> None:
    draft = submitted(office, draft)
    with pytest.raises(Refused):
        decide(office, draft, approve=False)
    decide(office, draft, approve=False, reason="半年太短")
    assert "半年太短" in page(office, draft)
    asked = draft.requests.get()
    assert (asked.state, asked.decided_by) == ("withdrawn", None)
    draft.refresh_from_db()
    draft = saved(office, draft, changed(draft.document, "9 months"))
    again = submit_draft(
        access=office.access("hr"), draft_id=draft.pk, revision=draft.revision, consultation=HEARD, now=NOW
    )
    decide(office, again)
    assert PolicyVersion.objects.get(number=2).adoptions.count() == 0


def test_a_request_that_goes_with_a_draft_is_settled_with_it_alone(office: Office, draft: PolicyDraft) -> None:
    asked = submitted(office, draft).requests.get()
    for alone in (
        lambda: decide_adoption(access=office.access("gm"), request_id=asked.pk, approve=True, reason="", now=NOW),
        lambda: withdraw_request(access=office.access("hr"), request_id=asked.pk, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            alone()
        assert refused.value.code == "with_draft"
    take_back_draft(access=office.access("hr"), draft_id=draft.pk, now=NOW)
    asked.refresh_from_db()
    draft.refresh_from_db()
    assert (asked.state, draft.open) == ("withdrawn", True)


def test_what_was_sent_anew_since_it_was_read_is_not_approved(office: Office, draft: PolicyDraft) -> None:
    draft = submitted(office, draft)
    as_read = read(page(office, draft, role="gm"))
    take_back_draft(access=office.access("hr"), draft_id=draft.pk, now=NOW)
    draft = submit_draft(
        access=office.access("hr"), draft_id=draft.pk, revision=2, consultation=HEARD, now=NOW + timedelta(minutes=1)
    )
    for client, url in ((office.client("gm"), as_read), (office.client("gm"), as_read.partition("?")[0])):
        assert client.post(url, {"reason": ""}).status_code == 422
    draft.refresh_from_db()
    assert (draft.waits, PolicyVersion.objects.count()) == (True, 1)
    assert office.client("gm").post(read(page(office, draft, role="gm")), {"reason": ""}).status_code == 302


def test_what_adopt_refuses_leaves_the_draft_waiting_and_no_version(office: Office, draft: PolicyDraft) -> None:
    draft = submitted(office, draft, places=[Destination(office.company.root)])
    assert "有冲突" in page(office, draft, role="gm")
    answer = office.client("gm").post(read(page(office, draft, role="gm")), {"reason": ""})
    assert (answer.status_code, "submission=" in answer.request["QUERY_STRING"]) == (422, True)
    draft.refresh_from_db()
    assert (draft.waits, PolicyVersion.objects.count(), Adoption.objects.count()) == (True, 1, 1)


def test_a_settled_draft_is_written_no_more(office: Office, draft: PolicyDraft) -> None:
    discard_draft(access=office.access("hr"), draft_id=draft.pk, revision=1)
    with pytest.raises(Refused) as refused:
        saved(office, draft)
    assert refused.value.code == "settled"
    with pytest.raises(IntegrityError, match="not written any more"), transaction.atomic():
        PolicyDraft.objects.update(state="draft")


def test_an_adoption_to_come_is_withdrawn_until_its_day(
    office: Office, draft: PolicyDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(office, submitted(office, draft))
    later = Adoption.objects.get(version__number=2)
    url = reverse("admin:adoption-take-back", args=[later.pk])
    assert url in office.client("gm").get(reverse("admin:policy_adoption_change", args=[later.pk])).content.decode()
    for access, reason in ((office.access("gm"), " "), (access_of(office.accounts["gm"], FIRST), "too late")):
        with pytest.raises(Refused):
            withdraw_adoption(access=access, adoption_id=later.pk, reason=reason)
    with pytest.raises(Forbidden):
        withdraw_adoption(access=office.access("hr"), adoption_id=later.pk, reason="not mine")
    assert post(office.client("gm"), "adoption-take-back", {"reason": "推迟"}, later.pk).status_code == 302
    assert Adoption.objects.get().period.upper is None
    assert AuditEntry.objects.get(action="adoption_withdrawn").reason == "推迟"


def test_a_tenth_policy_takes_a_document_and_nothing_else(office: Office) -> None:
    client = office.client("hr")
    text = library.text("monthly-stars").replace("policy: monthly-stars", "policy: night-stars")
    sent = {"file": SimpleUploadedFile("night.yaml", text.encode()), "key": ""}
    assert client.post(reverse("admin:policy-draft-start"), sent).status_code == 302
    draft = PolicyDraft.objects.get(key="night-stars")
    draft = submit_draft(
        access=office.access("hr"), draft_id=draft.pk, revision=1, consultation=HEARD, now=NOW,
        places=[Destination(office.company.department)], starts_on=FIRST,
    )  # fmt: skip
    decide(office, draft)
    assert Adoption.objects.get(policy="night-stars").version.number == 1
    listed = client.get(reverse("admin:policy_policyversion_changelist")).content.decode()
    assert "night-stars" in listed
    assert client.get(reverse("admin:policy-library", args=["night-stars"])).status_code == 302
    assert post(client, "policy-draft-start", {"key": "day-shift"}).status_code == 302
    assert "day-shift" in PolicyDraft.objects.get(key="day-shift").document
    for bad in ({"key": ""}, {"key": "Day"}, {"key": "night-stars"}):
        assert post(client, "policy-draft-start", bad).status_code == 422
    for wrong in (b"\xff\xfe", b"a: [", b"policy: 9", b"x" * 70_000):
        answer = client.post(reverse("admin:policy-draft-start"), {"file": SimpleUploadedFile("x.yaml", wrong)})
        assert (answer.status_code, list(errors(answer))) == (422, ["file"])
