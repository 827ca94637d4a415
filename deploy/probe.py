"""The health of a container: ``python -m deploy.probe web | beat``; exit status 0 when well."""

from __future__ import annotations

import http.client
import os
import sys
from datetime import UTC, datetime, timedelta

LATEST_RING = timedelta(minutes=10)
"""The bell rings every minute and beat writes that down within three more."""


def web() -> bool:
    """The site is ready, asked under the name it is known by."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    host = os.environ.get("ALLOWED_HOSTS", "localhost").partition(",")[0]
    connection.request("GET", "/readyz", headers={"Host": host})
    return connection.getresponse().status == 200


def beat() -> bool:
    """Beat has rung of late."""
    import psycopg2

    from config import databases

    facts = databases.configured(owner=False)
    with (
        psycopg2.connect(
            host=facts["HOST"],
            port=facts["PORT"] or None,
            user=facts["USER"],
            password=facts["PASSWORD"],
            dbname=facts["NAME"],
            connect_timeout=4,
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT max(last_run_at) FROM django_celery_beat_periodictask WHERE enabled")
        (last,) = cursor.fetchone()
    return last is not None and datetime.now(UTC) - last < LATEST_RING


PROBES = {"web": web, "beat": beat}


def main(arguments: list[str]) -> int:
    try:
        return 0 if PROBES[arguments[0]]() else 1
    except Exception as failure:
        print(f"{type(failure).__name__}: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
