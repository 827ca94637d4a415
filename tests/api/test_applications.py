"""Applications as programs read them: each reader's own part of the way, and of a panel nothing before it has closed."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from promotion.applications.models import Application, ApplicationEvent
from tests.api.conftest import Program, Programs, faults
from tests.applications.planted import sat_before_a_panel, withdrawn_by
from tests.applications.test_way import Way
from tests.web.company import Company

WHO = "K2032"


def shown(who: Program, row: Application) -> dict[str, object]:
    found: dict[str, object] = who.get(f"/applications/{row.pk}").json()
    return found


def test_one_that_is_under_way_tells_its_steps_and_until_when(company: Company, program: Programs) -> None:
    row = Way(company).handed_in()
    hr = program("hr")
    listed = hr.get("/applications", state="open", step="review", policy="info-service", employee_no=WHO).json()
    assert [(one["number"], one["step"], one["month"]) for one in listed["results"]] == [
        (row.number, "review", "2026-10")
    ]
    assert hr.get("/applications", step="defence").json()["count"] == 0
    whole = shown(hr, row)
    assert [(stop["step"], stop["state"]) for stop in whole["steps"]][:3] == [  # type: ignore[attr-defined]
        ("application", "done"), ("review", "now"), ("defence", "todo"),
    ]  # fmt: skip
    assert whole["due_on"] == row.due_on.isoformat()
    assert [event["act"] for event in whole["events"]] == ["opened", "submitted"]  # type: ignore[attr-defined]


def test_what_is_not_the_persons_to_read_is_left_out_for_them(company: Company, program: Programs) -> None:
    row = Way(company).handed_in()
    ApplicationEvent.objects.create(application=row, act="returned", step="review", words="CANARYWORDS", public=False)
    assert "CANARYWORDS" in str(shown(program("hr"), row))
    assert "CANARYWORDS" not in str(shown(program(WHO), row))


def test_a_panels_total_is_told_after_closing_to_the_person_and_to_whoever_reads_rounds(
    company: Company, program: Programs
) -> None:
    row = withdrawn_by(company.people[WHO])
    sitting = sat_before_a_panel(row, "open").round
    who = {name: program(name) for name in (WHO, "K1001", "K1000", "hr", "gm", "auditor")}
    assert all(shown(one, row)["rounds"] == [] for one in who.values())
    type(sitting).objects.filter(pk=sitting.pk).update(state="closed", closed_at=row.closed_at)
    told = {name for name, one in who.items() if "71.23" in str(shown(one, row)["rounds"])}
    assert told == {WHO, "K1000", "hr", "gm", "auditor"}
    [result] = shown(who["K1001"], row)["rounds"]  # type: ignore[misc]
    assert set(result) == {"round", "step", "closed_at"}


def test_a_list_takes_as_many_queries_for_many_as_for_one(company: Company, program: Programs) -> None:
    hr = program("hr")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert hr.get("/applications").status_code == 200
        return len(queries)

    withdrawn_by(company.people[WHO])
    count()
    few = count()
    for person in company.people.values():
        withdrawn_by(person)
    assert count() == few <= 12


def test_a_misspelt_filter_is_refused(company: Company, program: Programs) -> None:
    assert faults(program("hr").get("/applications", stage="review")) == [("stage", "invalid")]
    assert program("hr").post("/applications", {}).status_code in {403, 405}
