"""The tree of departments."""

from __future__ import annotations

import pytest

from policy.actions.policy_adopt import adopt
from staff.actions.records_dump import dump_records
from staff.models import Department
from tests.records.world import TODAY, Files, operator

HEAD = "department,parent\n"


def tree() -> dict[str, str]:
    return {d.name: d.parent.name if d.parent else "" for d in Department.objects.select_related("parent")}


def test_rows_come_in_any_order(db: None, files: Files) -> None:
    files.taken("部门.csv", "上级部门,部门\n客服中心,客服部\n总部,客服中心\n,总部\n")
    assert tree() == {"总部": "", "客服中心": "总部", "客服部": "客服中心"}
    assert files.taken("departments.csv", HEAD + "客服部,客服中心\n").tables[0].unchanged == 1


def test_a_department_moves(company: Files) -> None:
    table = company.taken("departments.csv", HEAD + "售后部,客服部\n").tables[0]
    assert (table.added, table.changed) == (0, 1)
    assert tree()["售后部"] == "客服部"
    company.taken("departments.csv", HEAD + "售后部,\n")
    assert tree()["售后部"] == ""
    # without the column it stays where it is
    assert company.taken("departments.csv", "department\n售后部\n").tables[0].unchanged == 1


def test_a_repeated_name_is_told_by_the_way_to_it(company: Files) -> None:
    company.taken("departments.csv", HEAD + "客服部/一组,\n售后部/一组,售后部\n总部/售后部/二组,总部/售后部\n")
    assert sorted(Department.objects.filter(name="一组").values_list("parent__name", flat=True)) == ["售后部", "客服部"]
    text = HEAD + "客服部/一组,客服部\n总部/售后部/一组,\n二组,售后部\n"
    assert company.taken("departments.csv", text).tables[0].unchanged == 3
    [(line, column, message)] = company.faults("departments.csv", "department\n一组\n")
    assert (line, column) == (2, 1)
    assert message.startswith("several departments are called `一组`; write the way to it, such as ")
    # the parent's column tells them apart as well
    assert company.taken("departments.csv", HEAD + "一组,售后部\n").tables[0].unchanged == 1
    staff = "employee_no,name,department,hired_on\nK9,甲,{},2024-01-01\n"
    assert company.places("staff.csv", staff.format("一组")) == [(2, 3)]
    company.taken("staff.csv", staff.format("客服部/一组"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("甲,乙\n", [(2, 2, "there is no department `乙`; it must be there already or be in this file")]),
        ("甲,乙\n乙,甲\n", [(2, 2, "`甲` would lie below itself"), (3, 2, "`乙` would lie below itself")]),
        ("甲,甲\n", [(2, 2, "`甲` would lie below itself")]),
        ("客服部,客服部\n", [(2, 2, "`客服部` would lie below itself")]),
        ("总部,客服部\n", [(2, 2, "`总部` would lie below itself")]),
        ("总部//甲,\n", [(2, 1, "department `总部//甲`: a part of the way is empty or too long")]),
        ("客服部/甲,售后部\n", [(2, 2, "parent `售后部` is not the way that `客服部/甲` goes")]),
        ("客服部,总部\n总部/客服部,总部\n", [(3, 1, "line 2 names the same department")]),
        ("甲,总部\n总部/甲,总部\n", [(3, 1, "a department `甲` stands there already")]),
        ("甲,总部\n甲,客服部\n", [(3, 1, "the same key stands in line 2 with other values; keep one of them")]),
        (",总部\n", [(2, 1, "department (部门) is empty; it is needed")]),
    ],
)
def test_what_is_no_tree_is_refused(company: Files, rows: str, expected: list[tuple[int, int, str]]) -> None:
    before = tree()
    assert company.faults("departments.csv", HEAD + rows) == expected
    assert tree() == before


def test_a_head_comes_after_the_people(company: Files) -> None:
    company.taken("departments.csv", "部门,负责人工号\n客服部,K2\n")
    assert Department.objects.get(name="客服部").head.employee_no == "K2"
    assert company.taken("departments.csv", HEAD + "客服部,总部\n").tables[0].unchanged == 1
    assert company.places("departments.csv", "department,head_no\n客服部,K9\n") == [(2, 2)]
    company.taken("departments.csv", "department,head_no\n客服部,\n")
    assert Department.objects.get(name="客服部").head is None


def test_a_root_whose_name_repeats_begins_with_a_slash(company: Files) -> None:
    company.taken("departments.csv", HEAD + "/售后部,\n甲/售后部,甲\n甲,/售后部\n一组,/售后部\n")
    assert tree()["甲"] == tree()["一组"] == "售后部"
    assert [d.parent for d in Department.objects.filter(children__name__in=["甲", "一组"]).distinct()] == [None]
    [(line, column, message)] = company.faults("departments.csv", HEAD + "乙,售后部\n")
    assert (line, column, message) == (2, 2, "several departments are called `售后部`; write the way to it")
    assert company.places("departments.csv", HEAD + "乙,/客服部\n") == [(2, 2)]
    folder = company.folder / "out"
    dump_records(access=operator(), folder=folder)
    written = (folder / "departments.csv").read_text(encoding="utf-8")
    assert "/售后部,\n" in written
    assert company.taken("departments.csv", written).tables[0].unchanged == Department.objects.count()
    people = "employee_no,name,department,hired_on\nK9,甲,{},2024-01-01\n"
    assert company.places("staff.csv", people.format("售后部")) == [(2, 3)]
    company.taken("staff.csv", people.format("/售后部"))


def test_a_way_through_departments_of_the_same_file(db: None, files: Files) -> None:
    files.taken("departments.csv", HEAD + "东区/一组/甲,\n东区/一组,东区\n西区/一组,西区\n东区,\n西区,\n乙,西区/一组\n")
    assert {d.name: d.parent.parent.name for d in Department.objects.filter(name__in="甲乙")} == {
        "甲": "东区",
        "乙": "西区",
    }
    assert files.places("departments.csv", HEAD + "丙,北区/一组\n") == [(2, 2)]
    assert files.places("departments.csv", HEAD + "丙,东区/甲\n") == [(2, 2)]


def test_a_move_that_brings_people_under_two_policies_is_a_fault_of_its_row(company: Files) -> None:
    for name in ("客服部", "售后部"):
        adopt(access=operator(), key="info-service", department=Department.objects.get(name=name), starts_on=TODAY)
    before = tree()
    [(line, column, message)] = company.faults("departments.csv", HEAD + "客服部,总部\n售后部,客服部\n")
    assert (line, column) == (3, 2)
    assert message == (
        "moved there, two policies would govern the same people: "
        f"Promotion of information service staff (总部/客服部, since {TODAY}) and "
        f"Promotion of information service staff (总部/售后部, since {TODAY})"
    )
    assert tree() == before
