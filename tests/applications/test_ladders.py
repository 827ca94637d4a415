"""Each ladder of the library is walked through the process of its own document: no step is named here that it does not name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessment.models import AssessmentMonth
from promotion.admin.dues import counted, waiting
from promotion.applications.actions.decide import approve
from promotion.applications.actions.draft_save import open_draft, save_draft
from promotion.applications.actions.exam_confirm import confirm_exam
from promotion.applications.actions.opine import opine
from promotion.applications.actions.review import review
from promotion.applications.actions.submit import submit
from promotion.applications.actions.take_effect import take_effects
from promotion.applications.attesting import Answer, asked_at
from promotion.applications.exams import exams_to_confirm, with_standings
from promotion.applications.models import Application
from promotion.applications.process import by_confirmation, step_of, transition_of
from promotion.applications.selectors import PipelineFilter
from promotion.models import LedgerLine, TierPeriod
from promotion.notices.actions.notice_end import end_due_notices
from promotion.notices.actions.notice_post import post_notice
from promotion.notices.letter import letter_of, printable
from promotion.notices.models import Notice
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.round_arrange import Sitting, arrange_round
from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.actions.sheet_submit import submit_sheet
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month
from staff.models import Account, Employee
from staff.selectors.access import access_of
from tests.company import Company, operator
from tests.panels.conftest import points

pytestmark = pytest.mark.django_db
OCTOBER, TODAY = Month.parse("2026-10"), date(2026, 11, 12)
OPENS = datetime(2026, 11, 12, 1, 0, tzinfo=timezone.get_default_timezone())
X = {
    "tenure_years": "1 year", "satisfaction_rate": "90%", "complaint_resolution_rate": "90%",
    "avg_handling_minutes": "10 minutes", "exam_score": "80 points", "raise_one_level": "10%", "raise_two_levels": "20%",
    "leave_days": "3 days", "notice_working_days": "7 days", "evaluation_months": "3 months",
}  # fmt: skip


@dataclass(frozen=True)
class Road:
    """``months``: what is reported of each month; ``events``: kind → the day and what else is said. ``passes`` is a total over
    the bar of the panel; ``notice`` in working days.
    """

    policy: str
    tier: str
    to: str
    steps: list[str]
    passes: str = "90"
    months: Mapping[str, Any] = field(default_factory=dict)
    events: Mapping[str, tuple[date, dict[str, Any]]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    notice: int = 5
    letter: bool = False


def exam(subject: str, score: int = 90) -> tuple[date, dict[str, Any]]:
    return date(2026, 6, 18), {"subject": subject, "status": "passed", "quantity": score}


ROADS = [
    Road(
        "info-service", "regular", "star", ["review", "decision", "public_notice", "effect"],
        months={"excellent_cases": 1, "keywords_online": 2}, events={"exam": exam("star")},
    ),
    Road(
        "info-service", "star", "diamond", ["review", "defence", "decision", "public_notice", "effect"],
        months={"excellent_cases": 1, "keywords_online": 2}, events={"exam": exam("diamond")},
    ),
    Road("tiered-exam", "level2", "level3", ["competition", "review", "decision", "public_notice", "effect"]),
    Road(
        "parametric", "p1", "p2", ["opinion", "review", "interview", "decision", "public_notice", "effect"], values=X,
        months={"satisfaction_rate": 95, "complaint_resolution_rate": 95, "avg_handling_minutes": 5},
        events={"exam": exam("p2")}, notice=7,
    ),
    Road(
        "after-sales", "junior", "intermediate", ["opinion", "verification", "decision", "public_notice", "effect"],
        months={"assessment_score": 92}, letter=True,
    ),
]  # fmt: skip


class Walk:
    """A person of a department with a supervisor, a head, HR, a general manager and judges from elsewhere."""

    def __init__(self, road: Road) -> None:
        self.road, self.company = road, Company(policy="")
        self.company.adopt(road.policy, **road.values)
        head, boss = self.company.person(""), self.company.person("")
        self.company.department.head = head
        self.company.department.save()
        self.person = self.company.person(
            road.tier, ladder=road.policy, supervisor=boss, tier_since=date(2024, 1, 1), hired_on=date(2023, 1, 1)
        )
        self.known = dict(self.account(name, at) for name, at in (("own", self.person), ("head", head), ("boss", boss)))
        self.known |= dict(self.account(role, None, role) for role in ("hr", "gm"))
        self.judges = [self.account(f"judge-{at}", None)[1] for at in range(5)]
        for metric, value in road.months.items():
            self.company.every_month(self.person, metric, value, "2025-11", "2026-10")
        for kind, (day, more) in road.events.items():
            self.company.event(self.person, kind, day, **more)
        if road.policy == "info-service":
            for at in range(5):
                self.company.event(
                    self.person, "keyword_online", date(2026, 6 + at, 4), subject=f"customer {at}", quantity=2
                )
        AssessmentMonth.objects.create(
            month=OCTOBER, state="sealed", sealed_at="2026-11-11T02:00:00+08:00", digest="0" * 64
        )
        run_sweep(access=operator(TODAY), month=OCTOBER)

    def account(self, name: str, employee: Employee | None, role: str = "") -> tuple[str, Account]:
        account = Account.objects.create(username=name, employee=employee)
        if role:
            account.grants.create(role=role, period=(date(2026, 1, 1), None), by_operator_command=True, reason="test")
        return name, account

    def of(self, who: str) -> Access:
        return access_of(self.known[who], TODAY)

    def begins(self) -> Application:
        draft = self.drafted()
        if draft is None:
            return confirm_exam(access=self.of("hr"), employee=self.person)
        save_draft(access=self.of("own"), application=draft, summary="half a year", results="four cases")
        return submit(access=self.of("own"), application=draft)

    def drafted(self) -> Application | None:
        """None where the document has nobody apply."""
        if self.road.tier == "regular":
            with pytest.raises(Refused) as refused:
                open_draft(access=self.of("own"))
            assert refused.value.code == "by_confirmation"
            return None
        return open_draft(access=self.of("own"))

    def takes(self, row: Application) -> None:
        """Whoever acts at the step where it stands."""
        answers = {clause.number: Answer(True, "seen") for clause in asked_at(row, row.step)}
        if row.step == "opinion":
            opine(access=self.of("boss"), application=row, words="well", answers=answers)
        elif row.step == "review":
            review(access=self.of("head"), application=row, answers=answers)
        elif row.step == "decision":
            approve(access=self.of("gm"), application=row, words="agreed", answers=answers)
        elif row.step == "public_notice":
            self.posts(row)
        elif row.step == "effect":
            assert row.effective_on == date(2026, 12, 1)
            assert take_effects(access=Access.system(row.effective_on - timedelta(days=1), "nightly")) == 0
            assert take_effects(access=Access.system(row.effective_on, "nightly")) == 1
        else:
            self.judges_it(row)

    def judges_it(self, row: Application) -> None:
        step = step_of(row, row.step)
        size = (step.panel if step else None) or 3
        found = arrange_round(
            access=self.of("hr"), applications=[row.pk], now=OPENS,
            judges=[account.pk for account in self.judges[:size]],
            sitting=Sitting(
                self.company.department, OPENS, OPENS + timedelta(hours=9),
                vacancies=1 if row.step == "competition" else None,
            ),
        )  # fmt: skip
        seats = [seat.account for seat in found.judges.select_related("account")]
        for account in seats:
            declare(access=access_of(account, TODAY), round_id=found.pk, conflict=False, now=OPENS)
        open_round(access=self.of("hr"), round_id=found.pk, now=OPENS)
        for account in seats:
            submit_sheet(
                access=access_of(account, TODAY), round_id=found.pk, ordinal=1, comment="well", typed=OPENS, now=OPENS,
                points=points(found, self.road.passes),
            )  # fmt: skip
        close_round(access=self.of("hr"), round_id=found.pk, minutes="asked", now=OPENS)

    def posts(self, row: Application) -> None:
        notice = post_notice(access=self.of("hr"), applications=[row.pk])
        assert notice.days == self.road.notice
        assert end_due_notices(access=Access.system(notice.ends_on, "nightly")) == 0
        assert end_due_notices(access=Access.system(notice.ends_on + timedelta(days=1), "nightly")) == 1


@pytest.mark.parametrize("road", ROADS, ids=lambda road: f"{road.policy} {road.tier}")
def test_a_ladder_is_climbed_by_the_process_of_its_own_document(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    walk = Walk(road)
    row = walk.begins()
    assert by_confirmation(transition_of(row)) is (road.tier == "regular")
    gone = []
    while row.state == "open":
        gone.append(row.step)
        walk.takes(row)
        row = Application.objects.select_related("employee", "version").get(pk=row.pk)
    assert (row.state, gone) == ("effective", road.steps)
    line = LedgerLine.objects.get(employee=walk.person, kind="promotion")
    assert (row.line_id, line.from_tier, line.to_tier) == (line.pk, road.tier, road.to)
    assert TierPeriod.objects.get(employee=walk.person, period__contains=line.effective_on).tier == road.to
    assert Notice.objects.get().state == "ended"
    if road.letter:
        assert printable(walk.of("hr")).get() == row
        letter = letter_of(row)
        assert (letter.clause, letter.line, letter.notice) == ("五.5", line.seq, Notice.objects.get().number)


def test_an_exam_waits_for_hr_to_confirm_it_just_while_that_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    walk = Walk(next(road for road in ROADS if road.tier == "regular"))
    hr = walk.of("hr")
    [(who, standing)] = [(one.employee, one.standing) for one in with_standings(list(exams_to_confirm(hr)))]
    assert (who, standing.tier, standing.target, standing.month) == (walk.person, "regular", walk.road.to, OCTOBER)
    department = walk.company.department.pk
    for fits in (PipelineFilter(policy=walk.road.policy), PipelineFilter(departments=frozenset({department}))):
        assert list(exams_to_confirm(hr, fits)) == [walk.person]
    for misses in (
        PipelineFilter(policy="tiered-exam"),
        PipelineFilter(departments=frozenset()),
        PipelineFilter(words="nobody"),
        PipelineFilter(overdue=True),
    ):
        assert list(exams_to_confirm(hr, misses)) == []
    assert list(exams_to_confirm(walk.of("gm"))) == list(exams_to_confirm(walk.of("own"))) == []
    row = walk.begins()
    assert list(exams_to_confirm(hr)) == []
    Application.objects.filter(pk=row.pk).update(state="halted", step="", reason="r", closed_at=timezone.now())
    assert list(exams_to_confirm(hr)) == []
    Application.objects.filter(pk=row.pk).update(standing_month=OCTOBER - 1)
    assert list(exams_to_confirm(hr)) == [walk.person]
    TierPeriod.objects.filter(employee=walk.person).delete()
    assert list(exams_to_confirm(hr)) == []


def test_no_exam_waits_where_the_person_applies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    walk = Walk(next(road for road in ROADS if road.policy == "info-service" and road.tier != "regular"))
    assert list(exams_to_confirm(walk.of("hr"))) == []


def test_hr_confirms_those_chosen_from_the_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    walk = Walk(next(road for road in ROADS if road.tier == "regular"))
    hr = Client()
    hr.force_login(walk.known["hr"])
    found = {key: n for rows in counted(walk.of("hr")) for key, n, _fresh in rows}
    assert found["exams_to_confirm"] == 1
    assert any(one.url.endswith("/admin/applications/?step=exam") for one in waiting({"exams_to_confirm": 1}))
    page = hr.get("/admin/applications/?step=exam").content.decode()
    assert f'name="person" value="{walk.person.pk}"' in page
    chosen = {"person": walk.person.pk, "filters": "step=exam"}
    assert hr.post("/admin/applications/confirm-chosen/", chosen).headers["Location"].endswith("?step=exam")
    assert Application.objects.get().kind == "confirmed"
    hr.post("/admin/applications/confirm-chosen/", chosen)
    assert Application.objects.count() == 1
    assert f'value="{walk.person.pk}"' not in hr.get("/admin/applications/?step=exam").content.decode()
