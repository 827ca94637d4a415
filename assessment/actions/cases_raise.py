"""Cases follow from results of record: what a period's results raise is raised, what they raise no more is withdrawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessment.actions.cases_tell import tell_of_cases, tell_of_withdrawn
from assessment.models import KINDS, Assessed, Level, Result
from assessment.models.cases import CORRECTED
from policy.compiler.say import sentence
from policy.language import typed as t
from policy.language.checked import Case as CaseOfPolicy
from policy.language.checked import Checked
from policy.models import PolicyVersion
from policy.selectors import checked, governing
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.locks import Lock
from staff.kernel.periods import Month

_DEFINED = """
CREATE TEMP TABLE case_defined (
    version_id bigint, digest text, kind text, team boolean, clause text, owner text, level text, span integer, rule jsonb
) ON COMMIT DROP
"""
_DEFINE = "INSERT INTO case_defined VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"

_OF_PERIOD = "r.policy = %(policy)s AND r.level = %(level)s AND r.month = %(month)s"
_PART = (
    "'total', trim_scale({0}.total), 'full_marks', trim_scale({0}.full_marks), 'grade', {0}.grade, 'rank', {0}.rank, "
    "'stars', {0}.stars"
)
_AS_MONTH = "(h.month / 12)::text || '-' || lpad((h.month %% 12 + 1)::text, 2, '0')"
#: ``{who}`` says whose earlier results are a person's, or a team's. Facts that differ after a correction are told anew in a
#: case that is open; one that was handled stays as it was handled.
_RAISE = f"""
INSERT INTO assessment_case AS k (kind, policy, version_id, clause, level, month, employee_id, department_id, owner, state,
    note, withdrawn_note, evidence)
SELECT d.kind, r.policy, r.version_id, d.clause, r.level, r.month, r.employee_id, r.department_id, d.owner, 'open', '', '',
    d.rule || jsonb_strip_nulls(jsonb_build_object({_PART.format("r")}, 'periods', p.periods))
FROM assessment_result r CROSS JOIN LATERAL unnest(r.cases) AS c (kind)
JOIN case_defined d ON d.version_id = r.version_id AND d.digest = r.values_digest AND d.kind = c.kind
    AND d.team = (r.employee_id IS NULL)
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('month', {_AS_MONTH}, {_PART.format("h")})) ORDER BY h.month)
        AS periods
    FROM assessment_result h
    WHERE d.span > 0 AND h.policy = r.policy AND h.level = d.level AND h.month > r.month - d.span AND h.month <= r.month
        AND {{who}}
) p ON true
WHERE {_OF_PERIOD} AND r.cases <> '{{{{}}}}' AND {{whose}}
ORDER BY r.id, d.kind
ON CONFLICT ({{subject}}, policy, level, month, kind, clause) WHERE state <> 'withdrawn' AND {{held}}
DO UPDATE SET evidence = EXCLUDED.evidence, version_id = EXCLUDED.version_id
    WHERE k.state = 'open' AND (k.evidence, k.version_id) IS DISTINCT FROM (EXCLUDED.evidence, EXCLUDED.version_id)
RETURNING k.id, k.xmax = 0
"""
_PERSON = {
    "who": "h.employee_id = r.employee_id", "whose": "r.employee_id IS NOT NULL",
    "subject": "employee_id", "held": "employee_id IS NOT NULL",
}  # fmt: skip
_TEAM = {
    "who": "h.employee_id IS NULL AND h.department_id = r.department_id", "whose": "r.employee_id IS NULL",
    "subject": "department_id", "held": "employee_id IS NULL",
}  # fmt: skip

#: Of the kinds that results raise: those of the sweep rest on standings.
_WITHDRAW = f"""
UPDATE assessment_case k SET state = 'withdrawn', withdrawn_note = %(note)s, withdrawn_at = clock_timestamp()
WHERE k.policy = %(policy)s AND k.level = %(level)s AND k.month = %(month)s AND k.state <> 'withdrawn'
    AND k.kind NOT IN ('demotion', 'level_check')
    AND NOT EXISTS (SELECT FROM assessment_result r WHERE {_OF_PERIOD} AND k.kind = ANY (r.cases)
        AND (r.employee_id = k.employee_id
             OR (k.employee_id IS NULL AND r.employee_id IS NULL AND r.department_id = k.department_id)))
RETURNING k.id
"""
#: Periods of record that no case rests on although a result raises one: nobody has looked since they are of record.
_LACKING = """
SELECT a.policy, a.level, a.month FROM assessment_assessed a
WHERE a.of_record AND a.month >= %s AND NOT EXISTS (
    SELECT FROM assessment_case k WHERE k.policy = a.policy AND k.level = a.level AND k.month = a.month
        AND k.kind NOT IN ('demotion', 'level_check'))
    AND EXISTS (SELECT FROM assessment_result r WHERE r.policy = a.policy AND r.level = a.level AND r.month = a.month
        AND r.cases <> '{}')
ORDER BY a.month, a.policy, a.level
"""
#: So many months back the nightly job looks for them.
_LOOKS_BACK = 24


@dataclass(frozen=True, slots=True)
class Raised:
    """How many cases were raised, and how many withdrawn."""

    new: int = 0
    withdrawn: int = 0


@transaction.atomic
def raise_cases(*, access: Access, policy: str, level: str, month: Month, note: str = "") -> Raised:
    """The cases of a policy's results of record of the period that ends with ``month``, in the transaction that made them so.

    May be repeated: the same facts raise a case once. A case whose result raises it no more is withdrawn, with ``note`` or
    with a note that says so. Nobody's tier, pay or place changes by it.
    Raises ``Forbidden``; ``Refused`` for a period that is not of record.
    """
    access.require(Thing.RUN, Verb.CREATE)
    if not Assessed.objects.filter(policy=policy, level=level, month=month, of_record=True).exists():
        raise Refused(
            _("The results of %(month)s are not of record: seal the month first. Until then cases are only shown.")
            % {"month": month},
            code="not_of_record",
        )
    these = {"policy": policy, "level": level, "month": month.number}
    new = _raise(these, list(_definitions(policy, level, month)))
    gone = _withdraw({**these, "note": note or CORRECTED})
    if new:
        tell_of_cases(new, day=access.day)
    if gone:
        tell_of_withdrawn(gone)
    record_cases(access, policy, level, month, Raised(len(new), len(gone)))
    return Raised(len(new), len(gone))


@transaction.atomic
def raise_missing_cases(*, access: Access) -> Raised:
    """The cases of every period of record of two years that has none although its results raise some."""
    access.require(Thing.RUN, Verb.CREATE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.ASSESSMENT])
        cursor.execute(_LACKING, [Month.of(access.day).number - _LOOKS_BACK])
        periods = cursor.fetchall()
    found = [
        raise_cases(access=access, policy=policy, level=level, month=Month(number)) for policy, level, number in periods
    ]
    return Raised(sum(one.new for one in found), sum(one.withdrawn for one in found))


def record_cases(access: Access, policy: str, level: str, month: Month, done: Raised) -> None:
    """One entry for what was raised and one for what was withdrawn; the rows leave themselves in the trail."""
    for action, number in (("cases_raised", done.new), ("cases_withdrawn", done.withdrawn)):
        if number:
            after = {"policy": policy, "level": level, "cases": number}
            audit.record(access, action, object_type="month", object_key=str(month), after=after)


def _raise(these: dict[str, Any], definitions: list[tuple[Any, ...]]) -> list[int]:
    """Ids of the cases that are new."""
    if not definitions:
        return []
    new = []
    with connection.cursor() as cursor:
        cursor.execute(_DEFINED)
        cursor.executemany(_DEFINE, definitions)
        for parts in (_PERSON, _TEAM):
            cursor.execute(_RAISE.format(**parts), these)
            new += [pk for pk, inserted in cursor.fetchall() if inserted]
        cursor.execute("DROP TABLE case_defined")
    return new


def _withdraw(these: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, these)
        return [pk for (pk,) in cursor.fetchall()]


def _definitions(policy: str, level: str, month: Month) -> Iterator[tuple[Any, ...]]:
    """A row of ``case_defined`` for each kind that a version with its values raises at this level."""
    results = Result.objects.filter(policy=policy, level=level, month=month).exclude(cases=[])
    pairs = list(results.order_by().values_list("version", "values_digest").distinct())
    values = {
        (one.version.pk, one.values_digest): one.values for one in governing(month.last_day, part="scorecard") if pairs
    }
    versions = PolicyVersion.objects.in_bulk([version for version, _digest in pairs])
    for version, digest in pairs:
        policy_of = checked(versions[version], values.get((version, digest), {}))
        for (kind, team), cases in _by_kind(policy_of, level).items():
            of, span = _window(cases, level)
            rule = json.dumps({**_rule(policy_of, cases), **({"of": of} if span else {})}, ensure_ascii=False)
            clause = "、".join(dict.fromkeys(case.clause for case in cases))
            yield version, digest, kind, team, clause, KINDS[kind].owner, of, span, rule


def _by_kind(policy: Checked, level: str) -> dict[tuple[str, bool], list[CaseOfPolicy]]:
    """Cases that the product keeps; a document may speak of others, which its results list."""
    found: dict[tuple[str, bool], list[CaseOfPolicy]] = {}
    for case in policy.cases:
        if case.every == level and case.kind in KINDS:
            found.setdefault((str(case.kind), case.subject == "team"), []).append(case)
    return found


def _rule(policy: Checked, cases: list[CaseOfPolicy]) -> dict[str, Any]:
    """The rule in words: ``rule``, and ``most`` where whoever has most of it is meant."""
    told = [sentence(node, policy) for case in cases if (node := case.when or case.top) is not None]
    rule = {"zh": "；".join(one.zh for one in told), "en": "; ".join(one.en for one in told)}
    return {"rule": rule, **({"most": True} if cases[0].top is not None else {})}


def _window(cases: list[CaseOfPolicy], level: str) -> tuple[str, int]:
    """Of which level the earlier results are that the case rests on, and how many calendar months they reach back; 0: none.

    A streak runs over periods of the case's own level, every other aggregate over months.
    """
    nodes = [part for case in cases for part in (case.when or case.top or _NOTHING).walk()]
    found = [node for node in nodes if isinstance(node, t.MonthAggregate)]
    if not found:
        return level, 0
    of = level if any(node.function == "streak" for node in found) else Level.MONTH
    return of, max((node.span.months or 1) for node in found)


_NOTHING = t.Const("none", None)
