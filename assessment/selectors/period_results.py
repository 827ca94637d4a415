"""Results of quarters and years: the place where their compiled statements meet the tables, and the lines of their file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from django.db.models import F, QuerySet
from django.db.models.functions import Collate

from assessment.models import Level, Result
from assessment.selectors.results import ResultQuery, as_line, number, people_relation, with_adoption
from policy.compiler import PeriodStatement, Relation, compile_period
from policy.compiler.period import Subject
from policy.language import Checked
from policy.selectors import Governed
from staff.kernel.periods import Month, Term

LEVELS = {1: Level.MONTH, 3: Level.QUARTER, 12: Level.YEAR}
#: Months of what a quarter or a year is made of.
BELOW = {3: 1, 12: 3}

_TEAMS = "(SELECT id, id AS department_id FROM staff_department WHERE id = ANY(%(departments)s))"
_STORED = (
    "(SELECT employee_id, department_id, month, counts, total, grade, rank, stars, cases FROM assessment_result "
    "WHERE policy = %(policy)s AND level = '{level}' AND employee_id IS {whose})"
)
_OF_PEOPLE, _OF_TEAMS = "NOT NULL", "NULL"


@lru_cache(maxsize=512)
def period_statement_of(checked: Checked, length: int, subject: Subject) -> PeriodStatement:
    return compile_period(checked, length, subject)


def period_assessed_now(governed: Governed, term: Term, subject: Subject) -> ResultQuery:
    """Everybody whom the policy governs on the period's last day, or their teams, over the results that are stored."""
    statement = period_statement_of(governed.checked, term.length, subject)
    level = LEVELS[term.length]
    person = subject == "person"
    below = LEVELS[BELOW[term.length]] if person else level
    columns = statement.people_columns
    people = people_relation(columns) if person else with_adoption(columns, Relation(_TEAMS))
    sql = statement.sql(
        people=Relation(people),
        below=Relation(_STORED.format(level=below, whose=_OF_PEOPLE)),
        months=Relation(_STORED.format(level=Level.MONTH, whose=_OF_PEOPLE)),
        facts=Relation("assessment_employeemonth"),
        results=Relation(_STORED.format(level=level, whose=_OF_PEOPLE if person else _OF_TEAMS)),
    )
    params = {
        **statement.params(term),
        "first_day": term.first.first_day,
        "departments": list(governed.department_ids),
        "adoptions": list(governed.adoption_ids),
        "policy": governed.version.key,
    }
    return ResultQuery(sql, params)


def results_of_term(term: Term) -> QuerySet[Result]:
    """Results of the quarter or year, of people and of teams."""
    return Result.objects.filter(level=LEVELS[term.length], month=term.last)


def period_lines(term: Term) -> Iterator[str]:
    """The file of a quarter's or year's results: people by ``employee_no``, then teams by name."""
    people = results_of_term(term).filter(employee__isnull=False).annotate(who=F("employee__employee_no"))
    teams = results_of_term(term).filter(employee__isnull=True).annotate(who=F("department__name"))
    for rows, of_people in ((people, True), (teams, False)):
        ordered = rows.order_by(Collate("who", "C"), "policy", "department").iterator(chunk_size=2000)
        yield from (as_line(_line(result, term, of_people)) for result in ordered)


def period_gaps(term: Term) -> Iterator[tuple[str, Month, str, list[str]]]:
    """Which months of the quarter or year have no result for want of data: employee no., month, policy, keys of what is
    missing.
    """
    months = Result.objects.filter(
        level=Level.MONTH, month__gte=term.first, month__lte=term.last, employee__isnull=False
    )
    rows = months.exclude(missing=[]).order_by(Collate("employee__employee_no", "C"), "month", "policy")
    yield from rows.values_list("employee__employee_no", "month", "policy", "missing").iterator(chunk_size=2000)


def _line(result: Result, term: Term, of_person: bool) -> dict[str, object]:
    who = result.who  # type: ignore[attr-defined]  # annotated by period_lines
    return {
        "employee_no": who if of_person else None,
        "team": None if of_person else who,
        "period": str(term),
        "policy": result.policy,
        "total": number(result.total),
        "grade": result.grade,
        "rank": result.rank,
        "five_star_months": result.stars,
        "cases": sorted(result.cases),
    }
