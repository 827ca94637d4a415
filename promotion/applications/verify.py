"""Applications that do not say any more what was handed in: the frozen standing, what it was taken from, the ledger's line."""

from __future__ import annotations

from collections.abc import Iterator

from promotion.applications.models import EFFECT, Act, Application, ApplicationEvent, ApplicationState
from promotion.applications.standings import digest_of, frozen_of
from promotion.models import Run, Standing
from promotion.sweep.replay import replay


def verify_applications() -> Iterator[str]:
    """Each difference in one line. A run that applications rest on is replayed once, whole."""
    rows = Application.objects.exclude(frozen=None).select_related("standing_run__version", "line")
    for application in rows.order_by("pk").iterator(chunk_size=500):
        for said in _of_frozen(application):
            yield f"application {application.number}: {said}"
    yield from _of_runs()
    yield from _of_effects()


def _of_frozen(application: Application) -> Iterator[str]:
    frozen = application.frozen or {}
    if digest_of(frozen) != application.frozen_digest:
        yield "the frozen standing is not the one that was handed in"
    if application.standing_run_id is None:
        yield "it names no run that its standing comes from"
        return
    found = Standing.objects.filter(run=application.standing_run_id, employee=application.employee_id)
    standing = found.select_related("run__version").first()
    if standing is None:
        yield "its run holds no standing of the person"
    elif frozen_of(standing) != frozen:
        yield "the frozen standing is not what its run found"


def _of_runs() -> Iterator[str]:
    """The standings behind them, judged again from what their runs stored."""
    resting = Application.objects.exclude(frozen=None).exclude(standing_run=None)
    people: dict[int, dict[int, str]] = {}
    for row in resting.order_by("pk"):
        people.setdefault(row.standing_run_id or 0, {})[row.employee_id] = row.number
    for run in Run.objects.filter(pk__in=people).select_related("statement").order_by("pk"):
        for one in replay(run):
            if one.employee_id in people[run.pk]:
                yield (
                    f"application {people[run.pk][one.employee_id]}: the standing of {run.month} that it rests on does not "
                    f"come out as stored: {one.stored} now {one.replayed}"
                )


def _of_effects() -> Iterator[str]:
    """The day of the effect follows from the end of the notice, and the line of the ledger says that day and tier."""
    ended = dict(
        ApplicationEvent.objects.filter(act=Act.CLEARED, data__has_key="ended_on")
        .order_by("pk")
        .values_list("application_id", "data__ended_on")
    )
    rows = Application.objects.filter(state=ApplicationState.EFFECTIVE) | Application.objects.filter(step=EFFECT)
    for row in rows.select_related("line").order_by("pk").iterator(chunk_size=500):
        day, line = row.effective_on, row.line
        after = ended.get(row.pk)
        if day is None or (after is not None and (day.day != 1 or day.isoformat() <= after)):
            yield f"application {row.number}: it takes effect on {day}, and its notice ended on {after}"
        if line is not None and (line.to_tier, line.effective_on) != (row.to_tier, day):
            yield (
                f"application {row.number}: line {line.seq} of the ledger says {line.to_tier} from {line.effective_on}, the "
                f"application {row.to_tier} from {day}"
            )
