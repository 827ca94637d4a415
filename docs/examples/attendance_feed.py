#!/usr/bin/env python3
"""A nightly feed: what the attendance system exports becomes absences and monthly values. Python's standard library alone.

    PROMOTION_TOKEN=jsk_… python attendance_feed.py attendance.csv --site https://promotion.example.com

The export has a row a person and day: employee_no, date, status (present, or a kind of absence), calls (answered that day).
It may be sent again, whole or in part, as often as one likes: the interface knows an absence by its person and first day, a
value by its person, month and metric, and a request by its key. The token takes the scopes absences:write and values:write.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROWS_AT_ONCE = 500
ATTEMPTS = 6
ONE_DAY = timedelta(days=1)
Row = dict[str, Any]


def main() -> int:
    options = argparse.ArgumentParser(description="Feeds absences and monthly values from an attendance export.")
    options.add_argument("export", type=Path)
    options.add_argument("--site", default="http://127.0.0.1:8000")
    options.add_argument("--metric", default="calls_answered", help="the metric that takes the month's sum of calls")
    options.add_argument(
        "--run", default=date.today().isoformat(), help="names this run; a repetition has the same name"
    )
    given = options.parse_args()
    with given.export.open(encoding="utf-8-sig", newline="") as file:
        days = list(csv.DictReader(file))
    token = os.environ["PROMOTION_TOKEN"]
    refused = False
    for resource, rows in (("absences", absences(days)), ("values", values(days, given.metric, given.run))):
        for at in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[at : at + ROWS_AT_ONCE]
            status, answer = post(f"{given.site}/api/v1/{resource}", {"rows": part}, token, given.run)
            if status == 200:
                print(f"{resource}: {answer['rows']} sent, {answer['changed']} changed")
            else:
                refused = True
                complain(resource, part, answer)
    return 1 if refused else 0


def absences(days: list[Row]) -> list[Row]:
    """Days away of one kind that follow one another are one absence."""
    found: list[Row] = []
    away = sorted((d["employee_no"], d["date"], d["status"]) for d in days if d["status"] not in ("", "present"))
    for employee_no, day, kind in away:
        last = found[-1] if found else None
        yesterday = (date.fromisoformat(day) - ONE_DAY).isoformat()
        if last and (last["employee_no"], last["kind"], last["last_day"]) == (employee_no, kind, yesterday):
            last["last_day"] = day
        else:
            found.append({"employee_no": employee_no, "first_day": day, "last_day": day, "kind": kind})
    return found


def values(days: list[Row], metric: str, run: str) -> list[Row]:
    """The month's sum so far. It grows from night to night, and what was reported changes only with a reason."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for day in days:
        if day["calls"]:
            sums[day["employee_no"], day["date"][:7]] += int(day["calls"])
    return [
        {"employee_no": no, "month": month, "metric": metric, "value": str(total), "reason": f"running total, {run}"}
        for (no, month), total in sorted(sums.items())
    ]


def post(url: str, body: Row, token: str, run: str) -> tuple[int, Any]:
    """(status, answer). Tries again where the network, the server or a limit is in the way: with the same key, so that a
    request whose answer was lost is not done twice.
    """
    content = json.dumps(body, sort_keys=True).encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept-Language": "en",
        "Idempotency-Key": f"attendance-{run}-{hashlib.sha256(url.encode() + content).hexdigest()[:32]}",
    }
    for pause in pauses():
        request = urllib.request.Request(url, content, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            answer = json.loads(error.read() or b"{}")
            passing = error.code in (429, 500, 502, 503, 504) or answer.get("type", "").endswith("/under-way/")
            if not passing or pause is None:
                return error.code, answer
            time.sleep(float(error.headers.get("Retry-After") or pause))
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            if pause is None:
                raise
            time.sleep(pause)
    raise AssertionError("the last attempt has answered or failed")


def pauses() -> Iterator[float | None]:
    """Seconds to wait after each attempt; None after the last."""
    yield from (2.0**attempt for attempt in range(ATTEMPTS - 1))
    yield None


def complain(resource: str, rows: list[Row], problem: Row) -> None:
    """Each fault beside the row that it is about. Of the whole request nothing was kept."""
    print(f"{resource}: {problem.get('title')}: {problem.get('detail')}", file=sys.stderr)
    for fault in problem.get("errors", []):
        place = fault.get("pointer", "").split("/")
        row = rows[int(place[2])] if len(place) > 2 and place[1] == "rows" else ""
        print(f"  {fault['detail']}  {row}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
