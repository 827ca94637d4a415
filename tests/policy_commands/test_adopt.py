"""``policy adopt``: what it puts in force, and what it refuses, in either language and with exit status 1."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from assessment.models import AssessmentMonth, MonthState
from policy.models import Adoption, PolicyVersion
from staff.kernel.periods import Month
from staff.models import Department
from tests.policy_commands.conftest import Run

Tree = dict[str, Department]
VALUES = ("--set", "tenure_years=2", "--set", "satisfaction_rate=90")


def adopting(key: str, department: str, day: str, *more: str, language: str = "en") -> tuple[str, ...]:
    return ("adopt", key, "--department", department, "--from", day, *more, "--language", language)


def in_force() -> list[tuple[str, str, date, date | None]]:
    return [
        (a.policy, a.department.name, a.period.lower, a.period.upper)
        for a in Adoption.objects.select_related("department").order_by("period")
    ]


def test_from_a_later_day_it_ends_the_earlier_adoption(tree: Tree, run: Run) -> None:
    assert run(*adopting("template", "客服部", "2026-01-01", *VALUES))[0] == 0
    status, out, err = run(
        *adopting("template", "客服部", "2026-12-01", "--set", "tenure_years=3", "--set", "satisfaction_rate=90")
    )
    assert (status, out, err) == (0, "A template, version 1, is in force in 客服部 from 2026-12-01.\n", "")
    assert in_force() == [
        ("template", "客服部", date(2026, 1, 1), date(2026, 12, 1)),
        ("template", "客服部", date(2026, 12, 1), None),
    ]
    assert PolicyVersion.objects.count() == 1


def test_the_same_again_changes_nothing(tree: Tree, run: Run) -> None:
    for _time in range(2):
        assert run(*adopting("info-service", "客服部", "2026-01-01"))[0] == 0
    assert in_force() == [("info-service", "客服部", date(2026, 1, 1), None)]


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "A template is in force in 客服部 from 2026-01-01 already, with other content. Choose a later day."),
        ("zh-hans", "模板制度"),
    ],
)
def test_other_values_on_the_same_day_are_refused(tree: Tree, run: Run, language: str, message: str) -> None:
    run(*adopting("template", "客服部", "2026-01-01", *VALUES))
    other = ("--set", "tenure_years=3", "--set", "satisfaction_rate=90")
    status, out, err = run(*adopting("template", "客服部", "2026-01-01", *other, language=language))
    assert (status, out) == (1, "")
    assert message in err
    assert ("already" in err) == (language == "en")
    assert Adoption.objects.get().values["tenure_years"] == "2"


@pytest.mark.parametrize("department", ["一组", "总部"])
@pytest.mark.parametrize(
    ("language", "message"),
    [
        (
            "en",
            "Two policies would govern the same people: Promotion of information service staff "
            "(总部/客服部, since 2017-01-01). End that adoption first.",
        ),
        (
            "zh-hans",
            "会有两份制度管同一批人：客服部信息客服晋升体制管理制度（总部/客服部，自 2017-01-01 起）。请先终止那一项施行。",
        ),
    ],
)
def test_a_conflict_above_or_below_names_the_other(
    tree: Tree, run: Run, department: str, language: str, message: str
) -> None:
    run(*adopting("info-service", "客服部", "2017-01-01"))
    status, out, err = run(*adopting("template", department, "2026-01-01", *VALUES, language=language))
    assert (status, out) == (1, "")
    assert err == f"CommandError: {message}\n"
    assert [row[0] for row in in_force()] == ["info-service"]
    assert run(*adopting("template", "财务部", "2026-01-01", *VALUES))[0] == 0


def test_a_sealed_month_keeps_its_policies(tree: Tree, run: Run) -> None:
    AssessmentMonth.objects.create(
        month=Month.parse("2026-10"), state=MonthState.SEALED, sealed_at=datetime(2026, 11, 8, tzinfo=UTC), digest="d"
    )
    status, _out, err = run(*adopting("info-service", "客服部", "2026-10-15"))
    assert status == 1
    assert "A sealed month lies after 2026-10-15. Adopt from a day after the last sealed month." in err
    assert "已封账" in run(*adopting("info-service", "客服部", "2026-10-15", language="zh-hans"))[2]
    assert in_force() == []
    assert run(*adopting("info-service", "客服部", "2026-11-01"))[0] == 0


@pytest.mark.parametrize(
    ("key", "department", "more", "english", "chinese"),
    [
        ("templat", "客服部", (), "There is no policy `templat` in the library; it has: info-service, template.",
         "制度库里没有“templat”"),
        ("template", "客服", VALUES, "There is no department `客服`.", "没有部门“客服”"),
        ("template", "客服部", (*VALUES, "--set", "tenure_year=2"),
         "`tenure_year` is no parameter or reading; did you mean `tenure_years`?", "没有 `tenure_year` 这个参数或口径"),
        ("template", "客服部", (), "parameter `tenure_years` has no value (missing: tenure_years, satisfaction_rate)",
         "参数 `tenure_years` 没有值(缺少:tenure_years、satisfaction_rate)"),
        ("template", "客服部", ("--set", "tenure_years"), "`--set tenure_years` is not NAME=VALUE.", "`--set tenure_years`"),
        ("template", "客服部", (*VALUES, "--set", "tenure_years=3"),
         "`tenure_years` is set twice: `--set` once for each parameter.", "`tenure_years` 给了两次"),
    ],
)  # fmt: skip
def test_what_is_not_known_missing_or_given_twice_is_refused(
    tree: Tree, run: Run, key: str, department: str, more: tuple[str, ...], english: str, chinese: str
) -> None:
    status, out, err = run(*adopting(key, department, "2026-01-01", *more))
    assert (status, out) == (1, "")
    assert english in err
    status, out, err = run(*adopting(key, department, "2026-01-01", *more, language="zh-hans"))
    assert (status, out) == (1, "")
    assert chinese in err
    assert english not in err
    assert in_force() == []


def test_the_language_stands_before_the_verb_or_after_it(tree: Tree, run: Run) -> None:
    after = run("list", "--language", "en")
    assert after == run("--language", "en", "list")
    with translation.override("zh-hans"):
        assert after != run("list")
    assert "template\tA template\t" in after[1]
