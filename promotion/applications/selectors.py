"""Applications as each reader may see them: one whole, a person's own, what waits for a leader, HR's pipeline by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from policy.models import PolicyVersion
from promotion.applications.actions.appeal_decide import require_decider
from promotion.applications.actions.appeal_raise import last_day
from promotion.applications.actions.draft_save import refuse_unfiled
from promotion.applications.attesting import asked_at
from promotion.applications.models import (
    DECISION,
    EFFECT,
    NOTICE,
    Act,
    Appeal,
    AppealState,
    Application,
    ApplicationEvent,
    ApplicationFile,
    ApplicationKind,
    ApplicationState,
)
from promotion.applications.owners import deciders_of
from promotion.applications.process import EXAM, OPINION, PANELS, REVIEW
from promotion.applications.rights import (
    require_decision,
    require_employee,
    require_hr,
    require_opinion,
    require_own,
    require_review,
)
from promotion.applications.standings import basis_for
from promotion.applications.waiting import waiting_for
from promotion.models import Candidate
from promotion.panels.selectors import panel_turn
from staff.kernel.access import Access, Forbidden, Refused, Verb
from staff.kernel.words import both_names
from staff.models import Account, Employee
from staff.selectors.delegations import with_holders


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the way: ``done``, ``now``, ``ended`` (the way ended there) or ``todo``; when it was done and by whom, or until
    when it is to be.
    """

    step: str
    state: str
    at: Any = None
    by: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One application whole. ``acts`` names what the reader may do now; ``asked`` are clauses that they answer with it."""

    application: Application
    stops: tuple[Stop, ...]
    events: list[ApplicationEvent]
    files: list[ApplicationFile]
    candidacies: list[Candidate]
    appeals: list[Appeal]
    acts: frozenset[str]
    asked: tuple[Any, ...]
    own: bool


def applications_of(access: Access, employee_id: int) -> QuerySet[Application]:
    """A person's, the unsettled one first."""
    rows = Application.objects.visible_to(access).filter(employee=employee_id)
    return rows.select_related("version", "department").order_by(F("closed_at").desc(nulls_first=True), "-pk")


def under_way(access: Access, employee_id: int) -> Application | None:
    """The one that is not settled, where the reader may see it."""
    rows = Application.objects.visible_to(access).unsettled().filter(employee=employee_id)
    found: Application | None = rows.select_related("version").defer("version__document").first()
    return found


def why_not_begin(access: Access, reader: Employee | None = None) -> str:
    """Why the reader cannot begin an application of their own now, in words; empty where they can. The action asks again.

    ``reader`` is their employee, where it is read already.
    """
    try:
        own = require_employee(access)
        employee = reader if reader is not None and reader.pk == own else Employee.objects.get(pk=own)
        refuse_unfiled(basis_for(employee, access.day).transition)
    except Refused as refused:
        return refused.message
    return ""


def found(access: Access, number: str) -> Application | None:
    """By its number, such as ``A-00042``, where the reader may see it; None where there is none for them."""
    key = number.removeprefix("A-")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    rows = Application.objects.visible_to(access).filter(pk=int(key))
    return rows.select_related("employee", "department", "version", "line", "opened_by__employee").first()


def page_of(access: Access, application: Application) -> Page:
    """Some six queries, whatever has happened to it. Words that are not the person's to read are left out for them."""
    own = application.employee_id == access.employee_id
    events = with_holders(application.events.select_related("by__employee"))
    acts = acts_open(access, application)
    step = application.step if {"opine", "review"} & acts else ""
    rounds = application.candidacies.select_related("round").order_by("pk")
    return Page(
        application=application,
        stops=tuple(_stops(application, events)),
        events=[event for event in events if event.public or not own],
        files=list(application.files.filter(removed_at=None).select_related("attachment")),
        candidacies=[one for one in rounds if one.round.state == "closed"],
        appeals=list(application.appeals.select_related("answered_by__employee")),
        acts=acts,
        asked=asked_at(application, step) if step else (),
        own=own,
    )


def acts_open(access: Access, application: Application) -> frozenset[str]:
    """What the reader may do with it now; the action asks again."""
    found = set()
    state, step = application.state, application.step
    if _may(require_own, access, application):
        found |= _own_acts(access, application)
    if state == ApplicationState.OPEN and step == OPINION and _may(require_opinion, access, application):
        found.add("opine")
    if state == ApplicationState.OPEN and step == REVIEW and _may(require_review, access, application):
        found.add("review")
    before = application.process[: application.process.index(DECISION)] if DECISION in application.process else []
    returnable = state == ApplicationState.OPEN and step in before and application.own_person_hands_in
    person = application.employee
    if returnable and (_may(require_review, access, application) or _may(require_hr, access, person)):
        found.add("return")
    if state == ApplicationState.OPEN and step == DECISION and _may(require_decision, access, application):
        found.add("decide")
    if state == ApplicationState.DECLINED and application.employee_id != access.employee_id:
        found |= _appeal_acts(access, application)
    return frozenset(found)


def _appeal_acts(access: Access, application: Application) -> set[str]:
    """Of whoever decides on the open appeal; HR names somebody where nobody is left who may."""
    appeal = open_appeal(application)
    if appeal is None:
        return set()
    found = {"answer"} if _may(require_decider, access, appeal) else set()
    if _may(require_hr, access, application.employee) and not deciders_of(appeal, access.day):
        found.add("name")
    return found


def open_appeal(application: Application) -> Appeal | None:
    """The one that waits for its answer."""
    found: Appeal | None = application.appeals.filter(state=AppealState.OPEN).first()
    return found


def _own_acts(access: Access, application: Application) -> set[str]:
    state, found = application.state, set[str]()
    if state in (ApplicationState.DRAFT, ApplicationState.RETURNED):
        found |= {"write", "submit", "withdraw"}
    elif state == ApplicationState.NOMINATED:
        found |= {"accept", "refuse"}
    elif state == ApplicationState.OPEN and application.step not in (NOTICE, EFFECT):
        found.add("withdraw")
    elif state == ApplicationState.DECLINED and access.day <= last_day(application) and not _appealed(application):
        found.add("appeal")
    return found


def _appealed(application: Application) -> bool:
    return application.appeals.filter(attempt=application.attempt).exists()


def _may(require: Any, access: Access, about: Application | Appeal | Employee) -> bool:
    try:
        require(access, about)
    except Forbidden:
        return False
    return True


def _stops(application: Application, events: Sequence[ApplicationEvent]) -> list[Stop]:
    """The steps in order; each with the newest act that ended it in the present attempt, or in the one it stands by."""
    names = ["exam"] * (application.kind == ApplicationKind.CONFIRMED) + application.process
    last: dict[str, ApplicationEvent] = {}
    for event in events:
        if event.act in _ASIDE:
            continue
        last[event.step] = event
    end = events[-1] if events and application.state in _ENDED else None
    stands = end.step if end is not None else application.step
    at = names.index(stands) if stands in names else None
    found = []
    for place, name in enumerate(names):
        done = last.get(name)
        passed = at is None or place < at
        if end is not None and name == end.step:
            found.append(Stop(name, "ended", end.at, both_names(_name(end.by), end.on_behalf_of)))
        elif name == application.step:
            found.append(
                Stop(name, "now", application.step_since, due_on=application.due_on or application.effective_on)
            )
        elif passed and done is not None:
            found.append(Stop(name, "done", done.at, both_names(_name(done.by), done.on_behalf_of)))
        else:
            found.append(Stop(name, "todo"))
    return found


#: Acts that end no step.
_ASIDE = (
    Act.RETURNED, Act.DECLINED, Act.HALTED, Act.WITHDRAWN, Act.UPHELD, Act.ARRANGED, Act.UNSEATED, Act.POSTED,
)  # fmt: skip


def _name(account: Account | None) -> str:
    if account is None:
        return ""
    return str(account.employee.name if account.employee else account)


#: Ended before its effect; the last event says at which step.
_ENDED = (ApplicationState.DECLINED, ApplicationState.HALTED, ApplicationState.WITHDRAWN)


def to_act_on(access: Access) -> QuerySet[Application]:
    """What waits for the reader's own act, what is due first."""
    rows = Application.objects.filter(waiting_for(access), state=ApplicationState.OPEN)
    return rows.select_related("employee", "department", "version").order_by(F("due_on").asc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True)
class PipelineFilter:
    """What HR's list is narrowed to; empty stands for all that is under way."""

    step: str = ""
    state: str = ""
    policy: str = ""
    words: str = ""
    departments: frozenset[int] | None = None
    overdue: bool = False


#: What a list shows nothing of.
_LONG = ("process", "frozen", "facts", "summary", "results", "merit", "reason")
#: By its last day, or that of its effect, then by how long it has stood there.
_IN_ORDER = (Coalesce("due_on", "effective_on").asc(nulls_last=True), F("step_since").asc(), F("pk").asc())


def overdue(day: date) -> Q:
    """Its last day has gone by, or the day of its effect without the ledger's taking it."""
    return Q(due_on__lt=day) | Q(step=EFFECT, effective_on__lt=day)


def pipeline(access: Access, asked: PipelineFilter, verb: Verb = Verb.READ) -> QuerySet[Application]:
    """Overdue first, then by its day, then by how long it has stood where it is; with whose ``turn`` it is before a panel."""
    rows = narrowed(Application.objects.visible_to(access.others(), verb), asked, access.day)
    rows = rows.select_related("employee", "department", "version").annotate(turn=panel_turn(access.day))
    return rows.defer("version__document", *_LONG).order_by(*_IN_ORDER)


def heads_of_steps(access: Access, asked: PipelineFilter, most: int) -> QuerySet[Application]:
    """The first ``most`` of each step, in the order of ``pipeline``. One query, whatever stands behind them; only their keys
    are sorted.
    """
    place = Window(RowNumber(), partition_by=[F("state"), F("step")], order_by=_IN_ORDER)
    every = narrowed(Application.objects.visible_to(access.others(), Verb.READ), asked, access.day).order_by()
    first = every.annotate(place=place).filter(place__lte=most)
    return pipeline(access, asked).filter(pk__in=first.values("pk"))


def policies_under_way(access: Access) -> list[tuple[str, str]]:
    """(key, title) of the policies by which anything is under way that the reader may see, by title."""
    rows = Application.objects.visible_to(access.others(), Verb.READ).unsettled().order_by()
    versions = PolicyVersion.objects.filter(pk__in=rows.values("version")).defer("document")
    return sorted({(version.key, version.title) for version in versions}, key=lambda pair: pair[1])


def narrowed(rows: Any, asked: PipelineFilter, day: date) -> Any:
    rows = rows.filter(state=asked.state) if asked.state else rows.unsettled()
    if asked.step:
        rows = rows.filter(step=asked.step)
    if asked.policy:
        rows = rows.filter(version__key=asked.policy)
    if asked.overdue:
        rows = rows.filter(overdue(day))
    if asked.departments is not None:
        rows = rows.filter(department__in=asked.departments)
    if asked.words:
        rows = rows.filter(employee__in=Employee.objects.all().search(asked.words))
    return rows


def counted(
    access: Access, asked: PipelineFilter, exams: QuerySet[Employee] | None = None
) -> dict[str, tuple[int, int]]:
    """Step → (how many stand there, how many of them are overdue), of what is under way; beside them ``exams`` that wait to be
    confirmed. One query.
    """
    every = PipelineFilter(policy=asked.policy, departments=asked.departments, words=asked.words)
    rows = narrowed(Application.objects.visible_to(access.others(), Verb.READ), every, access.day)
    late = Count("pk", filter=overdue(access.day))
    found = rows.order_by().values_list("step", "state").annotate(n=Count("pk"), late=late)
    if exams is not None:
        waiting = exams.order_by().values(of=Value(EXAM), was=Value("")).annotate(n=Count("pk"), late=Value(0))
        found = found.union(waiting.values_list("of", "was", "n", "late"), all=True)
    counts: dict[str, tuple[int, int]] = {}
    for step, state, n, behind in found:
        key = step or state
        before = counts.get(key, (0, 0))
        counts[key] = (before[0] + n, before[1] + behind)
    return counts


#: Steps in the order in which a board shows them, whatever each policy's own order is.
ORDER = ("nominated", "draft", "returned", OPINION, REVIEW, *PANELS, DECISION, NOTICE, EFFECT)
