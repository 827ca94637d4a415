"""A case with its course on one page, as each reader may see it, and what they may do there now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from assessment.web.case_words import CaseView, view_of
from promotion.cases.bounds import person_of
from promotion.cases.digests import is_erased
from promotion.cases.goals import goals_of
from promotion.cases.models import (
    Basis,
    CaseAct,
    Decision,
    Proceeding,
    ProceedingAct,
    ProceedingState,
    ProtectedBy,
    ProtectionAnswer,
    Track,
)
from promotion.cases.owners import deciders_of, heads
from promotion.cases.protection import hints
from promotion.cases.selectors import PERSON, acts_for, part_of, proceeding_of, protection_for
from promotion.web.case_calendar import Cell, calendar_of
from promotion.web.tiers import TierView, views_of
from staff.kernel.access import Access
from staff.kernel.workdays import term_end
from staff.models import Account, Employee

S = ProceedingState
_HEARD = (S.SERVED, S.STATED)


@dataclass(frozen=True, slots=True)
class ActShown:
    """``files``: (attachment, name)."""

    act: ProceedingAct
    erased: bool
    files: tuple[tuple[int, str], ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        return self.act.words.split("\n\n")

    @property
    def data(self) -> dict[str, Any]:
        return self.act.data


@dataclass(frozen=True, slots=True)
class Item:
    """An item of protection as HR answers it, with what the records suggest; ``said``, ``by`` and ``until`` as just sent."""

    key: str
    label: str
    hint: str
    answer: ProtectionAnswer | None
    said: str = ""
    by: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Who decides, first and on appeal, by name."""

    head: str
    gm: str


@dataclass
class CoursePage:
    """Everything that the templates of a case show; ``can`` holds what the reader may do now."""

    view: CaseView
    row: Proceeding
    part: str
    tiers: tuple[TierView | None, TierView | None]
    said: dict[str, list[ActShown]]
    timeline: list[ProceedingAct]
    cells: list[Cell]
    named: Named
    can: frozenset[str]
    items: list[Item] = field(default_factory=list)
    goals: dict[str, str] = field(default_factory=dict)
    people: list[Any] = field(default_factory=list)
    earliest: date | None = None
    today: date | None = None
    bases: list[tuple[str, Any]] = field(default_factory=lambda: list(Basis.choices))

    @property
    def own(self) -> bool:
        return self.part == PERSON

    @property
    def weekdays(self) -> list[str]:
        """As the heads of the sheet of days, from Monday on."""
        return _("Mo Tu We Th Fr Sa Su").split()

    @property
    def whole(self) -> bool:
        """Whether the reader is a party: whoever only leads the person reads the clause and the plan."""
        return self.part not in ("supervisor", "mentor", "")

    @property
    def demotes(self) -> bool:
        return self.row.track == Track.DEMOTION

    @property
    def stopped(self) -> bool:
        """A clause of dismissal under protection: a hard stop."""
        return self.row.track == Track.DISMISSAL and bool(self.row.protected) and self.row.state != S.CLOSED

    def last(self, act: str) -> ActShown | None:
        return self.said[act][-1] if self.said.get(act) else None

    @property
    def checked(self) -> list[ActShown]:
        return self.said.get(CaseAct.CHECKED, [])

    @property
    def letter(self) -> ActShown | None:
        return self.last(CaseAct.SERVED)

    @property
    def statement(self) -> ActShown | None:
        return self.last(CaseAct.STATED)

    @property
    def decision(self) -> ActShown | None:
        return self.last(CaseAct.DECIDED)

    @property
    def appeal(self) -> ActShown | None:
        return self.last(CaseAct.APPEALED)

    @property
    def answer(self) -> ActShown | None:
        return self.last(CaseAct.ANSWERED)

    @property
    def later(self) -> list[ActShown]:
        """Notes, arrangements, assessments, the outcome and the restoration, in order."""
        kinds = (
            CaseAct.NOTED,
            CaseAct.ARRANGED,
            CaseAct.REASSESSED,
            CaseAct.RECORDED,
            CaseAct.RESTORED,
            CaseAct.HALTED,
        )
        return sorted((one for kind in kinds for one in self.said.get(kind, [])), key=lambda one: one.act.pk)

    @property
    def read_at(self) -> Any:
        read = self.last(CaseAct.READ)
        return read.act.at if read else None

    @property
    def plan(self) -> bool:
        return self.row.decision == Decision.PLAN

    @property
    def basis(self) -> str:
        return str(self.row.get_basis_display())


def course_page(access: Access, pk: int) -> CoursePage | None:
    """None where the case has no course, or does not exist for the reader."""
    row = proceeding_of(pk)
    part = part_of(access, row) if row is not None else ""
    if row is None or not part:
        return None
    acts = acts_for(part, row)
    said: dict[str, list[ActShown]] = {}
    for act in acts:
        files = tuple((one["id"], one["name"]) for one in act.data.get("files", ()))
        said.setdefault(act.act, []).append(ActShown(act, is_erased(act), files))
    can = _can(access, row, part)
    case, views = row.case, views_of([row.case.policy])
    tiers = tuple(views.get((case.policy, case.evidence.get(name, ""))) for name in ("tier", "target"))
    page = CoursePage(
        view=view_of(case), row=row, part=part, tiers=(tiers[0], tiers[1]), said=said, timeline=acts,
        cells=calendar_of(row, access.day), named=_named(row, access.day), can=can, today=access.day,
    )  # fmt: skip
    if "check" in can or part in ("hr", "auditor"):
        page.items = _items(access, row, part)
    if "decide" in can:
        page.goals = goals_of(case)
        page.earliest = term_end(access.day, 10) + timedelta(days=1)
    if "answer" in can:
        page.earliest = max(access.day, row.appeal_until or access.day) + timedelta(days=1)
    return page


def _can(access: Access, row: Proceeding, part: str) -> frozenset[str]:
    """The acts whose forms are shown; each action asks anew."""
    found, day = set(), access.day
    demotes = row.track == Track.DEMOTION
    over = row.state == S.STATED or (
        row.state == S.SERVED and row.statement_due is not None and row.statement_due < day
    )
    if part == PERSON:
        if row.state == S.SERVED and not over:
            found.add("state")
        if row.state == S.DECIDED and row.appeal_until is not None and day <= row.appeal_until:
            found.add("appeal")
        if row.served_on is not None and not row.acts.filter(act=CaseAct.READ).exists():
            found.add("read")
        return frozenset(found)
    if _above(access, row):
        return frozenset()
    if part == "hr":
        found |= _can_hr(row, demotes, over, day)
        if row.state == S.APPEALED and not deciders_of(row, day):
            found.add("name")
    if "head" in access.roles and demotes and over and access.account_id in heads_and_scope(access, row):
        found.add("decide")
    if row.state == S.APPEALED and access.role_account_id in deciders_of(row, day):
        found.add("answer")
    if part == "gm" and row.state == S.RESTORING:
        found.add("restore")
    if part in ("supervisor", "mentor", "hr") and row.state == S.PLANNED:
        found.add("note")
    return frozenset(found)


def _can_hr(row: Proceeding, demotes: bool, over: bool, day: date) -> set[str]:
    found = set()
    if row.state == S.PROPOSED or (not demotes and row.state in (S.CHECKED, *_HEARD, S.ARRANGED, S.REASSESSED)):
        found.add("check")
    if row.state == S.CHECKED:
        found.add("serve")
    if not demotes and over:
        found.add("arrange")
    clear = not demotes and row.protected is False
    if clear and row.state == S.ARRANGED and row.arranged_until is not None and row.arranged_until < day:
        found.add("reassess")
    if clear and row.state == S.REASSESSED:
        found.add("record")
    return found


def heads_and_scope(access: Access, row: Proceeding) -> list[int | None]:
    """The account, where it is a head in whose scope the person is and who did not check the facts."""
    from staff.kernel.access import Thing, Verb

    acting = access.in_roles(frozenset({"head"}))
    inside = Proceeding.objects.visible_to(acting, Verb.DECIDE).filter(pk=row.pk)
    may = acting.may(Thing.PROCEEDING, Verb.DECIDE) and row.checked_by_id not in access.accounts and inside.exists()
    return [access.account_id] if may else []


def _above(access: Access, row: Proceeding) -> bool:
    from staff.selectors.access import is_above

    return any(is_above(person_of(row).pk, own, access.day) for own in access.people)


def _items(access: Access, row: Proceeding, part: str) -> list[Item]:
    known = {one.item: one for one in protection_for(part, row)}
    said = hints(access, person_of(row), access.day)
    return [Item(item.value, str(item.label), said.get(item, ""), known.get(item)) for item in ProtectedBy]


def _named(row: Proceeding, day: date) -> Named:
    found = {}
    first = [row.decided_by_id] if row.decided_by_id else heads(row, day)
    then = [row.answered_by_id] if row.answered_by_id else deciders_of(row, day)
    accounts = {one.pk: str(one) for one in Account.objects.filter(pk__in=[*first, *then]).select_related("employee")}
    for key, ids in (("head", first), ("gm", then)):
        found[key] = ", ".join(accounts[pk] for pk in ids if pk in accounts)
    return Named(found["head"] or _("nobody yet"), found["gm"] or _("whoever HR names"))


def mentors(access: Access, row: Proceeding) -> list[Employee]:
    """People of the person's department and those around it whom the reader sees."""
    found = Employee.objects.visible_to(access).employed_on(access.day).exclude(pk=person_of(row).pk)
    return list(found.order_by("pinyin")[:300])
