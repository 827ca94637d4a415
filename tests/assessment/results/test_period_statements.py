"""The statements of quarters and years as they are printed, and cases of invented documents that the library does not use."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from assessment.models import Level, Result
from assessment.selectors.period_results import period_assessed_now, period_statement_of
from policy import library
from policy.catalogue import current
from policy.compiler.period import Subject
from policy.language import Faults, load_document
from policy.language.load import load
from policy.models import PolicyVersion
from policy.selectors import Governed, library_policy
from staff.kernel.periods import Month, Term
from staff.models import Department, Employee
from tests.company import Company
from tests.policy.test_injection import ATTACK, FREE, replaced, scalars

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parents[2] / "policy" / "golden" / "periods"
RELATIONS = {name: name for name in ("people", "below", "months", "facts", "results")}
STATEMENTS: list[tuple[str, int, Subject]] = [
    ("reward-and-penalty", 3, "person"), ("reward-and-penalty", 3, "team"), ("reward-and-penalty", 12, "person"),
    ("reward-and-penalty", 12, "team"), ("monthly-stars", 12, "person"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "length", "subject"), STATEMENTS)
def test_the_statement_of_a_period_is_what_the_golden_file_holds(policy: str, length: int, subject: Subject) -> None:
    """``WRITE_GOLDEN=1`` prints them anew."""
    path = GOLDEN / f"{policy}-{length}-{subject}.sql"
    printed = period_statement_of(library_policy(policy), length, subject).sql(**RELATIONS) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(printed, encoding="utf-8")
    assert printed == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("policy", ["reward-and-penalty", "monthly-stars"])
def test_free_texts_set_to_an_attack_change_no_byte_of_a_periods_statement(policy: str) -> None:
    text = library.text(policy)
    found = [s for key, s, is_key in scalars(load(text)) if key in FREE and not is_key and "\n" not in s.text]
    single = [s for s in found if s.text in text.split("\n")[s.at.line - 1]]
    for at, scalar in enumerate(sorted(single, key=lambda s: (s.at.line, -s.at.column))):
        text = replaced(text, scalar, f"{ATTACK} {at}")
    attacked, own = load_document(text, current()), library_policy(policy)
    for length in (3, 12):
        for subject in ("person", "team"):
            printed = [period_statement_of(each, length, subject).sql(**RELATIONS) for each in (attacked, own)]  # type: ignore[arg-type]
            assert printed[0] == printed[1]


# over results that are laid out by hand

HEAD = """policy: info-service
title: {zh: 试, en: Probe}
in_force: 2020-01-01
approved_by: gm
inputs: {marks: {unit: point, zh: 分, en: marks, lo: 0, hi: 10}}
scorecard:
  items: {marks: {of: 10, clause: 一, text: 条款, score: marks}}
  grade: [high if total >= 5, low otherwise]
  stars: [5 if marks >= 9, 1 otherwise]
cases:
"""
YEAR, QUARTER = Term.parse("2026"), Term.parse("2026-Q4")


def document(case: str) -> str:
    """``case``: the rest of the line of its only case."""
    return f"{HEAD}  - {{case: praise, clause: 二, text: 条款, {case}}}\n"


class Laid:
    """Stored results of one policy, and what its statement makes of them."""

    def __init__(self, case: str) -> None:
        self.company = Company(policy="")
        self.version = PolicyVersion.objects.create(
            key="info-service", number=90, document=document(case), digest="d", title_zh="试", title_en="P", parts=[]
        )

    def stored(self, who: Employee | Department, level: Level, results: dict[str, Any]) -> None:
        """``results``: last month → total, or the number of stars as ``5*``; None: not known; ``exempt``."""
        rows = []
        for month, found in results.items():
            stars = int(found[0]) if str(found).endswith("*") else None
            total = None if stars or found in (None, "exempt") else found
            grade = None if total is None else "high" if total >= 5 else "low"
            person = who if isinstance(who, Employee) else None
            team = who if isinstance(who, Department) else self.company.department
            rows.append(
                Result(
                    level=level, month=Month.parse(month), policy="info-service", version=self.version, values_digest="v",
                    employee=person, department=team, counts=found != "exempt", total=total, grade=grade, stars=stars,
                )
            )  # fmt: skip
        Result.objects.bulk_create(rows)

    def raised(self, term: Term, subject: Subject = "person", adoptions: tuple[int, ...] = ()) -> dict[int, list[str]]:
        departments = tuple(Department.objects.values_list("pk", flat=True))
        query = period_assessed_now(Governed(self.version, {}, departments, adoptions), term, subject)
        with connection.cursor() as cursor:
            cursor.execute(query.sql, query.params)
            cases = [column.name for column in cursor.description].index("cases")
            return {row[0]: row[cases] for row in cursor.fetchall()}


#: Five-star months and unreported ones of each; who is named.
LEADERS: dict[str, tuple[list[tuple[int, int]], set[int]]] = {
    "ties are all named": ([(3, 0), (3, 0), (1, 0)], {0, 1}),
    "an unreported month of another could tie": ([(3, 0), (2, 1)], set()),
    "an unreported month that cannot matter is not waited for": ([(4, 0), (2, 1)], {0}),
    "an unreported month of the leader changes nothing": ([(3, 2), (2, 0)], {0}),
    "an unreported month of one who ties would break the tie": ([(3, 1), (3, 0)], set()),
    "two who may come up to the same": ([(2, 1), (2, 1)], set()),
    "never with none": ([(0, 0), (0, 0)], set()),
    "none may become one": ([(0, 1), (0, 0)], set()),
    "alone one leads with what is known": ([(1, 1)], {0}),
}


@pytest.mark.parametrize(("people", "named"), LEADERS.values(), ids=LEADERS)
def test_whoever_leads_is_named_once_no_unreported_month_could_change_it(
    people: list[tuple[int, int]], named: set[int]
) -> None:
    laid = Laid("top: 'months(stars = 5, 12 months)', every: year")
    found = []
    for five, unknown in people:
        person = laid.company.person("")
        rated = ["5*"] * five + [None] * unknown + ["1*"] * (12 - five - unknown)
        laid.stored(person, Level.MONTH, {f"2026-{n:02}": stars for n, stars in enumerate(rated, 1)})
        laid.stored(person, Level.QUARTER, {"2026-12": None})
        found.append(person.pk)
    raised = laid.raised(YEAR)
    assert {at for at, pk in enumerate(found) if raised[pk] == ["praise"]} == named


def test_leaders_are_those_employed_on_the_last_day_and_each_adoption_has_its_own() -> None:
    laid = Laid("top: 'months(stars = 5, 12 months)', every: year")
    other = Department.objects.create(name="二部", parent=laid.company.root)
    adoptions = [laid.company.adopt("monthly-stars", department=one).pk for one in (laid.company.department, other)]
    options: list[dict[str, Any]] = [
        {}, {"left_on": date(2026, 12, 30)}, {"left_on": date(2026, 12, 31)}, {"department": other}
    ]  # fmt: skip
    people = [laid.company.person("", **fields) for fields in options]
    for person, five in zip(people, (2, 3, 2, 1), strict=True):
        laid.stored(person, Level.MONTH, {f"2026-{n:02}": "5*" for n in range(1, five + 1)})
        laid.stored(person, Level.QUARTER, {"2026-12": None})
    raised = laid.raised(YEAR, adoptions=tuple(adoptions))
    assert [bool(raised[person.pk]) for person in people] == [True, False, True, True]


RUNS: dict[str, tuple[dict[str, Any], Any, bool]] = {
    "two running": ({"2026-09": 7}, 7, True),
    "a low one between": ({"2026-06": 7, "2026-09": 3}, 7, False),
    "an exempt one breaks it": ({"2026-06": 7, "2026-09": "exempt"}, 7, False),
    "one that is not known raises nothing": ({"2026-09": None}, 7, False),
    "no row breaks it": ({"2026-06": 7}, 7, False),
    "its own is not known": ({"2026-09": 7}, None, False),
}


@pytest.mark.parametrize(("before", "now", "found"), RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("subject", ["person", "team"])
def test_a_streak_beside_every_counts_quarters_of_people_and_of_teams(
    subject: Subject, before: dict[str, Any], now: Any, found: bool
) -> None:
    person = subject == "person"
    laid = Laid(f"when: streak(grade = high) >= 2 quarters, every: quarter{'' if person else ', for: team'}")
    member, team = laid.company.person(""), laid.company.department
    laid.stored(member if person else team, Level.QUARTER, before)
    laid.stored(member, Level.MONTH if person else Level.QUARTER, {"2026-12": now})
    assert laid.raised(QUARTER, subject)[member.pk if person else team.pk] == (["praise"] if found else [])


@pytest.mark.parametrize(("last_raised", "found"), [("2026-06", True), ("2026-09", False)])
def test_a_streak_of_quarters_may_begin_anew_after_its_case(last_raised: str, found: bool) -> None:
    laid = Laid("when: streak(grade = high) >= 2 quarters, every: quarter, restart: yes")
    person = laid.company.person("")
    laid.stored(person, Level.QUARTER, {"2026-03": 7, "2026-06": 7, "2026-09": 7})
    laid.stored(person, Level.MONTH, {"2026-12": 7})
    Result.objects.filter(month=Month.parse(last_raised)).update(cases=["praise"])
    assert laid.raised(QUARTER)[person.pk] == (["praise"] if found else [])


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("total >= 6.67", True), ("total > 6.67", False), ("rank = 1", True), ("grade = high and not rank > 1", True),
        ("mean(total, 3 months) < 6.67", True), ("sum(total, 12 months) = 25", True),
        ("lowest(total, 2 months) = 7", True), ("highest(total, 12 months) = 7", True),
        ("each(grade = high, 12 months)", True), ("months(total >= 7, 3 months) = 2", True),
        ("sum(total, 13 months) > 0", False), ("not months(total >= 9, 13 months) >= 2", False),
        ("regularised_on <= as_of", True),
    ],
)  # fmt: skip
def test_a_case_of_a_quarter_may_speak_of_its_results_of_months_and_of_the_person(when: str, found: bool) -> None:
    laid = Laid(f'when: "{when}", every: quarter')
    person = laid.company.person("")
    laid.stored(person, Level.MONTH, {"2025-12": None, "2026-02": 5, "2026-10": 6, "2026-11": 7, "2026-12": 7})
    assert laid.raised(QUARTER) == {person.pk: ["praise"] if found else []}


def test_whoever_has_most_of_a_value_that_is_not_known_of_all_is_waited_for() -> None:
    laid = Laid("top: total, every: quarter")
    people = [laid.company.person("") for _ in range(2)]
    for person, total in zip(people, (7, None), strict=True):
        laid.stored(person, Level.MONTH, {"2026-12": total})
    assert laid.raised(QUARTER) == {person.pk: [] for person in people}
    Result.objects.filter(employee=people[1]).update(total=7)
    assert laid.raised(QUARTER) == {person.pk: ["praise"] for person in people}


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("when: grade = high, for: team", "a team has no month"),
        ("when: streak(grade = high) >= 4 months, every: quarter", "a streak of quarters"),
        ("when: 'streak(grade = high, since hired_on) >= 2 quarters', every: quarter", "`since` has no meaning"),
        ("when: streak(stars = 5) >= 2 years, every: year", "a year has no stars of its own"),
        ("when: streak(marks >= 5) >= 2 years, every: year", "a year has no monthly values of its own"),
        ("when: marks >= 5, every: year", "a year's case rests on its own total"),
        ("when: count(complaint) = 0, every: year", "a year's case rests on its own total"),
        ("when: rank = 1, every: year, for: team", "a team has no rank"),
        ("when: regularised_on <= as_of, every: year, for: team", "cannot speak of a person"),
        ("top: 'months(grade = high, 12 months)', every: year, for: team", "a team has no months"),
    ],
)
def test_what_a_quarter_a_year_or_a_team_cannot_answer_is_a_fault_of_the_document(case: str, told: str) -> None:
    with pytest.raises(Faults) as raised:
        load_document(document(case), current())
    assert [told in fault.text("en") for fault in raised.value.faults] == [True]
