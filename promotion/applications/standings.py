"""What an application rests on: the standing of record when it was handed in, kept with its digest, and today's beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet, Subquery
from django.utils.translation import gettext as _

from assessment.models import AssessmentMonth, MonthState
from policy.compiler import Outcome, Verdict, trace
from policy.compiler.outcome import Finding
from policy.compiler.say import rule_sentence
from policy.compiler.trace import findings, gap_of, readings_of, standing_of
from policy.language.checked import Checked, Clause, Step
from policy.selectors import Governed
from promotion.applications.models import Application
from promotion.applications.process import policy_of, transition_of
from promotion.models import Standing, TierPeriod
from promotion.sweep.evaluation import statement_of
from promotion.sweep.selectors import explanation_of, explanation_with_process
from promotion.sweep.selectors import policy_of as policy_of_standing
from staff.kernel.access import Refused
from staff.kernel.periods import Month
from staff.models import Employee

#: With these somebody may hand in.
MAY_APPLY = (Outcome.ELIGIBLE, Outcome.WAITING_FOR_DATA)
Where = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Basis:
    """A standing of record on which an application can be opened, and the transition that it leads to."""

    standing: Standing
    checked: Checked
    transition: Step


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule whose verdict is another one today; None where it is asked only then, or only now."""

    then: Finding | None
    now: Finding | None

    @property
    def finding(self) -> Finding:
        found = self.now or self.then
        if found is None:
            raise ValueError("a difference is between two findings, or with one")
        return found


def last_sealed_month() -> Month | None:
    found: Month | None = AssessmentMonth.objects.filter(state=MonthState.SEALED).aggregate(last=Max("month"))["last"]
    return found


def standing_of_record(employee_id: int) -> Standing | None:
    """That of the last sealed month, once its run of record is done."""
    rows = of_the_last_sealed(Standing.objects.current().filter(employee=employee_id))
    return rows.select_related("run__version").first()


def of_the_last_sealed(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    """Those of record of the last sealed month; which it is, the same query asks."""
    sealed = AssessmentMonth.objects.filter(state=MonthState.SEALED).order_by("-month")
    return rows.filter(month=Subquery(sealed.values("month")[:1]), run__of_record=True)


def basis_for(employee: Employee, day: date) -> Basis:
    """What the person can apply on. Raises ``Refused``, saying which clauses stand in the way (process, promotion)."""
    standing = judged_of_record(employee, day)
    checked = policy_of_standing(standing)
    found = findings(statement_of(checked), standing, standing.month)
    if standing.outcome in (Outcome.DEMOTION_PROPOSED, Outcome.WARNING):
        raise Refused(
            _("A clause of demotion is met (%(clauses)s). While it is, no promotion is applied for.")
            % {"clauses": _numbers(f for f in found.triggers if f.verdict is Verdict.MET)},
            code="trigger",
        )
    transition = checked.ladder.step_from(standing.tier) if checked.ladder else None
    if transition is None:
        raise Refused(_("There is no tier above this one."), code="top")
    if standing.outcome not in MAY_APPLY:
        raise Refused(
            _("Not yet: as of %(month)s this is not met: %(clauses)s. The page of the tier says what is missing.")
            % {"month": standing.month, "clauses": _numbers(f for f in found.conditions if _stands_in_the_way(f))},
            code="not_yet",
        )
    return Basis(standing, checked, transition)


def judged_of_record(employee: Employee, day: date) -> Standing:
    """The standing of the last sealed month, of somebody who still holds that tier. Raises ``Refused``."""
    if employee.left_on is not None and employee.left_on <= day:
        raise Refused(_("%(name)s has left.") % {"name": employee}, code="left")
    held = TierPeriod.objects.filter(employee=employee, period__contains=day)
    rows = of_the_last_sealed(Standing.objects.current().filter(employee=employee)).select_related("run__version")
    standing: Standing | None = rows.annotate(
        held=Subquery(held.values("tier")[:1]), held_ladder=Subquery(held.values("ladder")[:1])
    ).first()
    if standing is None:
        month = last_sealed_month()
        if month is None:
            raise Refused(_("No month is sealed yet; what one applies on comes from a sealed month."), code="month")
        raise Refused(
            _("%(month)s is sealed, but %(name)s has no standing of record in it. Ask HR when it will be there.")
            % {"month": month, "name": employee.name},
            code="no_standing",
        )
    if (standing.held, standing.held_ladder) != (standing.tier, standing.run.version.key):  # type: ignore[attr-defined]
        raise Refused(
            _("The tier has changed since %(month)s. Apply once the next month is sealed.") % {"month": standing.month},
            code="tier",
        )
    return standing


def frozen_of(standing: Standing) -> dict[str, Any]:
    """What a standing says, as the sweep's file has it, with the run that found it."""
    told = trace(statement_of(policy_of_standing(standing)), standing, standing.month)
    kept = {name: told[name] for name in ("outcome", "conditions", "triggers")}
    return {**kept, "run": standing.run_id, "digest": standing.run.digest}


def digest_of(frozen: Mapping[str, Any]) -> str:
    """SHA-256 of its JSON, keys in order."""
    return hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def frozen_columns(standing: Standing) -> dict[str, Any]:
    """The columns of an application that hold it."""
    frozen = frozen_of(standing)
    return {
        "standing_month": standing.month, "standing_run_id": standing.run_id, "frozen": frozen,
        "frozen_digest": digest_of(frozen),
    }  # fmt: skip


def frozen_findings(application: Application) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Conditions and triggers as they were when it was handed in, in words: read from what is kept, and nothing else."""
    checked, frozen = policy_of(application), application.frozen
    if frozen is None or checked.ladder is None:
        return (), ()
    conditions = _read(frozen["conditions"], _tier_clauses(application), checked)
    return conditions, _read(frozen["triggers"], checked.ladder.demotions, checked)


def _tier_clauses(application: Application) -> tuple[Clause, ...]:
    """Those of the step that leads on from the tier held; a skip-level promotion was no such step."""
    ladder = policy_of(application).ladder
    step = ladder.step_from(application.from_tier) if ladder else None
    return step.clauses if step else ()


def differences(application: Application, now: Standing | None) -> tuple[Difference, ...]:
    """Rules whose verdict is not what it was, in the order in which they were then; none where nobody was judged since."""
    if now is None or application.frozen is None or now.run_id == application.standing_run_id:
        return ()
    today = explanation_of(now)
    then_conditions, then_triggers = frozen_findings(application)
    return _differing(then_conditions, today.conditions) + _differing(then_triggers, today.triggers)


def unknown_of(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Measured rules that wait for data."""
    return tuple(f for f in found if f.verdict is Verdict.UNKNOWN and _measured(f))


def yielded(application: Application) -> tuple[Finding, ...]:
    """The rules of the transition that rest on what the process yields, with what it has yielded: judged by the compiler as of
    the month that the application rests on. Unknown until the process has yielded all that they need.
    """
    if application.standing_month is None:
        return ()
    keys = {fact.key for c in transition_of(application).clauses for r in c.rules for fact in r.observed.processes}
    facts = {key: _value(application.facts.get(key), None) for key in keys}
    by = Governed(version=application.version, values=application.values, department_ids=(), adoption_ids=())
    found = explanation_with_process(application.employee, application.standing_month, facts, by=by)  # type: ignore[arg-type]
    return tuple(f for f in found.conditions if _by_process(f)) if found else ()


def has_by_process(application: Application) -> bool:
    """Whether the transition rests on anything that the process yields."""
    return any(rule.by_process for clause in transition_of(application).clauses for rule in clause.rules)


def _read(wires: Iterable[Mapping[str, Any]], clauses: Iterable[Clause], checked: Checked) -> tuple[Finding, ...]:
    by_number = {clause.number: clause for clause in clauses}
    return tuple(_finding(wire, by_number[wire["clause"]], checked) for wire in wires if wire["clause"] in by_number)


def _finding(wire: Mapping[str, Any], clause: Clause, checked: Checked) -> Finding:
    found = Finding(
        clause, wire["rule"], _value(wire["observed"], wire["unit"]), wire["op"], _value(wire["threshold"], wire["unit"]),
        wire["unit"], Verdict[wire["verdict"].upper()], tuple(Month.parse(month) for month in wire["missing"]),
    )  # fmt: skip
    rule = next((rule for rule in clause.rules if str(rule.key) == wire["rule"]), None)
    if rule is None:
        return found
    gap = gap_of(found)
    return replace(
        found, gap=gap, sentence=rule_sentence(rule, checked), standing=standing_of(found, rule, gap),
        readings=readings_of(rule, checked),
    )  # fmt: skip


def _value(plain: Any, unit: str | None) -> Decimal | date | bool | None:
    """What JSON holds, as a finding has it."""
    if plain is None or isinstance(plain, bool):
        return plain
    return date.fromisoformat(plain) if unit == "date" else Decimal(str(plain))


def _differing(then: Iterable[Finding], now: Iterable[Finding]) -> tuple[Difference, ...]:
    before, after = _placed(then), _placed(now)
    found = [Difference(before.get(key), after.get(key)) for key in {**before, **after}]
    return tuple(d for d in found if d.then is None or d.now is None or d.then.verdict is not d.now.verdict)


def _placed(found: Iterable[Finding]) -> dict[Where, Finding]:
    return {(f.clause.number, f.rule): f for f in found if _measured(f)}


def _measured(finding: Finding) -> bool:
    rule = next((rule for rule in finding.clause.rules if str(rule.key) == finding.rule), None)
    return rule is not None and not rule.by_process


def _by_process(finding: Finding) -> bool:
    return any(rule.by_process for rule in finding.clause.rules if str(rule.key) == finding.rule)


def _stands_in_the_way(finding: Finding) -> bool:
    return finding.verdict is Verdict.UNMET and _measured(finding)


def _numbers(found: Iterable[Finding]) -> str:
    return _(", ").join(dict.fromkeys(finding.clause.number for finding in found))
