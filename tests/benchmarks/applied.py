"""Applications, notices and cases in a company made for measuring: one under way or settled for everybody who has a tier above.

The month they rest on is sealed and swept as any other, so that its cases are those of the facts. The rows themselves are
written in bulk: it is the pages that are measured, and not the acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, groupby

from django.db import connection, transaction

from assessment.actions.gaps_accept import accept_gaps
from assessment.actions.month_close import close_month
from assessment.selectors.needs import gaps
from promotion.applications.models import (
    DECISION,
    EFFECT,
    NOTICE,
    SETTLED,
    Act,
    Application,
    ApplicationEvent,
    ApplicationState,
    Attestation,
)
from promotion.applications.process import APPLICATION, OPINION, names_of, transition_to
from promotion.applications.standings import frozen_columns
from promotion.models import Standing
from promotion.notices.models import Notice, NoticeEntry, NoticeState
from promotion.sweep.actions.month_seal import seal_and_sweep
from promotion.sweep.actions.sweep_run import run_sweep
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import Account, DepartmentPeriod
from staff.selectors.access import access_of
from tests.benchmarks.company import Made

#: People on one notice.
A_NOTICE = 10
_TABLES = ("application", "applicationevent", "attestation", "notice", "noticeentry", "proceeding", "standing")


@dataclass(frozen=True, slots=True)
class Ground:
    """What all applications from one tier share."""

    to_tier: str
    process: list[str]
    columns: dict[str, object]
    clauses: tuple[str, ...]


def seal(hr: Account, month: Month, today: date) -> None:
    """With its gaps acknowledged, swept for the record. Raises ``Refused``."""
    access, now = access_of(hr, today, channel="command"), datetime.now(UTC)
    close_month(access=access, month=month, now=now)
    missing = [gap.cell for gap in gaps(access, month) if not gap.accepted]
    if missing:
        accept_gaps(access=access, month=month, cells=missing, reason="benchmark")
    seal_and_sweep(access=access, month=month, now=now)
    run_sweep(access=Access.system(today, "benchmark", channel="command"), month=month)


def apply_all(made: Made, accounts: dict[str, Account], month: Month, today: date, *, most: int | None = None) -> int:
    """Two applications for everybody (of the first ``most``) with a tier above: one of every state and step in turn, and one
    that was withdrawn before.

    ``month`` is the sealed one. How many.
    """
    with transaction.atomic():
        rows = list(_applications(made, month, today, most))
        Application.objects.bulk_create(rows, batch_size=1000)
        settled = [one for one in rows if one.state not in (ApplicationState.DRAFT, ApplicationState.NOMINATED)]
        ApplicationEvent.objects.bulk_create(
            [event for one in settled for event in _events(one, accounts)], batch_size=2000
        )
        Attestation.objects.bulk_create([said for one in settled for said in _attested(one, accounts)], batch_size=2000)
        _post(rows, accounts["hr"], today)
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"VACUUM (ANALYZE) promotion_{table}")
    return len(rows)


def _applications(made: Made, month: Month, today: date, most: int | None) -> Iterator[Application]:
    last = made.high if most is None else min(made.high, made.low + most)
    standings = Standing.objects.current().filter(month=month, employee__gt=made.low, employee__lte=last)
    grounds: dict[str, Ground | None] = {}
    places = dict(DepartmentPeriod.objects.filter(employee__gt=made.low).values_list("employee", "department"))
    turn = count()
    for row in standings.select_related("run__version").order_by("employee"):
        if row.tier not in grounds:
            grounds[row.tier] = _ground(row)
        ground = grounds[row.tier]
        if ground is None:
            continue
        yield _withdrawn(row, ground, places[row.employee_id], today)
        yield _in_turn(row, ground, places[row.employee_id], today, next(turn))


def _ground(standing: Standing) -> Ground | None:
    version = standing.run.version
    above = {"regular": "star", "star": "diamond", "diamond": "crown"}.get(standing.tier)
    if above is None:
        return None
    transition = transition_to(version, standing.run.values, above)
    attested = tuple(clause.number for clause in transition.clauses if clause.attest == "head")
    return Ground(above, names_of(transition), frozen_columns(standing), attested)


def _common(row: Standing, ground: Ground, department: int) -> dict[str, object]:
    return {
        "employee_id": row.employee_id, "department_id": department, "kind": "applied", "version": row.run.version,
        "values": row.run.values, "from_tier": row.tier, "to_tier": ground.to_tier, "process": ground.process,
        "summary": "What was done in half a year.", "results": "Cases and customers.",
    }  # fmt: skip


def _withdrawn(row: Standing, ground: Ground, department: int, today: date) -> Application:
    return Application(
        **_common(row, ground, department), state=ApplicationState.WITHDRAWN, closed_at=_at(today, -40), attempt=1,
        submitted_at=_at(today, -60), **ground.columns,
    )  # fmt: skip


def _in_turn(row: Standing, ground: Ground, department: int, today: date, turn: int) -> Application:
    """A draft, a returned and a declined one in ten of each; the others under way, at every step in turn."""
    common = _common(row, ground, department)
    state = {0: ApplicationState.DRAFT, 1: ApplicationState.RETURNED, 2: ApplicationState.DECLINED}.get(turn % 10)
    if state == ApplicationState.DRAFT:
        return Application(**common, state=state)
    common |= {"attempt": 1, "submitted_at": _at(today, -20), "facts": {"review_total": "86.40"}, **ground.columns}
    if state == ApplicationState.DECLINED:
        clause = next(iter(ground.clauses), "")
        return Application(**common, state=state, closed_at=_at(today, -3), reason="Half a year more.", clause=clause)
    if state is not None:
        return Application(**common, state=state)
    steps = [name for name in ground.process if name != APPLICATION]
    step = steps[turn // 10 % len(steps)]
    waits = step not in (NOTICE, EFFECT)
    return Application(
        **common, state=ApplicationState.OPEN, step=step, step_since=_at(today, -(turn % 9)),
        due_on=today + timedelta(days=turn % 9 - 3) if waits else None,
        effective_on=Month.of(today).next.first_day if step == EFFECT else None,
    )  # fmt: skip


def _past(row: Application, step: str) -> bool:
    """Whether it has left the step behind."""
    if row.step == "" or step not in row.process:
        return False
    return row.process.index(row.step) > row.process.index(step)


def _events(row: Application, accounts: dict[str, Account]) -> Iterator[ApplicationEvent]:
    yield ApplicationEvent(application=row, act=Act.SUBMITTED, step=APPLICATION, attempt=1, role="employee")
    done = ((OPINION, Act.OPINED, "supervisor"), ("review", Act.REVIEWED, "head"), (DECISION, Act.APPROVED, "gm"))
    for step, act, role in done:
        if _past(row, step):
            yield ApplicationEvent(
                application=row, act=act, step=step, attempt=1, role=role, by=accounts[role], words="So it is.",
                public=act != Act.OPINED,
            )  # fmt: skip
    ended = {ApplicationState.WITHDRAWN: Act.WITHDRAWN, ApplicationState.DECLINED: Act.DECLINED}.get(
        ApplicationState(row.state)
    )
    if ended is not None:
        role = "gm" if ended == Act.DECLINED else "employee"
        yield ApplicationEvent(
            application=row, act=ended, step=DECISION, attempt=1, role=role, by=accounts[role], words=row.reason
        )


def _attested(row: Application, accounts: dict[str, Account]) -> Iterator[Attestation]:
    if not _past(row, "review"):
        return
    transition = transition_to(row.version, row.values, row.to_tier)
    for clause in transition.clauses:
        if clause.attest == "head":
            yield Attestation(
                application=row,
                clause=clause.number,
                attempt=1,
                role="head",
                met=True,
                reason="Seen.",
                by=accounts["head"],
            )


def _post(rows: list[Application], hr: Account, today: date) -> None:
    """Whoever waits for the notice's end is on one that runs; whoever waits for the day on one that has ended."""
    posted = sorted(
        (row for row in rows if row.state not in SETTLED and row.step in (NOTICE, EFFECT)),
        key=lambda row: (row.step, row.department_id, row.pk),
    )
    serial, entries = count(1), []
    for (step, department), group in groupby(posted, key=lambda row: (row.step, row.department_id)):
        people = list(group)
        for first in range(0, len(people), A_NOTICE):
            ended = step == EFFECT
            notice = Notice.objects.create(
                year=today.year, serial=next(serial), version=people[0].version, department_id=department, days=5,
                posted_on=today - timedelta(days=12 if ended else 2), ends_on=today + timedelta(days=-5 if ended else 5),
                state=NoticeState.ENDED if ended else NoticeState.POSTED,
                ended_on=today - timedelta(days=5) if ended else None, posted_by=hr, digest="0" * 64,
            )  # fmt: skip
            entries += [_entry(notice, row) for row in people[first : first + A_NOTICE]]
    NoticeEntry.objects.bulk_create(entries, batch_size=2000)


def _entry(notice: Notice, row: Application) -> NoticeEntry:
    return NoticeEntry(
        notice=notice, application=row, name=f"B{row.employee_id}", employee_no=f"B{row.employee_id:08}",
        department="team", from_tier=row.from_tier, to_tier=row.to_tier, clauses="四.2",
    )  # fmt: skip


def _at(today: date, days: int) -> datetime:
    return datetime.combine(today, datetime.min.time(), UTC) + timedelta(days=days)


def numbers_of(made: Made, own: int) -> dict[str, str]:
    """What the paths of records leave open: one at the decision, of another than ``own``'s team where there is one; the own."""
    rows = Application.objects.filter(employee__gt=made.low).order_by("pk")
    other = rows.filter(step=DECISION).exclude(employee=own).first() or rows.latest("pk")
    mine = rows.filter(employee=own).last() or other
    return {"number": other.number, "own": mine.number}
