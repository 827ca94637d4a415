"""Cases that standings of record raise: a clause of demotion that is met, and the check that is due after a promotion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessment.actions.cases_raise import Raised, record_cases
from assessment.actions.cases_tell import tell_of_cases, tell_of_withdrawn
from assessment.models import KINDS, Case, CaseKind, CaseState, Level
from assessment.models.case_kinds import WARNING
from assessment.models.cases import CORRECTED
from policy.compiler import Outcome, SweepStatement, Verdict
from policy.compiler.outcome import Finding
from policy.compiler.say import rule_sentence
from policy.compiler.trace import findings
from policy.language.checked import Check, Text
from policy.selectors import checked
from promotion.cases.actions.plan import settle_plans
from promotion.models import Run, Standing
from promotion.sweep.actions.cases_facts import Fact, facts_behind
from promotion.sweep.evaluation import statement_of
from staff.kernel.access import Access, Refused, Thing, Verb

#: Standings a batch.
_BATCH = 1000
_FIRED = (Outcome.DEMOTION_PROPOSED, Outcome.WARNING)
Wanted = dict[tuple[int, str], Case]

_CHECK = """
INSERT INTO assessment_case (kind, policy, version_id, clause, level, month, employee_id, department_id, owner, state,
    note, withdrawn_note, evidence)
SELECT 'level_check', %(policy)s, %(version)s, %(clause)s, 'month', %(month)s, d.employee_id, d.department_id, %(owner)s,
    'open', '', '', jsonb_build_object('tier', d.tier, 'promoted_on', d.promoted_on, 'months', d.months, 'every', %(every)s)
FROM ({due}) d ORDER BY d.employee_id
ON CONFLICT DO NOTHING RETURNING id
"""
#: Whoever was promoted on the ladder and not demoted since, so many whole months ago that the next check is due.
_DUE = """
SELECT s.*, (%(as_of)s - s.since) AS months FROM (
    SELECT c.employee_id, c.department_id, c.tier, up.day AS promoted_on,
        (extract(year FROM up.day) * 12 + extract(month FROM up.day))::integer
            + CASE WHEN extract(day FROM up.day) > 1 THEN 1 ELSE 0 END AS since
    FROM promotion_standing c JOIN promotion_run r ON r.id = c.run_id
    CROSS JOIN LATERAL (
        SELECT max(lower(t.period)) FILTER (WHERE t.kind IN ('promotion', 'skip')) AS day,
            max(lower(t.period)) FILTER (WHERE t.kind = 'demotion') AS down
        FROM promotion_tierperiod t
        WHERE t.employee_id = c.employee_id AND t.ladder = %(policy)s AND lower(t.period) <= %(last_day)s
    ) up
    WHERE c.month = %(month)s AND c.superseded_by_id IS NULL AND r.version_id = %(version)s AND r.values_digest = %(values)s
        AND (c.left_on IS NULL OR c.left_on > %(last_day)s) AND up.day IS NOT NULL AND (up.down IS NULL OR up.down < up.day)
) s WHERE %(as_of)s - s.since > 0 AND (%(as_of)s - s.since) %% %(every)s = 0
"""
_NOT_DUE = """
UPDATE assessment_case k SET state = 'withdrawn', withdrawn_note = %(note)s, withdrawn_at = clock_timestamp()
WHERE k.kind = 'level_check' AND k.policy = %(policy)s AND k.month = %(month)s
    AND k.clause = %(clause)s AND k.state <> 'withdrawn' AND k.employee_id NOT IN (SELECT d.employee_id FROM ({due}) d)
    AND NOT EXISTS (SELECT FROM promotion_standing c JOIN promotion_run r ON r.id = c.run_id
        WHERE c.employee_id = k.employee_id AND c.month = %(month)s AND c.superseded_by_id IS NULL
            AND (r.version_id, r.values_digest) <> (%(version)s, %(values)s))
RETURNING k.id
"""


@transaction.atomic
def raise_cases_of_standings(*, access: Access, run: Run, note: str = "") -> Raised:
    """The cases of what stands by a run of record, in the transaction that made it so.

    May be repeated: a clause that is met raises one case; while it is open no other of the clause is raised, and once it was
    handled only facts that it did not rest on raise the next. What a standing says no more is withdrawn, with ``note`` or a
    note that says so. On the bottom tier it is a warning. Nobody's tier or pay changes by it.
    Raises ``Forbidden``; ``Refused`` for a provisional run.
    """
    access.require(Thing.RUN, Verb.CREATE)
    if not run.of_record:
        raise Refused(
            _("The run of %(month)s is not of record: seal the month first. Until then cases are only shown.")
            % {"month": run.month},
            code="not_of_record",
        )
    policy = checked(run.version, run.values)
    note = note or CORRECTED
    new, gone = _demotions(access, run, statement_of(policy), note)
    for check in policy.ladder.checks if policy.ladder else ():
        due, past = _checks(run, check, note)
        new, gone = [*new, *due], [*gone, *past]
    if new:
        tell_of_cases(new, day=access.day)
    if gone:
        tell_of_withdrawn(gone)
    record_cases(access, run.version.key, Level.MONTH, run.month, Raised(len(new), len(gone)))
    return Raised(len(new), len(gone))


def _demotions(access: Access, run: Run, statement: SweepStatement, note: str) -> tuple[list[int], list[int]]:
    """Ids of the cases that are new, and of those withdrawn."""
    by_another = (
        Standing.objects.current()
        .filter(month=run.month)
        .exclude(run__version=run.version_id, run__values_digest=run.values_digest)
    )
    of_run = (
        Case.objects.filter(kind=CaseKind.DEMOTION, policy=run.version.key, month=run.month)
        .standing()
        .exclude(employee__in=by_another.values("employee"))
    )
    before = set(of_run.values_list("pk", flat=True))
    standings = Standing.objects.of(run).filter(outcome__in=_FIRED).order_by("employee_id")
    met: set[tuple[int, str]] = set()
    for batch in _batches(standings.iterator(chunk_size=_BATCH)):
        wanted = _wanted(run, statement, batch)
        met |= wanted.keys()
        settle_plans(access=access, run=run, met=met, among={person for person, _clause in wanted})
        Case.objects.bulk_create(_not_answered(run, wanted), ignore_conflicts=True)
    settle_plans(access=access, run=run, met=met)
    there = {pk: tuple(key) for pk, *key in of_run.values_list("pk", "employee_id", "clause")}
    gone = [pk for pk, key in there.items() if key not in met]
    Case.objects.filter(pk__in=gone).update(state=CaseState.WITHDRAWN, withdrawn_note=note, withdrawn_at=Now())
    return [pk for pk, key in there.items() if key in met and pk not in before], gone


def _batches(standings: Iterator[Standing]) -> Iterator[list[Standing]]:
    while batch := list(islice(standings, _BATCH)):
        yield batch


def _wanted(run: Run, statement: SweepStatement, standings: list[Standing]) -> Wanted:
    """(employee, clause) → the case that a met clause would be, with its facts."""
    found = {
        (standing.employee_id, clause): (standing, met)
        for standing in standings
        for clause, met in _met(statement, standing).items()
    }
    facts = facts_behind(run, statement, [(one.employee_id, met) for one, met in found.values()])
    says = {
        str(rule.key): rule_sentence(rule, statement.checked)
        for clause in statement.ladder.demotions
        for rule in clause.rules
    }
    return {key: _case(run, standing, met, says, facts) for key, (standing, met) in found.items()}


def _met(statement: SweepStatement, standing: Standing) -> dict[str, list[Finding]]:
    """The clauses of demotion that are met, each with its rules that are."""
    met: dict[str, list[Finding]] = {}
    for finding in findings(statement, standing, standing.month).triggers:
        if finding.verdict is Verdict.MET:
            met.setdefault(finding.clause.number, []).append(finding)
    return met


def _case(
    run: Run, standing: Standing, met: list[Finding], says: dict[str, Text], facts: dict[tuple[int, str], list[Fact]]
) -> Case:
    warned = standing.outcome == Outcome.WARNING
    rules = []
    for finding in met:
        wire, told = finding.wire(), says[str(finding.rule)]
        rules.append(
            {
                "rule": finding.rule,
                "says": {"zh": told.zh, "en": told.en},
                **{name: wire[name] for name in ("observed", "op", "threshold", "unit")},
                "facts": facts.get((standing.employee_id, str(finding.rule)), []),
            }
        )
    return Case(
        kind=CaseKind.DEMOTION,
        policy=run.version.key,
        version=run.version,
        clause=met[0].clause.number,
        month=run.month,
        employee_id=standing.employee_id,
        department_id=standing.department_id,
        owner=WARNING.owner if warned else KINDS[CaseKind.DEMOTION].owner,
        evidence={
            "outcome": str(Outcome(standing.outcome)),
            "tier": standing.tier,
            **({} if warned else {"target": standing.target}),
            "tier_since": standing.tier_since.isoformat(),
            "rules": rules,
        },
    )


def _not_answered(run: Run, wanted: Wanted) -> Iterable[Case]:
    """Without those whose clause has an open case, or was handled on facts among which all of these were."""
    known = Case.objects.filter(
        kind=CaseKind.DEMOTION, policy=run.version.key, employee__in={employee for employee, _clause in wanted}
    ).standing()
    open_ones: set[tuple[int, str]] = set()
    answered: dict[tuple[int, str], set[str]] = {}
    for case in known:
        key = (case.employee_id, case.clause)
        if case.open:
            open_ones.add(key)
        else:
            answered.setdefault(key, set()).update(_facts_of(case))
    for key, case in wanted.items():
        if key not in open_ones and (key not in answered or set(_facts_of(case)) - answered[key]):
            yield case


def _facts_of(case: Case) -> Iterator[str]:
    """What a case rests on, fact by fact: an event, a month, or where there is neither the value observed."""
    for rule in case.evidence["rules"]:
        for fact in rule["facts"]:
            yield f"{rule['rule']}:{fact.get('event') or fact.get('month') or fact.get('first_day')}"
        if not rule["facts"]:
            yield f"{rule['rule']}={rule['observed']}"


def _checks(run: Run, check: Check, note: str) -> tuple[list[int], list[int]]:
    month = run.month
    these: dict[str, Any] = {
        "policy": run.version.key, "version": run.version_id, "values": run.values_digest, "month": month.number,
        "clause": check.clause, "owner": KINDS[CaseKind.LEVEL_CHECK].owner, "every": check.every, "note": note,
        "last_day": month.last_day, "as_of": month.next.year * 12 + month.next.month,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CHECK.format(due=_DUE), these)
        new = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_NOT_DUE.format(due=_DUE), these)
        return new, [pk for (pk,) in cursor.fetchall()]
