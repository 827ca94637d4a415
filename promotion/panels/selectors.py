"""Rounds, candidates and judges as each reader may see them.

Before a round is closed nothing here tells who has scored, what, or how much: only whether the round is complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from policy.language.checked import ProcessStep
from policy.selectors import checked
from promotion.applications.models import Act, Application, ApplicationEvent, ApplicationState
from promotion.applications.process import PANELS, transition_to
from promotion.panels.models import Candidate, Judge, Outcome, Recusal, Round, RoundState, ScoreSheet, Stance
from promotion.panels.scoring import counting, mean
from staff.kernel.access import Access, Thing, Verb
from staff.models import Account, DepartmentClosure, DepartmentPeriod, Role, RoleGrant, SupervisorPeriod
from staff.selectors.grants import grantees

#: A round that is not settled yet.
UNDER_WAY = (RoundState.ARRANGED, RoundState.OPEN)
#: Standing before the panel still: the application was not taken out, withdrawn, halted or returned meanwhile.
LIVE = Q(application__state=ApplicationState.OPEN, application__step=F("round__step"), left_at=None)
#: In a round that is under way or tied.
_SEATED = Q(round__state__in=UNDER_WAY) | Q(round__state=RoundState.CLOSED, outcome=Outcome.TIED)
#: What a page shows of people, in the query of the rows.
_WHO = "application__employee"


def looked_after(access: Access) -> QuerySet[Round]:
    """Rounds of the reader's scope; a seat on a panel alone reaches none of them."""
    if access.everything:
        return Round.objects.all()
    return Round.objects.visible_to(access.in_roles(access.roles - {Role.JUDGE}))


def in_scope(access: Access) -> QuerySet[Round]:
    """``looked_after``, without those before which the reader stands: what a round tells of its judges is not for whom they
    judge.
    """
    rows = looked_after(access)
    own = Candidate.objects.filter(round=OuterRef("pk"), application__employee__in=access.people)
    return rows.exclude(Exists(own)) if access.people else rows


def possible_judges(access: Access) -> QuerySet[Account]:
    """Accounts that the reader may put on a panel: those to whom they may give the role, and whoever has it."""
    judging = RoleGrant.objects.filter(role=Role.JUDGE, period__contains=access.day)
    rows = Account.objects.filter(Q(pk__in=grantees(access).values("pk")) | Q(pk__in=judging.values("account")))
    found: QuerySet[Account] = rows.filter(is_active=True)
    return found


def rounds_listed(access: Access) -> QuerySet[Round]:
    """Those of the reader's scope with ``candidates_all``, ``judges_all`` and ``undeclared``, the latest first."""
    sitting = Q(judges__replaced_at=None)
    return (
        in_scope(access)
        .select_related("version", "department")
        .defer("version__document")
        .annotate(
            candidates_all=Count("candidates", filter=Q(candidates__left_at=None), distinct=True),
            judges_all=Count("judges", filter=sitting, distinct=True),
            undeclared=Count("judges", filter=sitting & Q(judges__stance=Stance.ASKED), distinct=True),
        )
        .order_by("-opens_at", "-pk")
    )


def place_of(row: Application | Round) -> tuple[Any, ...]:
    """What a round and its candidates share: step, version with its values, and tier."""
    return row.step, row.version_id, tuple(sorted(row.values.items())), row.to_tier


def process_of(round: Round) -> ProcessStep:
    """What the round's version says of its step: clause, bar, and how the bar is held."""
    step = transition_to(round.version, round.values, round.to_tier)
    return checked(round.version, round.values).process_step(step, round.step)


def seated() -> Exists:
    """That an application is in a round that is under way or tied."""
    return Exists(Candidate.objects.filter(_SEATED, LIVE, application=OuterRef("pk")))


def to_arrange(access: Access) -> QuerySet[Application]:
    """Applications that stand at a panel's step and are in no round that is under way or tied, of the people whom the reader
    arranges rounds for; not one's own.
    """
    rows = Application.objects.visible_to(access.others(), Verb.UPDATE)
    found: QuerySet[Application] = (
        rows.filter(state=ApplicationState.OPEN, step__in=PANELS)
        .exclude(employee=access.employee_id)
        .filter(~seated())
        .select_related("employee", "version", "department")
        .defer("version__document")
        .order_by("step_since", "pk")
    )
    return found


def panel_turn(day: date) -> Subquery:
    """Whose turn it is, as a role, of an application's row that is in a round: the panel's while a judge has to declare or to
    score; the general manager's at a tie; HR's to settle, replace, open or close. None of whoever waits for a round. Of scores
    it tells no more than ``is_complete``, and nothing that HR's page of the round does not.
    """
    return Subquery(_turns(day).filter(application=OuterRef("pk")).values("turn")[:1])


def panel_turn_of(application: Application, day: date) -> tuple[Role, Round] | None:
    """The same of one, with the round that it is in."""
    row: Any = _turns(day).filter(application=application).select_related("round").first()
    return None if row is None else (Role(row.turn), row.round)


def _turns(day: date) -> QuerySet[Any]:
    judges = Judge.objects.filter(round=OuterRef("round"), replaced_at=None)
    given = ScoreSheet.objects.filter(
        judge=OuterRef(OuterRef("pk")), candidate=OuterRef("pk"), submitted_at__isnull=False
    )
    unscored = Candidate.objects.filter(LIVE, ~Exists(given), round=OuterRef("round"))
    recused = Recusal.objects.filter(
        ~Q(upheld=False), judge__round=OuterRef("round"), judge__replaced_at=None, candidate__left_at=None
    )
    undeclared = Q(Exists(judges.filter(stance=Stance.ASKED)))
    scoring = Q(Exists(judges.filter(Exists(unscored))), round__state=RoundState.OPEN)
    found = Candidate.objects.filter(LIVE, _SEATED).annotate(
        turn=Case(
            When(round__state=RoundState.CLOSED, then=Value(str(Role.GM))),
            When(Q(round__closes_at__date__lt=day) | Q(Exists(recused)), then=Value(str(Role.HR))),
            When(undeclared | scoring, then=Value(str(Role.JUDGE))),
            default=Value(str(Role.HR)),
        )
    )
    return found.order_by("pk")


def alike(access: Access, place: tuple[Any, ...]) -> list[Application]:
    """Of what waits for a round, those that stand at the place, in the order of ``to_arrange``."""
    return [row for row in to_arrange(access) if place_of(row) == place]


def takes_more(access: Access, place: tuple[Any, ...], now: datetime) -> list[Round]:
    """Rounds to which candidates of the place can still be added: arranged, and not over by their times."""
    rows = rounds_listed(access.in_roles(access.roles_for(Thing.ROUND, Verb.UPDATE)))
    rows = rows.filter(state=RoundState.ARRANGED, closes_at__gt=now, step=place[0], version=place[1], to_tier=place[3])
    return [row for row in rows if place_of(row) == place]


def sitting(round: Round) -> QuerySet[Judge]:
    """Its judges of now, without those who were replaced."""
    return round.judges.filter(replaced_at=None).select_related("account__employee").order_by("pk")


def live_candidates(round: Round) -> QuerySet[Candidate]:
    return round.candidates.filter(LIVE).select_related("application__employee").order_by("ordinal")


def is_complete(round: Round) -> bool:
    """Whether the panel is whole and every judge of it has handed in a sheet for every candidate. One word, and no more."""
    live = Candidate.objects.filter(LIVE, round=round)
    judges = Judge.objects.filter(round=round, replaced_at=None)
    handed_in = ScoreSheet.objects.filter(judge__in=judges, candidate__in=live, submitted_at__isnull=False)
    candidates, panel = live.count(), judges.count()
    return bool(candidates) and panel == round.panel and handed_in.count() == candidates * panel


def hindrances(round: Round) -> list[Judge]:
    """Judges because of whom it cannot open or close: not declared, or in a conflict that is not settled or was upheld."""
    found = Recusal.objects.filter(judge=OuterRef("pk"), candidate__round=round, candidate__left_at=None).filter(
        Q(upheld__isnull=True) | Q(upheld=True)
    )
    return [
        judge
        for judge in sitting(round).annotate(recused=Exists(found))
        if judge.stance == Stance.ASKED or judge.recused
    ]


# who may judge


@dataclass(frozen=True, slots=True)
class Barred:
    """Why an employee does not judge these candidates: employee id → who of them, by each of the grounds."""

    candidates: frozenset[int]
    supervisors: frozenset[int]
    reviewers: frozenset[int]
    below: frozenset[int]

    def __contains__(self, employee_id: object) -> bool:
        return employee_id in self.candidates | self.supervisors | self.reviewers | self.below


def barred(applications: Iterable[Application], day: date) -> Barred:
    """Candidates, their direct supervisors of the day, whoever heads their departments or reviewed them, and whoever is led by
    one of them.
    """
    rows = list(applications)
    people = {row.employee_id for row in rows}
    leaders = SupervisorPeriod.objects.filter(employee__in=people, period__contains=day)
    placed = DepartmentPeriod.objects.filter(employee__in=people, period__contains=day).values("department")
    heads = DepartmentClosure.objects.filter(descendant__in=placed, ancestor__head__isnull=False)
    reviewed = ApplicationEvent.objects.filter(
        application__in=[row.pk for row in rows], act=Act.REVIEWED, by__employee__isnull=False
    )
    return Barred(
        candidates=frozenset(people),
        supervisors=frozenset(leaders.values_list("supervisor_id", flat=True)),
        reviewers=frozenset(heads.values_list("ancestor__head_id", flat=True))
        | frozenset(reviewed.values_list("by__employee_id", flat=True)),
        below=_led_by(people, day),
    )


def _led_by(people: set[int], day: date) -> frozenset[int]:
    """Everybody below any of them in the chain of supervisors on the day."""
    found: set[int] = set()
    layer = set(people)
    while layer:
        led = SupervisorPeriod.objects.filter(supervisor__in=layer, period__contains=day)
        layer = set(led.values_list("employee_id", flat=True)) - found - people
        found |= layer
    return frozenset(found)


# a judge's own pages


def assigned(access: Access) -> QuerySet[Any]:
    """The reader's seats in rounds, with ``candidates_all`` and ``done``, the own sheets that are in; closed rounds last."""
    return (
        Judge.objects.filter(account=access.account_id, replaced_at=None, round__in=Round.objects.visible_to(access))
        .exclude(round__state=RoundState.CANCELLED)
        .select_related("round__version", "round__department")
        .defer("round__version__document")
        .annotate(
            candidates_all=Count("round__candidates", filter=Q(round__candidates__left_at=None), distinct=True),
            done=Count("sheets", filter=Q(sheets__submitted_at__isnull=False), distinct=True),
        )
        .order_by(ExpressionWrapper(Q(round__state=RoundState.CLOSED), BooleanField()), "round__opens_at", "pk")
    )


def waiting_for_judge(access: Access) -> int:
    """In how many rounds something is asked of the reader: a declaration, or sheets of an open round."""
    if access.account_id is None:
        return 0
    mine = Judge.objects.filter(account=access.account_id, replaced_at=None)
    unscored = Candidate.objects.filter(LIVE, round=OuterRef("round")).exclude(
        pk__in=ScoreSheet.objects.filter(
            judge__account=access.account_id, judge__replaced_at=None, submitted_at__isnull=False
        ).values("candidate")
    )
    asked = Q(round__state__in=UNDER_WAY, stance=Stance.ASKED)
    return mine.filter(asked | Q(Exists(unscored), round__state=RoundState.OPEN)).count()


def seat_of(access: Access, round_id: int) -> Judge:
    """The reader's seat in the round. Raises ``Judge.DoesNotExist``: also of a round that was cancelled."""
    found: Judge = assigned(access).get(round=round_id)
    return found


def own_sheets(judge: Judge) -> dict[int, ScoreSheet]:
    """The judge's own sheets by candidate."""
    return {sheet.candidate_id: sheet for sheet in judge.sheets.all()}


# after closing


@dataclass(frozen=True, slots=True)
class GivenRow:
    """What a judge gave a candidate: ``points`` in the order of the sheet; ``counted``: whether the total rests on it."""

    judge: Judge
    points: list[Decimal]
    total: Decimal
    comment: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A candidate of a closed round. ``means`` are those of each line of the sheet, over the judges that count."""

    candidate: Candidate
    given: list[GivenRow]
    means: list[Decimal]


def results_of(round: Round) -> list[Result]:
    """Every candidate with what each judge gave, in order of place. Raises ``ValueError`` before the round is closed."""
    if round.state != RoundState.CLOSED:
        raise ValueError("scores are told once the round is closed")
    sheets: dict[int, list[ScoreSheet]] = defaultdict(list)
    rows = ScoreSheet.objects.filter(
        candidate__round=round, judge__replaced_at=None, submitted_at__isnull=False
    ).select_related("judge__account__employee")
    for sheet in rows.order_by("judge"):
        sheets[sheet.candidate_id].append(sheet)
    found = round.candidates.select_related(_WHO, "application__department").order_by(
        F("rank").asc(nulls_last=True), "ordinal"
    )
    return [_result(round, candidate, sheets[candidate.pk]) for candidate in found]


def _result(round: Round, candidate: Candidate, sheets: list[ScoreSheet]) -> Result:
    if candidate.total is None:
        return Result(candidate, [], [])
    keys = [line["key"] for line in round.sheet]
    kept = set(counting([sheet.total or Decimal(0) for sheet in sheets], round.aggregate))
    given = [
        GivenRow(
            judge=sheet.judge,
            points=[Decimal(sheet.points[key]) for key in keys],
            total=sheet.total or Decimal(0),
            comment=sheet.comment,
            counted=at in kept,
        )
        for at, sheet in enumerate(sheets)
    ]
    columns = zip(*(row.points for row in given if row.counted), strict=True)
    return Result(candidate, given, [mean(column) for column in columns])


def own_candidacies(access: Access, *, application: Application | None = None) -> QuerySet[Candidate]:
    """The reader's own places before panels, the latest first, with the round."""
    rows = Candidate.objects.filter(application__employee=access.employee_id, left_at=None)
    if application is not None:
        rows = rows.filter(application=application)
    return rows.select_related("round__version", "application__version").order_by("-pk")


def tied_in(round: Round) -> QuerySet[Candidate]:
    """Those who are equal at the last vacancy and wait for the general manager."""
    return (
        round.candidates.filter(outcome=Outcome.TIED)
        .filter(LIVE)
        .select_related("application__employee", "application__department", "application__version")
        .order_by("ordinal")
    )


def ties_to_decide(access: Access) -> QuerySet[Round]:
    """Closed competitions with candidates that wait for the reader's decision."""
    if not access.may(Thing.APPLICATION, Verb.DECIDE):
        return Round.objects.none()
    return in_scope(access).filter(undecided(), state=RoundState.CLOSED)


def undecided() -> Exists:
    """That a round has candidates who are tied still."""
    return Exists(Candidate.objects.filter(LIVE, round=OuterRef("pk"), outcome=Outcome.TIED))


def opened_to_scores(round: Round, now: datetime) -> bool:
    """Whether a score is taken at this instant: the round is open, between its times; at closing time it no more is."""
    return round.state == RoundState.OPEN and round.opens_at <= now < round.closes_at


def accounts_of_judges(round: Round) -> list[int]:
    return list(round.judges.filter(replaced_at=None).values_list("account_id", flat=True))


def account_of(employee_id: int) -> int | None:
    found = Account.objects.filter(employee=employee_id, is_active=True).values_list("pk", flat=True).first()
    return found


def rows_of(round: Round) -> list[Any]:
    """Judges with their recusals, for HR: who has declared what, and what is to be settled."""
    return list(
        round.judges.select_related("account__employee", "replaced_by__account__employee")
        .prefetch_related("recusals__candidate__application__employee", "recusals__settled_by__employee")
        .order_by("pk")
    )
