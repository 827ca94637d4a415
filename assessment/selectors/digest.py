"""The digest of a month's facts: what sealing fixes, so that anybody can tell later whether it is still so.

It covers the month's own facts and the digest of the month sealed before it, with the months between, and so on down. The
first that is sealed covers itself alone: months before it stay open, as they were when the company began. Of absences it
holds the days, not the kind, which may be found out later; a month that was sealed before days were held is known by the
digest without them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Min

from assessment.models import SLOTS, AssessmentMonth, Correction, CorrectionState, MonthState
from staff.kernel.gate import as_known_at
from staff.kernel.periods import Month

#: One line a row, as JSON with the keys of the records' files: nothing in it depends on ids, on time or on how a number
#: was written. A person's month in which nothing is reported is no row.
_PARTS = """
WITH lines(part, month, line, size) AS (
    SELECT 'values', f.month, jsonb_build_array(e.employee_no, f.counts, f.held),
        (SELECT count(*) FROM jsonb_object_keys(f.held))
    FROM (SELECT employee_id, month, counts,
            jsonb_strip_nulls(to_jsonb(m) - ARRAY['employee_id', 'month', 'counts', 'recorded_at']) AS held
          FROM {values} m WHERE month > %(after)s AND month <= %(month)s) f
    JOIN staff_employee e ON e.id = f.employee_id WHERE NOT f.counts OR f.held <> '{{}}'
    UNION ALL
    SELECT 'assessors', a.month, jsonb_build_array(e.employee_no, m.key, b.employee_no), 1
    FROM assessment_itemassessor a JOIN assessment_metric m ON m.id = a.metric_id
    JOIN staff_employee e ON e.id = a.employee_id JOIN staff_employee b ON b.id = a.assessor_id
    WHERE a.month > %(after)s AND a.month <= %(month)s
    UNION ALL
    SELECT 'events', staff_month_number(greatest(v.day, v.decided_on)),
        jsonb_build_array(v.event_no, e.employee_no, v.day, v.kind, v.status, v.subject, v.quantity, v.note, v.decided_on), 1
    FROM {events} v JOIN staff_employee e ON e.id = v.employee_id
    WHERE greatest(v.day, v.decided_on) >= %(first_day)s AND greatest(v.day, v.decided_on) <= %(last_day)s
    UNION ALL
    SELECT 'gaps', g.month, jsonb_build_array(e.employee_no, m.key, g.reason), 1
    FROM assessment_acceptedgap g JOIN assessment_metric m ON m.id = g.metric_id
    JOIN staff_employee e ON e.id = g.employee_id WHERE g.month > %(after)s AND g.month <= %(month)s
    UNION ALL
    SELECT 'absences', staff_month_number(m.first::date), jsonb_build_array(e.employee_no,
        greatest(a.first_day, m.first::date), least(a.last_day, (m.first + interval '1 month')::date - 1)), 1
    FROM generate_series(%(first_day)s::timestamp, %(last_day)s::timestamp, interval '1 month') AS m(first)
    JOIN {absences} a ON a.first_day < m.first + interval '1 month' AND a.last_day >= m.first
    JOIN staff_employee e ON e.id = a.employee_id
)
SELECT part, month, sum(size)::bigint,
    encode(sha256(convert_to(string_agg(line::text, E'\\n' ORDER BY line::text COLLATE "C"), 'UTF8')), 'hex')
FROM lines GROUP BY part, month ORDER BY part, month
"""


#: Where values, events and absences are read: as they are, or as they were before the first correction of the months covered.
_NOW = {"values": "assessment_employeemonth", "events": "assessment_event", "absences": "staff_absence"}
_VALUE_COLUMNS = ", ".join(["employee_id", "month", "counts", *(f"s{slot}" for slot in range(1, SLOTS + 1))])
_EVENT_COLUMNS = "event_no, employee_id, day, kind, status, subject, quantity, note, decided_on"
_THEN = {
    "values": f"({as_known_at(_NOW['values'], _VALUE_COLUMNS)})",
    "events": f"({as_known_at(_NOW['events'], _EVENT_COLUMNS)})",
    "absences": f"({as_known_at(_NOW['absences'], 'employee_id, first_day, last_day')})",
}


@dataclass(frozen=True, slots=True)
class Digest:
    """``sha256`` names all of it; the counts are of what it covers by itself. ``after``: the month whose digest it goes on
    from; None where it is the first. ``without_days``: as it was before it held absences.
    """

    sha256: str
    without_days: str
    after: Month | None
    values: int
    events: int
    assessors: int
    gaps: int
    absences: int

    def is_of(self, row: AssessmentMonth) -> bool:
        """Whether the month, which is sealed, was sealed with these facts."""
        return row.digest in (self.sha256, self.without_days)


def digest_of(month: Month) -> Digest:
    """Of the facts as they are; of those of a sealed month as it was sealed, which corrections do not change. Three queries,
    whatever they hold.
    """
    before = AssessmentMonth.objects.filter(month__lt=month, state=MonthState.SEALED).order_by("-month").first()
    first = before.month + 1 if before else month
    parts = _parts(first, month)
    head = before.digest if before else ""
    lines = [(part, f"{part} {Month(of)} {size} {sha}\n") for part, of, size, sha in parts]
    # Its own first line: where nobody was away the two differ all the same.
    found = _sha256(f"{head}\nwith absences\n", *(line for _part, line in lines))
    without_days = _sha256(f"{head}\n", *(line for part, line in lines if part != "absences"))
    counts = dict.fromkeys(("values", "events", "assessors", "gaps", "absences"), 0)
    for part, _month, size, _sha in parts:
        counts[part] += size
    return Digest(found, without_days, before.month if before else None, **counts)


def _sha256(*texts: str) -> str:
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def _parts(first: Month, month: Month) -> list[tuple[str, int, int, str]]:
    params: dict[str, Any] = {
        "after": first.number - 1,
        "month": month.number,
        "first_day": first.first_day,
        "last_day": month.last_day,
    }
    corrected = Correction.objects.filter(month__gte=first, month__lte=month, state=CorrectionState.APPROVED)
    params["known_at"] = corrected.aggregate(first=Min("began_at"))["first"]
    with connection.cursor() as cursor:
        cursor.execute(_PARTS.format(**(_THEN if params["known_at"] else _NOW)), params)
        return list(cursor.fetchall())
