"""The company loaded through the product's own doors, swept, and held against what its cast is there to show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.test import Client

from assessment.models import AssessmentMonth, Case, Chase, Doubt, Feedback, HandIn, Result
from assessment.models.corrections import Correction
from assessment.selectors.digest import digest_of
from assessment.selectors.needs import gaps
from assessment.selectors.windows import window
from payroll.actions.demo_seed import SWEPT, Seeded, rated_from, seed_demo
from payroll.demo.cast import Part, cast
from payroll.demo.departments import AFTER_SALES, ONLINE, TEAMS
from payroll.demo.desks import Sight, sights
from payroll.demo.logins import SEATS
from payroll.selectors import pay_lines
from promotion.applications.models import Appeal, Application, ApplicationKind, ApplicationState
from promotion.cases.models import Proceeding, ProceedingState
from promotion.ledger.models import LedgerLine, TierPeriod
from promotion.models import Run, Standing
from promotion.notices.models import NoticeEntry
from promotion.panels.models import Round, ScoreSheet
from promotion.panels.selectors import ties_to_decide, waiting_for_judge
from promotion.shortlist.models import Vacancy
from promotion.sweep.selectors import explanation_of, standing_of
from staff.actions.records_dump import dump_records
from staff.actions.records_load import load_records
from staff.kernel.access import Access
from staff.kernel.periods import Month, months_between
from staff.models import (
    Account,
    AuditEntry,
    Delegation,
    Department,
    DepartmentPeriod,
    Employee,
    SupervisorPeriod,
    Touch,
)
from staff.selectors.access import access_of
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = date(2026, 11, 24)
TALKS = {"S2001": "told", "S2002": "acknowledged", "O2011": "objected", "S2003": "answered", "O2013": "with_hr"}
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LAST = Month.parse("2026-10")


def seed() -> Seeded | None:
    access = Access.system(DAY, "operator", channel="command")
    return seed_demo(access=access, now=NOW, tell=lambda line: None, keep=lambda logins: None)


def seeded() -> Seeded:
    found = seed()
    assert found is not None
    return found


#: Loaded once for all that only look at it, each inside a savepoint, and rolled back.
company = kept(seeded, DAY)


#: Who stands where: application's state, then its step while it is under way.
WAYS = {
    "Q2001": "draft", "K2049": "nominated", "S2001": "open opinion", "K2048": "open review", "K2081": "open review",
    "K2025": "returned", "O2001": "open interview", "S2002": "open verification", "K2027": "open defence",
    "K2061": "open defence", "Q2003": "open competition", "Q2007": "open competition", "K2018": "open decision",
    "K2019": "open decision", "K2013": "open decision", "K2024": "open public_notice", "K2026": "open public_notice",
    "S2005": "open public_notice", "S2012": "open effect", "K2022": "effective", "S2011": "effective",
    "S2015": "withdrawn", "K2023": "declined", "K2014": "declined", "Q2004": "declined", "Q2006": "declined",
    "K2082": "halted",
}  # fmt: skip
#: Whose case stands where, with how it was closed.
COURSES = {
    "K2064": "proposed", "K2082": "proposed", "K2083": "checked", "K2084": "served", "K2085": "stated",
    "K2044": "closed no_action", "K2067": "closed no_action", "K2021": "planned", "K2086": "decided",
    "K2087": "appealed", "K2088": "upheld", "K2089": "closed overturned", "K2090": "effective", "K2091": "restoring",
    "O2021": "reassessed", "O2012": "arranged", "Q2005": "served",
}  # fmt: skip


def rules(findings: Any, verdict: str) -> frozenset[str]:
    """Measured rules with that verdict; what a person attests has no rule."""
    return frozenset(f"{f.clause.number} {f.rule}" for f in findings if f.rule and str(f.verdict) == verdict)


@pytest.mark.parametrize("part", cast(LAST), ids=lambda part: f"{part.person.no}-{part.outcome}")
def test_the_sweep_finds_of_the_cast_what_they_show(company: Seeded, part: Part) -> None:
    standing = standing_of(Employee.objects.get(employee_no=part.person.no).pk, LAST)
    if part.outcome is None:
        assert standing is None
        return
    assert standing is not None
    found = explanation_of(standing)
    assert (str(found.outcome), found.target) == (part.outcome, part.target)
    assert rules(found.conditions, "unmet") == part.unmet
    assert rules(found.conditions, "unknown") == part.unknown
    assert rules(found.triggers, "met") == part.fired
    assert rules(found.triggers, "unknown") == part.undecided


@pytest.mark.parametrize("sight", sights(LAST), ids=lambda sight: f"{sight.person.no}-{sight.policy}")
def test_the_other_policies_find_of_their_people_what_there_is_to_look_at(company: Seeded, sight: Sight) -> None:
    person = Employee.objects.get(employee_no=sight.person.no)
    result = Result.objects.filter(employee=person, policy=sight.policy, level="month", month=sight.month).first()
    if sight.found is None:
        assert result is None
    else:
        assert {name: getattr(result, name) for name in sight.found} == dict(sight.found)
    standing = standing_of(person.pk, LAST)
    found = standing and explanation_of(standing)
    assert ((str(found.outcome), found.target) if found else ("", None)) == (sight.outcome, sight.target)


def test_applications_stand_in_every_state_under_every_ladder(company: Seeded) -> None:
    rows = Application.objects.values_list("employee__employee_no", "state", "step")
    assert {number: f"{state} {step}".strip() for number, state, step in rows} == WAYS
    assert {words.split()[0] for words in WAYS.values()} == set(ApplicationState.values)
    assert set(Application.objects.values_list("kind", flat=True)) == set(ApplicationKind.values)
    assert set(Application.objects.values_list("version__key", flat=True)) == {
        "info-service", "after-sales", "tiered-exam", "parametric"
    }  # fmt: skip
    late = Application.objects.filter(state="open", due_on__lt=DAY).values_list("employee__employee_no", flat=True)
    assert list(late) == ["K2048"]
    appeals = Appeal.objects.values_list("application__employee__employee_no", "state")
    assert set(appeals) == {("K2023", "open"), ("Q2004", "dismissed")}


def test_rounds_are_arranged_under_way_tied_and_closed_with_minutes(company: Seeded) -> None:
    assert sorted(Round.objects.values_list("step", "state")) == [
        ("competition", "closed"), ("defence", "closed"), ("defence", "closed"), ("defence", "closed"),
        ("defence", "open"), ("verification", "arranged"), ("verification", "closed"), ("verification", "closed"),
    ]  # fmt: skip
    judge = Account.objects.get(username="G0002")
    sheets = ScoreSheet.objects.filter(judge__round__state="open")
    assert (sheets.filter(submitted_at=None).count(), sheets.exclude(submitted_at=None).count()) == (1, 8)
    assert waiting_for_judge(access_of(judge, DAY))
    assert ties_to_decide(access_of(Account.objects.get(username="G0001"), DAY)).count() == 1
    assert all(found.minutes for found in Round.objects.filter(state="closed"))


def test_notices_are_running_ended_and_held_by_an_objection(company: Seeded) -> None:
    found = {
        entry.employee_no: (entry.notice.state, entry.notice.ends_on < DAY, [o.state for o in entry.objections.all()])
        for entry in NoticeEntry.objects.select_related("notice").prefetch_related("objections")
    }
    assert found == {
        "K2022": ("ended", True, []), "S2011": ("ended", True, []), "S2012": ("ended", True, []),
        "S2005": ("posted", True, ["open"]), "K2024": ("posted", False, ["open"]), "K2026": ("posted", False, ["dismissed"]),
    }  # fmt: skip


def test_cases_stand_in_every_state_and_corrections_wait_and_are_approved(company: Seeded) -> None:
    rows = Proceeding.objects.values_list("case__employee__employee_no", "state", "outcome")
    assert {number: f"{state} {outcome}".strip() for number, state, outcome in rows} == COURSES
    assert {words.split()[0] for words in COURSES.values()} == set(ProceedingState.values)
    assert Proceeding.objects.get(case__employee__employee_no="O2012").protected
    corrections = Correction.objects.values_list("employee__employee_no", "state")
    assert set(corrections) == {("K2012", "requested"), ("K2091", "approved")}


def test_results_are_fed_back_in_every_state_and_somebody_stands_in_and_a_post_is_vacant(company: Seeded) -> None:
    talks = dict(Feedback.objects.values_list("employee__employee_no", "state"))
    assert talks == TALKS
    standing_in = Delegation.objects.filter(ended_at=None, period__contains=DAY)
    assert list(standing_in.values_list("holder__username", "deputy__username")) == [("G0008", "S0101")]
    assert Delegation.objects.filter(ended_at=None, period__startswith__gt=DAY).count() == 1
    assert Delegation.objects.exclude(ended_at=None).count() == 1
    assert Vacancy.objects.get().state == "open"


def test_the_page_on_the_demonstration_names_everybody_under_way(company: Seeded) -> None:
    page = (Path(__file__).parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")
    told = page.split("## Applications, rounds, notices and cases")[1].split("## Under the other policies")[0]
    assert [number for number in {**WAYS, **COURSES, **TALKS} if number not in told] == []


def test_nothing_of_it_differs_from_what_was_written(company: Seeded) -> None:
    out = StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue() == "nothing differs\n"


def test_sealed_months_have_raised_cases_of_many_kinds_and_the_older_ordinary_ones_are_handled(company: Seeded) -> None:
    kinds = {(kind, level) for kind, level in Case.objects.values_list("kind", "level")}
    assert kinds >= {
        ("bonus", "month"), ("praise", "month"), ("training", "month"), ("warning_or_dismissal", "month"),
        ("resignation_clause", "month"), ("demotion", "month"), ("team_fund", "quarter"), ("improvement_plan", "quarter"),
        ("bonus", "year"), ("certificate", "year"), ("annual_excellent", "year"), ("raise_priority", "year"),
    }  # fmt: skip
    handled = Case.objects.filter(state="done", proceeding=None)
    assert set(handled.values_list("kind", flat=True)) == {"bonus", "praise", "training"}
    assert max(handled.values_list("month", flat=True)) == LAST - 3


def test_the_year_names_its_best_and_a_quarter_its_teams(company: Seeded) -> None:
    def named(kind: str, whose: str) -> set[str]:
        return set(Case.objects.filter(kind=kind).values_list(f"{whose}__name", flat=True))

    assert named("annual_excellent", "employee") == {"云舟", "景行"}
    assert (named("team_fund", "department"), named("improvement_plan", "department")) == ({ONLINE[0]}, {ONLINE[2]})


def test_a_year_of_sweeps_lies_behind(company: Seeded) -> None:
    standings = Standing.objects.current().filter(employee__name="孟夏").order_by("-month")
    months = list(standings.values_list("month", flat=True))
    assert (months[0], len(months)) == (LAST, SWEPT)


def test_older_months_are_sealed_with_their_runs_of_record_and_the_last_is_under_way(company: Seeded) -> None:
    sealed = AssessmentMonth.objects.filter(state="sealed")
    assert {row.month for row in sealed} == set(months_between(rated_from(LAST), LAST.previous))
    assert {row.digest for row in sealed} == {digest_of(row.month).sha256 for row in sealed}
    swept = Run.objects.filter(state="done", of_record=True).values_list("month", flat=True)
    assert set(swept) == {LAST - back for back in range(1, SWEPT)}
    assert not Run.objects.filter(month=LAST, of_record=True).exists()
    assert window(LAST).open_on(DAY)
    assert window(LAST).last == date(2026, 11, 30)
    missing = [gap.supervisor_id for gap in gaps(Access.system(DAY, "test"), LAST)]
    assert Chase.objects.get().supervisor_id == max(set(missing), key=missing.count)
    assert HandIn.objects.get().supervisor.name == "贺宁"
    assert sorted(Doubt.objects.values_list("state", flat=True)) == ["raised", "with_hr"]


def test_everybody_stands_where_the_company_has_them(company: Seeded) -> None:
    placed = dict(
        DepartmentPeriod.objects.filter(period__contains=LAST.last_day).values_list(
            "employee__employee_no", "department__name"
        )
    )
    for person in company.company.people:
        expected = person.moves[-1].department if person.moves else person.department
        if person.hired_on <= LAST.last_day and person.left_on is None:
            assert placed[person.no] == expected


def test_tiers_are_those_of_the_ledger(company: Seeded) -> None:
    held = dict(TierPeriod.objects.filter(period__contains=LAST.last_day).values_list("employee__employee_no", "tier"))
    for person in company.company.people:
        if person.hired_on <= LAST.last_day:
            assert held.get(person.no) == person.tier_on(LAST.last_day), person.no
    assert LedgerLine.objects.filter(kind="demotion").count() == 3


def test_lin_xiao_was_supervised_by_he_ning_until_her_transfer(company: Seeded) -> None:
    def supervisor(day: date) -> str:
        return SupervisorPeriod.objects.get(employee__employee_no="K2031", period__contains=day).supervisor.name

    assert (supervisor(date(2026, 8, 31)), supervisor(date(2026, 9, 1))) == ("贺宁", "周岚")


def test_every_department_has_its_head_and_a_team_has_none(company: Seeded) -> None:
    without = Department.objects.filter(head__isnull=True).values_list("name", flat=True)
    assert sorted(without) == sorted([*TEAMS, *AFTER_SALES, *ONLINE])


def test_a_login_for_each_role_opens_and_holds_that_role(company: Seeded) -> None:
    assert [login.username for login in company.logins] == [seat.number for seat in SEATS]
    assert len({login.password for login in company.logins}) == len(SEATS)
    for seat, login in zip(SEATS, company.logins, strict=True):
        account = authenticate(username=login.username, password=login.password)
        assert account is not None, login.username
        assert seat.role in access_of(account, DAY).roles  # type: ignore[arg-type]


def test_the_pay_run_pays_every_tier_and_the_leaver_of_the_month(company: Seeded) -> None:
    access = Access.system(DAY, "operator", channel="command")
    lines = {
        (line.employee_no, line.component): line.amount for line in pay_lines(access, LAST) if line.amount is not None
    }
    levels = {number: amount for (number, component), amount in lines.items() if component == "level_pay"}
    assert {int(amount) for amount in levels.values()} == {1000, 1200, 1300}
    assert levels["K2073"] == 1000
    assert "K2072" not in levels
    assert (lines["R2003", "star_bonus"], lines["Q2001", "bonus"]) == (500, 200)


def test_a_second_time_changes_nothing(company: Seeded) -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (Employee, Touch, AuditEntry, LedgerLine)]

    before = counts()
    assert seed() is None
    assert counts() == before


def test_its_dump_loads_again_without_a_change(company: Seeded, tmp_path: Path) -> None:
    access = Access.system(DAY, "operator", channel="command")
    dump_records(access=access, folder=tmp_path)
    touched = Touch.objects.count()
    for report in load_records(access=access, paths=[tmp_path]):
        assert [(table.table, table.added, table.changed) for table in report.tables] == [
            (report.tables[0].table, 0, 0)
        ]
    assert Touch.objects.count() == touched


@pytest.mark.parametrize("number", ["S2001", "O2011", "O0102", "Q2001", "R2003"])
def test_the_pages_of_people_under_other_policies_open(company: Seeded, client: Client, number: str) -> None:
    person = Employee.objects.get(employee_no=number)
    account = Account.objects.filter(employee=person).first()
    client.force_login(account or Account.objects.create(username=number, employee=person))
    pages = ["/me/", f"/my/months/{LAST.previous}/", "/my/results/", "/cases/", "/policies/"]
    if number == "O0102":
        pages += [f"/intake/{LAST}/", "/people/", "/people/O2011/", "/team/results/"]
    assert {page: client.get(page, follow=True).status_code for page in pages} == dict.fromkeys(pages, 200)
