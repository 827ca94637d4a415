"""As an outsider runs it: files of records in, a policy adopted, files of findings out, each command a process of its own."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.oracle import files, wire
from tests.oracle.examples import examples
from tests.oracle.info_service import step_on
from tests.oracle.people import person_by_chance
from tests.oracle.records import Person, last_day, month_number, month_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROOT = Path(__file__).parents[2]
AS_OF = "2026-10"
MONTH = month_of(AS_OF)
LEVEL_PAY = {"star": "1000.00", "diamond": "1200.00", "crown": "1300.00"}
FIELDS = {"employee_no", "as_of", "policy", "version", "tier", "outcome", "target", "conditions", "triggers"}
RULE_FIELDS = {"clause", "rule", "text", "observed", "op", "threshold", "unit", "verdict", "missing"}


def loadable(person: Person) -> bool:
    """Files hold the present tier only, and dates in order."""
    (step, *more) = person.steps or (None,)
    if more or (step and (step.kind != "entry" or step.day < person.hired_on)):
        return False
    first_days = [away.first_day for away in person.absences]
    return len(set(first_days)) == len(first_days)


def company() -> list[Person]:
    """Everybody of the examples, and some by chance; numbers whose order depends on how letters are compared."""
    named = [example.person for name in ("promotion", "demotion") for example in examples(name)[1]]
    chance = Random(17)
    numbers = (f"{'aB-z'[n % 4]}{n:03d}" for n in range(150))
    return [p for p in [*named, *(person_by_chance(chance, number, MONTH) for number in numbers)] if loadable(p)]


@pytest.fixture
def manage(process_environment: dict[str, str], tmp_path: Path) -> Any:
    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=process_environment,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    return run


def rules(line: dict[str, Any]) -> list[dict[str, Any]]:
    return [*line["conditions"], *line["triggers"]]


def test_records_in_findings_out(manage: Any, tmp_path: Path) -> None:
    people = company()
    departments = {p.number: "售后部" if n % 11 == 3 else ("客服一部", "客服部")[n % 2] for n, p in enumerate(people)}
    paths = [str(path) for path in files.write(tmp_path, people, departments)]
    manage("load_records", *paths)
    manage("policy", "adopt", "info-service", "--department", "客服部", "--from", "2017-01-01")
    swept, again = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    manage("sweep", "--as-of", AS_OF, "--jsonl", str(swept))
    manage("load_records", *paths)
    manage("sweep", "--as-of", AS_OF, "--jsonl", str(again))

    text = swept.read_bytes()
    assert again.read_bytes() == text
    assert text.startswith(b'{"')
    assert text.endswith(b"}\n")
    lines = [json.loads(line) for line in text.decode("utf-8").splitlines()]
    assert [line["employee_no"] for line in lines] == sorted(line["employee_no"] for line in lines)
    governed = [p for p in people if departments[p.number] != "售后部"]
    found = {line["employee_no"]: wire.read(line) for line in lines}
    differing = wire.differences(governed, MONTH, found)
    assert not differing, "\n".join(differing[:5])

    for line in lines:
        to_the_letter(line)
    by_number = {line["employee_no"]: line for line in lines}
    number = max(by_number)
    assert json.loads(manage("explain", number, "--as-of", AS_OF)) == by_number[number]

    manage("payrun", "--month", AS_OF, "--csv", str(tmp_path / "pay.csv"))
    assert (tmp_path / "pay.csv").read_bytes()[:3] != b"\xef\xbb\xbf"
    with (tmp_path / "pay.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["employee_no", "month", "component", "amount"], *level_pay(governed)]


def to_the_letter(line: dict[str, Any]) -> None:
    """The shape of a line: names, plain numbers, dates as text, attestations unknown and without a rule."""
    assert line.keys() == FIELDS
    assert (line["as_of"], line["policy"], line["version"]) == (AS_OF, "info-service", 1)
    for rule in rules(line):
        assert rule.keys() == RULE_FIELDS
        assert rule["text"]
        assert rule["verdict"] in ("met", "unmet", "unknown")
        if rule["rule"] is None:
            assert (rule["observed"], rule["op"], rule["threshold"], rule["unit"]) == (None, None, None, None)
        elif rule["rule"] == "regularised":
            assert rule["observed"] is None or len(rule["observed"]) == 10
            assert rule["threshold"] == last_day(MONTH).isoformat()
        else:
            assert type(rule["observed"]) is int
            assert type(rule["threshold"]) is int
            assert rule["op"] in (">=", "<=", "=", ">")
            assert rule["unit"]


def level_pay(people: list[Person]) -> list[list[str]]:
    """For whoever worked a day of the month, by the tier of its last day; the lowest tier has no line."""
    paid = []
    for person in people:
        worked = month_number(person.hired_on) <= MONTH and (
            person.left_on is None or month_number(person.left_on) >= MONTH
        )
        step = step_on(person, last_day(MONTH))
        if worked and step and step.tier in LEVEL_PAY:
            paid.append([person.number, AS_OF, "level_pay", LEVEL_PAY[step.tier]])
    return sorted(paid)
