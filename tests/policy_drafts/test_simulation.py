"""What a draft would change for whom: nothing for an unchanged one, exactly those whom a changed reading turns."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.actions.results_assess import assess_month
from assessment.models import Result
from assessment.selectors.draft_results import ScoreSimulation, rescored
from policy import catalogue, library
from policy.actions.draft_save import save_draft
from policy.actions.draft_start import start_draft
from policy.drafting.difference import changed_values, difference
from policy.drafting.effects import EffectRequest
from policy.drafting.text import with_value
from policy.language import load_document
from policy.models import PolicyVersion
from promotion.models import Standing
from promotion.sweep.actions.sweep_run import run_sweep
from promotion.sweep.simulation import Simulation, simulated
from tests.admin.conftest import MONTH, Office
from tests.assessment.results.test_assess import marks
from tests.company import operator
from tests.policy_drafts.conftest import NOW


def simulate(office: Office, text: str, role: str = "hr") -> Simulation:
    draft, base = (load_document(each, catalogue.current()) for each in (text, library.text("info-service")))
    changed = frozenset(changed_values(difference(base, draft)))
    found = simulated(EffectRequest(office.access(role), draft, changed))
    assert found is not None
    return found


@pytest.fixture
def swept(office: Office) -> Office:
    """Three upheld complaints about each of two people: within six months of ``own``, for ``other`` half of them before."""
    for day in (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)):
        office.company.event(office.own, "complaint", day, status="upheld")
    for day in (date(2025, 12, 1), date(2026, 1, 1)):
        office.company.event(office.other, "complaint", day, status="upheld")
    run_sweep(access=operator(), month=MONTH)
    return office


def test_an_unchanged_draft_changes_nobody_also_after_later_facts(swept: Office) -> None:
    swept.company.event(swept.boss, "major_misconduct", date(2026, 10, 5), status="upheld")
    found = simulate(swept, library.text("info-service"))
    assert (found.month, found.changed, found.moved) == (MONTH, 0, ())
    assert found.people == Standing.objects.current().filter(month=MONTH).count() == 3


def test_a_changed_reading_changes_exactly_those_and_stores_nothing(swept: Office) -> None:
    before = list(Standing.objects.values().order_by("employee"))
    text = with_value(library.text("info-service"), "readings", "demotion_complaints", "value", "6 months")
    found = simulate(swept, text)
    assert [
        (m.employee_no, str(m.before.outcome), str(m.after.outcome)) for m in found.moved if m.before and m.after
    ] == [(swept.other.employee_no, "demotion_proposed", "not_yet")]
    assert found.changed == 1
    assert list(Standing.objects.values().order_by("employee")) == before
    assert simulate(swept, text, "gm").changed == 1
    of_a_team = simulate(swept, text, "hr_sub")  # the first team, where own and the supervisor are
    assert (of_a_team.changed, of_a_team.people) == (0, 2)


def test_a_number_that_no_column_holds_is_told_and_the_page_stands(swept: Office) -> None:
    """Fifteen digits a number are allowed; their product is more than the evidence can keep."""
    rule = "count(complaint, complaint_period)"
    text = library.text("info-service").replace(rule, f"{rule} * 900000000000000 * 900000000000000")
    assert simulate(swept, text).too_large
    draft = start_draft(access=swept.access("hr"), base=PolicyVersion.objects.get())
    save_draft(access=swept.access("hr"), draft_id=draft.pk, revision=1, text=text, now=NOW)
    answer = swept.client("hr").get(reverse("admin:policy-draft-effect", args=[draft.pk]))
    assert "too large to be kept" in answer.content.decode() or "过大" in answer.content.decode()


def test_the_page_names_whom_a_draft_changes_and_why(swept: Office) -> None:
    access = swept.access("hr")
    draft = start_draft(access=access, base=PolicyVersion.objects.get())
    text = with_value(draft.document, "readings", "demotion_complaints", "value", "6 months")
    save_draft(access=access, draft_id=draft.pk, revision=1, text=text, now=NOW)
    body = swept.client("hr").get(reverse("admin:policy-draft-effect", args=[draft.pk])).content.decode()
    for words in (swept.other.name, swept.other.employee_no, "八.2: 3 → 1 (&gt; 2)"):
        assert words in body
    assert swept.own.name not in body


def test_a_drafts_pages_take_the_same_few_queries_whoever_is_governed(swept: Office) -> None:
    draft = start_draft(access=swept.access("hr"), base=PolicyVersion.objects.get())
    client = swept.client("hr")
    urls = [
        reverse("admin:policy-draft", args=[draft.pk]),
        reverse("admin:policy-draft-effect", args=[draft.pk]),
        reverse("admin:policy_policyversion_change", args=[draft.base_id]),
        reverse("policies"),
        reverse("policy", args=["info-service", 1]),
    ]

    def count() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
        return found

    few = count()
    for n in range(12):
        swept.company.person("star", no=f"Z{n:03d}", department=swept.first)
    run_sweep(access=operator(), month=MONTH)
    assert count() == few
    assert max(few) <= 26


def test_of_a_scorecard_exactly_those_results_are_told_that_the_draft_changes(office: Office) -> None:
    office.company.adopt("grade-and-wage", date(2026, 1, 1), office.company.department)
    for person, total in ((office.own, 95), (office.other, 91), (office.boss, 70)):
        marks(office.company, person, total, "2026-10")
    assess_month(access=operator(), month=MONTH)
    stored = list(Result.objects.values().order_by("pk"))
    text = library.text("grade-and-wage")

    def told(text: str, role: str = "hr") -> ScoreSimulation:
        draft, base = (load_document(each, catalogue.current()) for each in (text, library.text("grade-and-wage")))
        changed = frozenset(changed_values(difference(base, draft)))
        found = rescored(EffectRequest(office.access(role), draft, changed))
        assert found is not None
        return found

    assert (told(text).changed, told(text).people, told(text).month) == (0, 3, MONTH)
    harder = with_value(text, "readings", "a_from", "value", "93 points")
    found = told(harder)
    assert [
        (one.employee_no, one.before and one.before.grade, one.after and one.after.grade) for one in found.moved
    ] == [(office.other.employee_no, "A", "B")]
    assert (found.changed, told(harder, "hr_sub").changed) == (1, 0)
    assert list(Result.objects.values().order_by("pk")) == stored
