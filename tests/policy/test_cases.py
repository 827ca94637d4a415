"""Worked examples: records in, verdicts out. ``tests/policy_cases`` holds one file a policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from policy.language import bind, load_document
from staff.kernel.periods import Month
from tests.policy.facts import CATALOGUE
from tests.policy.world import World

ROOT = Path(__file__).parents[2]
FILES = [YAML(typ="safe").load(path) for path in sorted((ROOT / "tests" / "policy_cases").glob("*.yaml"))]
CASES = [(file, case) for file in FILES for case in file["cases"]]


def fill(world: World, case: dict[str, Any], as_of: Month) -> None:
    world.person(**case["person"])
    rows: dict[int, dict[str, Any]] = {}
    for metric, values in case.get("months", {}).items():
        column = str(CATALOGUE.metrics[metric].column)
        for back, value in enumerate(reversed(values)):
            row = rows.setdefault(back, {"counts": value != "x"})
            row[column] = None if value in (".", "x") else value
    for back, row in rows.items():
        world.month(str(as_of + -back), **row)
    for event in case.get("events", []):
        world.event(**event)


@pytest.mark.parametrize(("file", "case"), CASES, ids=[case["name"] for _, case in CASES])
def test_a_worked_example_comes_out_as_written(world: World, file: dict[str, Any], case: dict[str, Any]) -> None:
    library = ROOT / "policy" / "library" / f"{file['policy']}.yaml"
    as_of = case.get("as_of", file["as_of"])
    fill(world, case, Month.parse(as_of))
    policy = bind(load_document(library.read_text(encoding="utf-8"), CATALOGUE), file.get("values", {}))
    found = world.sweep(policy, as_of)
    seen = {f"{r['clause']} {r['rule']}": r for r in found["conditions"] + found["triggers"]}
    told = {
        key: [seen[key]["observed"], seen[key]["verdict"], *([seen[key]["missing"]] if len(expected) == 3 else [])]
        for key, expected in case["rules"].items()
    }
    assert told == case["rules"]
    assert [found["outcome"], found["target"]] == case["outcome"]
