"""The record of an application as a document: what was found, clause by clause, with what it rests on; who said what; how to
check it. Everything is read from what was frozen and from acts that are over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policy.language.checked import ProcessStep
from promotion.applications.models import Act, Application, ApplicationEvent, ApplicationKind
from promotion.applications.process import step_of
from promotion.applications.standings import frozen_findings
from promotion.models import Candidate, NoticeEntry, RunShard, Standing
from promotion.panels.selectors import in_scope, results_of
from promotion.sweep.selectors import explanation_of
from promotion.web.conditions import Condition, conditions_of, with_evidence
from promotion.web.evidence import facts_of
from promotion.web.judging_file import bar_sign, line_name, step_name
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class PanelPart:
    """A closed round that judged it. ``result`` has each judge's points, and is None for whoever reads the total alone."""

    candidacy: Candidate
    name: str
    step: ProcessStep | None
    sign: str
    result: Any
    lines: list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A measured rule when it was handed in and at the decision."""

    number: str
    label: str
    then: str
    now: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``now`` is the month that was known at the decision; ``same`` rules stood as they had."""

    then: Month
    now: Month
    rows: list[Compared]
    same: int


@dataclass(frozen=True, slots=True)
class Record:
    """``measured`` with the facts of the run that was frozen; ``triggers`` the clauses of demotion; ``decided`` the decision
    that stands; ``posted`` the notice; ``findings`` the whole in sentences.
    """

    measured: tuple[Condition, ...]
    triggers: tuple[Condition, ...]
    panels: tuple[PanelPart, ...]
    comparison: Comparison | None
    decided: ApplicationEvent | None
    posted: NoticeEntry | None
    judged_at: datetime | None
    findings: tuple[str, ...]

    @property
    def met(self) -> int:
        return sum(condition.verdict == "met" for condition in self.measured)

    @property
    def fired(self) -> int:
        return sum(condition.verdict == "met" for condition in self.triggers)


def record_of(
    access: Access,
    application: Application,
    events: Sequence[ApplicationEvent],
    candidacies: Sequence[Candidate],
    answered: int,
) -> Record:
    """Ten queries or so, whatever has happened to it. ``answered``: how many clauses people have found met."""
    conditions, triggers = frozen_findings(application)
    measured, fired, judged_at = _with_facts(application, conditions, triggers)
    decided = next(
        (e for e in reversed(events) if e.act in (Act.APPROVED, Act.DECLINED) and e.step == "decision"), None
    )
    panels = _panels(access, application, candidacies)
    posted = _posted(application)
    return Record(
        measured=measured, triggers=fired, panels=panels, comparison=_comparison(application, conditions, decided, access),
        decided=decided, posted=posted, judged_at=judged_at,
        findings=tuple(_findings(application, measured, answered, panels, decided, posted)),
    )  # fmt: skip


def _with_facts(
    application: Application, conditions: Sequence[Any], triggers: Sequence[Any]
) -> tuple[tuple[Condition, ...], tuple[Condition, ...], datetime | None]:
    """The months and events that the frozen run counted, as they were known to it."""
    standing = _frozen_standing(application)
    facts = facts_of(standing, explanation_of(standing), standing.known_at) if standing else {}  # type: ignore[attr-defined]
    both = []
    for findings in (conditions, triggers):
        shown = zip(conditions_of(findings), findings, strict=True)
        both.append(
            tuple(with_evidence(one, facts, {}, found.missing) for one, found in shown if one.measured and one.rule)
        )
    return both[0], both[1], standing.run.finished_at if standing else None


def _frozen_standing(application: Application) -> Standing | None:
    if application.standing_run_id is None:
        return None
    shard = RunShard.objects.filter(
        run=OuterRef("run"), low__lt=OuterRef("employee_id"), high__gte=OuterRef("employee_id")
    )
    rows = Standing.objects.filter(run=application.standing_run_id, employee=application.employee_id)
    return rows.select_related("run__version").annotate(known_at=Subquery(shard.values("known_at")[:1])).first()


def _panels(access: Access, application: Application, candidacies: Sequence[Candidate]) -> tuple[PanelPart, ...]:
    """The points of each judge are for whoever reads the round, and the person reads their total."""
    own = application.employee_id == access.employee_id
    told = set()
    if candidacies and not own and access.may(Thing.ROUND, Verb.READ):
        told = set(in_scope(access).filter(pk__in=[one.round_id for one in candidacies]).values_list("pk", flat=True))
    found = []
    for one in candidacies:
        step = step_of(application, one.round.step)
        results = results_of(one.round) if one.round_id in told else []
        found.append(
            PanelPart(
                one,
                step_name(one.round.step),
                step,
                bar_sign(step) if step else "",
                next((result for result in results if result.candidate.pk == one.pk), None),
                [(line_name(line), line["of"]) for line in one.round.sheet],
            )
        )
    return tuple(found)


def _comparison(
    application: Application, conditions: Sequence[Any], decided: ApplicationEvent | None, access: Access
) -> Comparison | None:
    """Against the standing of record that was known at the decision, or that is known today where it is still to be taken."""
    if application.kind == ApplicationKind.SKIP or application.standing_month is None:
        return None
    if decided is None and application.step != "decision":
        return None
    rows = Standing.objects.filter(employee=application.employee_id, run__of_record=True)
    if decided is not None:
        rows = rows.filter(run__finished_at__lte=decided.at)
    now = rows.select_related("run__version").order_by("-month", "-run").first()
    if now is None or now.run_id == application.standing_run_id:
        return None
    today = {(f.clause.number, f.rule): c for f, c in _shown(explanation_of(now).conditions)}
    found = []
    for finding, then in _shown(conditions):
        after = today.get((finding.clause.number, finding.rule))
        if then.measured and then.rule and after is not None:
            changed = (then.observed, then.verdict) != (after.observed, after.verdict)
            found.append(Compared(then.number, then.label, then.observed, after.observed, changed))
    return Comparison(
        application.standing_month,
        now.month,
        [row for row in found if row.changed],
        sum(not row.changed for row in found),
    )


def _shown(findings: Sequence[Any]) -> list[tuple[Any, Condition]]:
    return list(zip(findings, conditions_of(findings), strict=True))


def _posted(application: Application) -> NoticeEntry | None:
    rows = application.entries.filter(taken_back_on=None).select_related("notice")
    found: NoticeEntry | None = rows.order_by("-pk").first()
    return found


def _findings(
    application: Application,
    measured: Sequence[Condition],
    answered: int,
    panels: Sequence[PanelPart],
    decided: ApplicationEvent | None,
    posted: NoticeEntry | None,
) -> list[str]:
    """Whole sentences, each of which stands by itself."""
    found = []
    if measured:
        met = sum(condition.verdict == "met" for condition in measured)
        words = ngettext(
            "%(met)d of %(n)d measured clause was met when it was handed in.",
            "%(met)d of %(n)d measured clauses were met when it was handed in.", len(measured),
        )  # fmt: skip
        found.append(words % {"met": met, "n": len(measured)})
    if answered:
        words = ngettext("People found %(n)d clause met.", "People found %(n)d clauses met.", answered)
        found.append(words % {"n": answered})
    for panel in panels:
        if panel.candidacy.total is not None:
            found.append(
                _("%(step)s: %(total)s points.")
                % {"step": panel.name.capitalize(), "total": _plain(panel.candidacy.total)}
            )
    if decided is not None:
        said = (
            _("Approved by %(who)s on %(day)s.")
            if decided.act == Act.APPROVED
            else _("Declined by %(who)s on %(day)s.")
        )
        found.append(said % {"who": decided.signed or "–", "day": timezone.localdate(decided.at)})
    if posted is not None:
        found.append(
            _("Posted from %(first)s to %(last)s.") % {"first": posted.notice.posted_on, "last": posted.notice.ends_on}
        )
    if application.effective_on is not None:
        found.append(_("Effective on %(day)s.") % {"day": application.effective_on})
    return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
