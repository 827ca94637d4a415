"""People of the oracle as an outsider would send them: files of records in every encoding and by every name that is taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.oracle.records import Person, month_text

TIER_NAMES = {"regular": "普通客服", "star": "星级客服", "diamond": "钻级客服", "crown": "皇冠级客服", "": ""}
METRIC_NAMES = {"cases": "优秀发布案例", "online": "在线核心词数"}
KIND_NAMES = {
    "complaint": "投诉", "violation": "违纪", "major_misconduct": "重大行为失误", "exam": "考试",
    "keyword_online": "关键词上线", "praise": "表扬",
}  # fmt: skip
STATUS_NAMES = {
    "": "", "upheld": "成立", "alleged": "待核实", "dismissed": "不成立", "passed": "合格", "failed": "不合格",
    "withdrawn": "撤销",
}  # fmt: skip
Rows = list[list[Any]]


def write(folder: Path, people: Sequence[Person], departments: dict[str, str]) -> list[Path]:
    """The files of a company; ``departments`` names the department of each person's number: 售后部, 客服部 or its 客服一部.

    In the order in which nothing refers to what comes later. Staff in GB18030, events in UTF-8 with a byte-order mark, both
    with Chinese headers and names; monthly values and absences as sheets of one workbook with English ones.
    """
    tree = [["部门", "上级部门"], ["客服一部", "客服部"], ["客服部", "总部"], ["售后部", "总部"], ["总部", ""]]
    book = Workbook()
    for name, rows in (("values", _values(people)), ("absences", _absences(people))):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(folder / "monthly.xlsx")
    return [
        _csv(folder / "departments.csv", tree, "utf-8"),
        _csv(folder / "staff.csv", _staff(people, departments), "gb18030"),
        folder / "monthly.xlsx",
        _csv(folder / "events.csv", _events(people), "utf-8-sig"),
    ]


def _csv(path: Path, rows: Rows, encoding: str) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _staff(people: Sequence[Person], departments: dict[str, str]) -> Rows:
    head = ["姓名", "工号", "部门", "级别", "级别起始日", "入职日期", "转正日期", "上岗日期", "离职日期"]
    return [head, *(_staff_row(person, departments[person.number], n) for n, person in enumerate(people))]


def _staff_row(person: Person, department: str, n: int) -> list[Any]:
    (step,) = person.steps or (None,)
    tier = step.tier if step else ""
    return [
        f"员工{n}", person.number, department, TIER_NAMES[tier] if n % 2 else tier, _iso(step.day if step else None),
        person.hired_on.isoformat(), _iso(person.regularised_on), _iso(person.post_since), _iso(person.left_on),
    ]  # fmt: skip


def _values(people: Iterable[Person]) -> Iterator[list[Any]]:
    yield ["metric", "employee_no", "month", "value"]
    for person in people:
        for name, zh in METRIC_NAMES.items():
            for month, value in getattr(person, name).items():
                yield [zh, person.number, month_text(month), value]


def _absences(people: Iterable[Person]) -> Iterator[list[Any]]:
    yield ["employee_no", "first_day", "last_day", "kind"]
    for person in people:
        for away in person.absences:
            yield [person.number, away.first_day, away.last_day, "leave"]


def _events(people: Iterable[Person]) -> Rows:
    rows: Rows = [["编号", "工号", "日期", "类型", "状态", "对象", "数量", "备注", "认定日期"]]
    for person in people:
        for event in person.events:
            zh = len(rows) % 2
            subject = TIER_NAMES.get(event.subject, event.subject) if event.kind == "exam" and zh else event.subject
            rows.append([
                f"E{len(rows)}", person.number, event.day.isoformat(), KIND_NAMES[event.kind] if zh else event.kind,
                STATUS_NAMES[event.status] if zh else event.status, subject,
                "" if event.quantity is None else event.quantity, "", _iso(event.decided_on),
            ])  # fmt: skip
    return rows


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
