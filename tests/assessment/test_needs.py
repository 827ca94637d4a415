"""What a month needs from whom follows from the policies in force."""

from __future__ import annotations

from datetime import date, timedelta

from assessment.models import AcceptedGap, AssessmentMonth, Metric
from assessment.selectors.needs import completeness, gaps, metrics_needed, needs
from assessment.selectors.windows import Window, windows_of
from policy.actions.policy_adopt import adopt
from staff.kernel.periods import Month
from staff.models import Absence, Account, Employee
from staff.selectors.access import access_of
from tests.company import operator
from tests.web.company import MONTH, TODAY, Company


def of(company: Company, username: str) -> object:
    return access_of(Account.objects.get(username=username), TODAY)


def test_a_department_owes_what_its_policy_rests_on(company: Company) -> None:
    found = needs(MONTH)
    assert [need.policy for need in found] == ["info-service"]
    team = company.departments["信息客服一组"].pk
    assert [m.key for m in metrics_needed(found, [team])] == ["excellent_cases", "keywords_online"]
    assert metrics_needed(found, [company.departments["财务部"].pk]) == []
    assert needs(Month.parse("2016-12")) == []


def test_what_stands_in_for_a_total_is_owed_by_those_alone_whom_no_scorecard_rates(company: Company) -> None:
    office, later = company.departments["财务部"], MONTH + 1  # October is sealed

    def asked() -> list[str]:
        return [need.scope for need in needs(later) if "assessment_score" in {metric.key for metric in need.metrics}]

    adopt(access=operator(TODAY), key="after-sales", department=office, starts_on=later.first_day)
    assert asked() == [""]
    adopt(access=operator(TODAY), key="itemised-scorecard", department=office, starts_on=later.first_day)
    (scope,) = asked()
    assert "regularised_on" in scope
    assert scope.endswith("IS NOT TRUE")


def test_who_is_exempt_left_or_not_yet_here_owes_nothing(company: Company) -> None:
    missing = {(gap.employee_id, gap.metric_id) for gap in gaps(company.access, MONTH)}
    cases = Metric.objects.get(key="excellent_cases").pk
    owing = {pk for pk, metric in missing if metric == cases}
    numbers = {no for no, person in company.people.items() if person.pk in owing}
    # 孟夏 is away, 严冬 left, 许诺 comes in November, 白羽 and those who lead are on no ladder
    assert numbers == {"K2033"}


def test_gaps_are_those_of_ones_people_and_a_month_counts_them_by_team(company: Company) -> None:
    mine = gaps(of(company, "K1001"), MONTH)  # type: ignore[arg-type]
    boss = company.people["K1001"].pk
    assert {gap.supervisor_id for gap in mine} == {boss}
    every = [row for row in completeness(company.access, MONTH) if row.supervisor_id == boss]
    assert sum(row.missing for row in every) == len(mine)
    assert {row.expected for row in every} == {6}


def test_an_accepted_gap_is_marked(company: Company) -> None:
    later = MONTH + 1  # October is sealed
    first = gaps(company.access, later)[0]
    AcceptedGap.objects.create(
        month=later, employee_id=first.employee_id, metric_id=first.metric_id, reason="no record",
        accepted_by=company.accounts["hr"],
    )  # fmt: skip
    assert [gap.accepted for gap in gaps(company.access, later, limit=2)] == [True, False]
    assert sum(row.accepted for row in completeness(company.access, later)) == 1


def test_a_month_is_entered_in_the_first_ten_days_of_the_next(company: Company) -> None:
    def window_of(row: AssessmentMonth | None) -> Window:
        return windows_of({MONTH: row})[MONTH].company

    window = window_of(None)
    assert (window.first, window.last) == (date(2026, 11, 1), date(2026, 11, 10))
    assert [window.open_on(date(2026, 11, day)) for day in (1, 10, 11)] == [True, True, False]
    assert not window.open_on(date(2026, 10, 31))
    longer = window_of(AssessmentMonth(month=MONTH, intake_until=date(2026, 11, 20)))
    assert longer.open_on(date(2026, 11, 20))
    assert not window_of(AssessmentMonth(month=MONTH, state="closing")).open_on(date(2026, 11, 5))


def test_where_the_policy_names_the_days_they_are_the_window_of_its_department(company: Company) -> None:
    team, office = company.departments["信息客服一组"].pk, company.departments["财务部"].pk
    adopt(access=operator(TODAY), key="grade-and-wage", department=company.departments["信息客服一组"],
          starts_on=(MONTH + 1).first_day)  # fmt: skip
    found = windows_of({MONTH: None, MONTH + 1: None})
    assert found[MONTH].of(team).first == date(2026, 11, 1)
    later = found[MONTH + 1]
    assert [(later.of(one).first.day, later.of(one).last.day) for one in (team, office)] == [(5, 10), (1, 10)]
    assert later.over([team]) == later.of(team)
    assert (later.over([team, office]).first, later.company.first) == (date(2026, 12, 1), date(2026, 12, 1))
    until = windows_of({MONTH + 1: AssessmentMonth(month=MONTH + 1, intake_until=date(2026, 12, 20))})[MONTH + 1]
    assert (until.of(team).first, until.of(team).last) == (date(2026, 12, 5), date(2026, 12, 20))


def test_who_was_away_too_long_to_be_assessed_owes_nothing_and_is_not_chased(company: Company) -> None:
    office, later = company.departments["信息客服一组"], MONTH + 1
    adopt(access=operator(TODAY), key="grade-and-wage", department=office, starts_on=later.first_day)
    here = Employee.objects.filter(department_periods__department=office, left_on=None, absences=None)
    people = list(here.filter(hired_on__lt=date(2026, 1, 1)).order_by("employee_no")[:2])
    for person, days in zip(people, (60, 61), strict=True):
        Absence.objects.create(
            employee=person,
            first_day=MONTH.first_day - timedelta(days=days),
            last_day=MONTH.previous.last_day,
            kind="leave",
        )
    item = Metric.objects.get(key="sales_result").pk
    owing = {gap.employee_id for gap in gaps(company.access, later) if gap.metric_id == item}
    assert (people[0].pk in owing, people[1].pk in owing) == (True, False)
