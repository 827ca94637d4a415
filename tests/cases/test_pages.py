"""Pages of a case: what each reader is shown and may do, and what nobody but HR reads."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from promotion.cases.actions.check import Answer
from promotion.cases.models import Proceeding
from tests.cases.steps import REASON, Course

#: What only HR, auditors and the person read of the answers on protection, and what nobody who merely leads the person reads.
SECRET, STATEMENT = "CANARY-certificate", "CANARY-statement"


@pytest.fixture
def told(course: Course) -> Course:
    course.check(treatment=Answer(True, SECRET))
    course.serve()
    course.state(STATEMENT)
    course.demote()
    return course


@pytest.mark.parametrize(
    ("who", "status", "statement", "secret"),
    [
        ("K2041", 200, True, False), ("K1000", 200, True, False), ("gm", 200, True, False), ("auditor", 200, True, True),
        ("hr", 200, True, True), ("K1001", 200, False, False), ("hr-two", 404, False, False), ("K1002", 404, False, False),
        ("payroll", 403, False, False), ("operator", 403, False, False), ("K2031", 404, False, False),
    ],
)  # fmt: skip
def test_each_reads_what_is_theirs(told: Course, visitor, who: str, status: int, statement: bool, secret: bool) -> None:  # type: ignore[no-untyped-def]
    page = visitor(who).get(reverse("case", args=[told.row.pk]))
    text = page.content.decode()
    assert page.status_code == status
    assert (STATEMENT in text, SECRET in text) == (statement, secret)
    for address in ("case-evidence",):
        file = visitor(who).get(reverse(address, args=[told.row.pk]))
        assert (file.status_code == 200) == statement


def test_the_evidence_holds_what_its_reader_may_read_as_pdf_and_as_data(told: Course, visitor) -> None:  # type: ignore[no-untyped-def]
    for who, secret in (("K1000", False), ("hr", True), ("K2041", True)):
        file = visitor(who).get(reverse("case-evidence", args=[told.row.pk]))
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            data = json.loads(archive.read("case.json"))
            assert archive.read("case.pdf").startswith(b"%PDF")
        assert (SECRET in json.dumps(data)) == secret
        assert data["policy"]["digest"]
        assert data["run"]["digest"]
        assert data["ledger"][0]["hash"]


def test_a_case_goes_through_its_pages_to_an_appeal_that_succeeds(course: Course, visitor) -> None:  # type: ignore[no-untyped-def]
    pk = course.row.pk
    from promotion.cases.models import ProtectedBy

    hr = visitor("hr")
    hr.force_login(course.company.accounts["hr"])
    form = {"words": "All three months were reported."}
    assert hr.post(reverse("case-act", args=[pk, "check"]), form).status_code == 422
    for item in ProtectedBy:
        form |= {f"applies-{item}": "no", f"evidence-{item}": "seen"}
    assert hr.post(reverse("case-act", args=[pk, "check"]), form).status_code == 302
    assert hr.post(reverse("case-act", args=[pk, "serve"])).status_code == 302
    person, head, gm = visitor("K2041"), visitor("K1000"), visitor("gm")
    page = person.get(reverse("case", args=[pk])).content.decode()
    assert "2026-11-19" in page
    assert 'action="/cases/' in page
    file = SimpleUploadedFile("letters.txt", "五封信".encode())
    assert (
        person.post(reverse("case-act", args=[pk, "state"]), {"words": "Rebuilt.", "files": [file]}).status_code == 302
    )
    link = f"/cases/{pk}/files/{course.now.acts.get(act='stated').data['files'][0]['id']}/"
    assert head.get(link).status_code == 200
    assert visitor("K1001").get(link).status_code == 404
    assert (
        person.post(reverse("case-act", args=[pk, "decide"]), {"decision": "no_action", "words": REASON}).status_code
        == 403
    )
    wrong = {
        "decision": "demotion",
        "basis": "contract",
        "tier_on": "2026-11-20",
        "pay_on": "2027-01-01",
        "words": "短",
        "on_statement": "x",
    }
    assert head.post(reverse("case-act", args=[pk, "decide"]), wrong).status_code == 422
    right = {**wrong, "tier_on": "2027-01-01", "words": REASON}
    assert head.post(reverse("case-act", args=[pk, "decide"]), right).status_code == 302
    assert person.post(reverse("case-act", args=[pk, "appeal"]), {"words": "No."}).status_code == 302
    assert gm.post(reverse("case-act", args=[pk, "answer"]), {"upheld": "no", "words": REASON}).status_code == 302
    assert course.now.outcome == "overturned"


def test_hr_lists_courses_with_what_is_overdue_first_in_few_queries(
    told: Course, visitor, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    hr = visitor("hr")
    with django_assert_max_num_queries(12):
        page = hr.get(reverse("admin:courses"))
    assert page.status_code == 200
    assert "K2041" in page.content.decode()
    assert visitor("hr").get(reverse("admin:case", args=[told.row.pk])).status_code == 200
    assert SECRET not in visitor("hr-two").get(reverse("admin:courses")).content.decode()


def test_todos_and_reminders_name_whose_turn_it_is(course: Course) -> None:
    from promotion.cases.registered import _overdue, _todos

    assert [todo.key for todo in _todos(course.access("hr"))] == [f"case:{course.row.pk}:proposed"]
    course.served()
    assert [todo.due_on for todo in _todos(course.access("K2041"))] == [date(2026, 11, 19)]
    assert not list(_todos(course.access("K1000")))
    course.state()
    assert list(_todos(course.access("K1000")))
    assert not list(_todos(course.access("K2041")))
    late = list(_overdue(date(2026, 12, 20)))
    assert [one.owners for one in late] == [(course.company.accounts["K1000"].pk,)]
    assert Proceeding.objects.get(pk=course.row.pk).due_on == late[0].due_on


def test_a_list_says_whose_turn_it_is_and_until_when(course: Course, visitor) -> None:  # type: ignore[no-untyped-def]
    def turn() -> str:
        page = visitor("K2041").get("/cases/").content.decode()
        found = re.search(r'data-l="(?:轮到谁|Whose turn)"[^>]*>([^<]*)<', page)
        assert found
        return found[1]

    course.check()
    hr = turn()
    course.serve()
    served = turn()
    course.state()
    assert "2026-11-19" in served
    assert len({hr, served, turn()}) == 3
