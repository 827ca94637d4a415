"""Applications at the decision with what speaks for and against them; more of them take no more queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from policy.compiler import Verdict
from policy.language.checked import ProcessStep
from promotion.applications.attesting import unanswered
from promotion.applications.bounds import advised_by
from promotion.applications.models import (
    DECISION,
    Act,
    Application,
    ApplicationEvent,
    ApplicationFile,
    ApplicationState,
    Attestation,
)
from promotion.applications.process import PANELS, step_of, transition_of
from promotion.applications.standings import (
    Difference,
    differences,
    frozen_findings,
    of_the_last_sealed,
    unknown_of,
)
from promotion.applications.waiting import appeals_to_decide
from promotion.models import Standing
from staff.kernel.access import Access, Thing, Verb
from staff.selectors.access import own_line


@dataclass(frozen=True, slots=True)
class ToDecide:
    """``met`` of ``measured`` rules when it was handed in; ``waits`` are those not known then; ``differences`` to the standing
    of record of today; ``panel`` the step whose total stands against ``panel.bar``; ``upheld`` what an objection said, if one
    brought it back.
    """

    application: Application
    met: int
    measured: int
    waits: int
    differences: tuple[Difference, ...]
    attested: list[Attestation]
    left: list[Any]
    panel: ProcessStep | None
    total: str | None
    opinion: str
    upheld: str

    @property
    def key(self) -> str:
        """Of the decision, for this stay at the step: the same answer sent twice is one."""
        row = self.application
        return f"decision:{row.pk}:{row.attempt}:{int(row.step_since.timestamp() * 1000)}"


def at_decision(access: Access) -> QuerySet[Application]:
    """What the reader decides; what is due first. Nobody's own, and nobody's who leads the reader."""
    rows = Application.objects.visible_to(access, Verb.DECIDE)
    found: QuerySet[Application] = (
        rows.filter(state=ApplicationState.OPEN, step=DECISION)
        .exclude(Q(employee__in=own_line(access)) | Q(advised_by(access.accounts)))
        .select_related("employee", "version", "department")
        .order_by("due_on", "step_since", "pk")
    )
    return found


def with_grounds(rows: Sequence[Application]) -> list[ToDecide]:
    """Of the rows of one page, as ``at_decision`` gives them. Four queries whatever their number."""
    events = Prefetch("events", ApplicationEvent.objects.order_by("pk"))
    said = Prefetch("attestations", Attestation.objects.select_related("by__employee").order_by("pk"))
    files = Prefetch(
        "files", ApplicationFile.objects.filter(removed_at=None).select_related("attachment").order_by("pk")
    )
    prefetch_related_objects(rows, events, said, files)
    now = _standings(row.employee_id for row in rows)
    return [_one(row, now.get(row.employee_id)) for row in rows]


def _standings(people: Iterable[int]) -> dict[int, Standing]:
    """Those of record of the last sealed month."""
    rows = of_the_last_sealed(Standing.objects.current().filter(employee__in=list(people)))
    return {row.employee_id: row for row in rows.select_related("run__version")}


def _one(row: Application, now: Standing | None) -> ToDecide:
    conditions, _triggers = frozen_findings(row)
    yielded = {(c.number, str(rule.key)) for c in transition_of(row).clauses for rule in c.rules if rule.by_process}
    measured = [one for one in conditions if one.attest is None and (one.clause.number, one.rule) not in yielded]
    events = list(row.events.all())
    attestations = [one for one in row.attestations.all() if one.attempt == row.attempt]
    panel = next((name for name in reversed(row.process) if name in PANELS), "")
    total = row.facts.get("review_total")
    return ToDecide(
        application=row,
        met=sum(finding.verdict is Verdict.MET for finding in measured),
        measured=len(measured),
        waits=len(unknown_of(conditions)),
        differences=differences(row, now),
        attested=attestations,
        left=unanswered(row, row.attestations.all(), events),
        panel=step_of(row, panel) if panel else None,
        total=None if total is None else str(total),
        opinion=next((event.words for event in reversed(events) if event.act == Act.OPINED), ""),
        upheld=_upheld(events),
    )


def _upheld(events: Sequence[ApplicationEvent]) -> str:
    """What the objection said that brought it back, until it is decided anew."""
    last = next((event for event in reversed(events) if event.act in (Act.UPHELD, Act.APPROVED)), None)
    return last.words if last is not None and last.act == Act.UPHELD else ""


def waiting_for_decision(access: Access) -> int:
    """How many applications and appeals wait for the reader. One query."""
    if not access.may(Thing.APPLICATION, Verb.DECIDE):
        return 0
    here = at_decision(access).order_by().values("pk")
    return here.union(appeals_to_decide(access).order_by().values("pk"), all=True).count()
