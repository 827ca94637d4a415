"""What does not say any more what it said: the ledger's chain, documents of cases, applications and what they rest on, public
notices, replayed standings, and files of evidence against what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from promotion.applications.verify import verify_applications
from promotion.cases.bounds import person_of
from promotion.cases.digests import ERASED, digest_of, is_as_written, is_erased
from promotion.cases.models import Proceeding, ProceedingAct
from promotion.cases.selectors import proceeding_of
from promotion.evidence.contents import FORMAT, contents, standing_behind
from promotion.evidence.contents import digest_of as digest_of_contents
from promotion.ledger.selectors import verify_chain
from promotion.notices.verify import verify_notices
from promotion.sweep.replay import replay

#: What of a chain is broken, in words for whoever runs the command.
_BREAKS = {
    "gap": "a line is missing before it", "link": "it does not follow the line before it",
    "hash": "it does not say what was written", "head": "lines are missing at the end",
}  # fmt: skip


def verify_all() -> Iterator[str]:
    """Everything; each difference in one line. Nothing: all of it says what was written."""
    yield from verify_ledger()
    for act in ProceedingAct.objects.select_related("proceeding").order_by("pk").iterator():
        yield from _of_act(act)
    yield from verify_applications()
    yield from verify_notices()
    for row in Proceeding.objects.select_related("case__employee").order_by("pk"):
        yield from _of_standing(row)


def verify_ledger() -> Iterator[str]:
    for found in verify_chain():
        yield f"ledger line {found.seq}: {_BREAKS[found.what]}"


def verify_file(data: dict[str, Any]) -> Iterator[str]:
    """A file of evidence against itself, and against what is stored and computed anew."""
    if data.get("format") != FORMAT:
        yield f"file: format {data.get('format')!r} is not known"
        return
    if digest_of_contents(data) != data.get("digest"):
        yield "file: its digest is not that of what it says"
    for act in data["acts"]:
        if act["words"] != ERASED and digest_of(act["salt"], act["act"], act["words"], act["data"]) != act["digest"]:
            yield f"file: act {act['number']} ({act['act']}) is not as its digest has it"
    row = proceeding_of(data["case"]["number"])
    if row is None:
        yield f"case {data['case']['number']}: there is none"
        return
    yield from verify_ledger()
    for stored in row.acts.order_by("pk"):
        yield from _of_act(stored)
    yield from _of_standing(row)
    now = contents(row, data["part"])
    for part in ("case", "person", "policy", "run", "course", "acts", "protection", "ledger"):
        yield from _differing(part, data.get(part), now[part])


def _of_act(act: ProceedingAct) -> Iterator[str]:
    if not is_erased(act) and not is_as_written(act):
        yield f"case {act.proceeding_id}: act {act.pk} ({act.act}) is not as it was written"


def _of_standing(row: Proceeding) -> Iterator[str]:
    standing = standing_behind(row)
    for one in replay(standing.run, only=person_of(row).pk) if standing is not None else ():
        yield f"case {row.pk}: the standing of {row.case.month} does not come out as stored: {one.stored} now {one.replayed}"


def _differing(path: str, then: Any, now: Any) -> Iterator[str]:
    """Each leaf that differs. What was erased since, or came after, is no difference of what was said."""
    if then == now or now == ERASED:
        return
    if isinstance(then, dict) and isinstance(now, dict) and now:
        for key in sorted({*then, *now}):
            yield from _differing(f"{path}.{key}", then.get(key), now.get(key))
    elif isinstance(then, list) and isinstance(now, list):
        for at, one in enumerate(then):
            yield from _differing(f"{path}[{at}]", one, now[at] if at < len(now) else None)
    elif not (path.endswith(".data") and now == {}):
        yield f"{path}: the file says {then!r}, stored is {now!r}"
