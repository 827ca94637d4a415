"""Lines of the sweep's file in the oracle's terms, and what differs between the two."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.oracle.info_service import Finding, Judgement, judge
from tests.oracle.records import Person


def read(line: dict[str, Any]) -> Judgement:
    return Judgement(
        line["tier"], line["outcome"], line["target"], _findings(line["conditions"]), _findings(line["triggers"])
    )


def _findings(found: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(f["clause"], f["rule"], f["observed"], f["threshold"], f["verdict"], tuple(f["missing"])) for f in found
    )


def judgements(lines: Iterable[str]) -> dict[str, Judgement]:
    return {line["employee_no"]: read(line) for line in map(json.loads, lines)}


def differences(people: Iterable[Person], month: int, found: dict[str, Judgement]) -> list[str]:
    """One text a person who is judged otherwise than the oracle judges, with every rule that differs and the records."""
    expected = {p.number: judged for p in people if (judged := judge(p, month)) is not None}
    texts = [f"{number}: swept, but should have no line" for number in sorted(found.keys() - expected.keys())]
    for person in people:
        wanted, got = expected.get(person.number), found.get(person.number)
        if wanted is not None and wanted != got:
            texts.append(f"{person.number}: {_compare(wanted, got)}\n    {person}")
    return texts


def _compare(wanted: Judgement, got: Judgement | None) -> str:
    if got is None:
        return "no line"
    lines = []
    for name in ("tier", "outcome", "target"):
        if getattr(wanted, name) != getattr(got, name):
            lines.append(f"{name} {getattr(got, name)}, should be {getattr(wanted, name)}")
    for kind in ("conditions", "triggers"):
        theirs, ours = getattr(got, kind), getattr(wanted, kind)
        if [(f.clause, f.rule) for f in theirs] != [(f.clause, f.rule) for f in ours]:
            lines.append(f"{kind} {[(f.clause, f.rule) for f in theirs]}")
        lines += [f"{g}\n    should be {w}" for w, g in zip(ours, theirs, strict=False) if w != g]
    return "\n    ".join(lines)
