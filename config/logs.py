"""Log lines: time, level, logger, the request's id, message. No personal data: routes and keys, never paths, names or values
of a form; of an error its kind and where it was raised, for its words may quote anybody.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.conf import settings
from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="-")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
#: What a line of a request says, in this order.
REQUEST_FIELDS = ("method", "route", "status", "ms", "account")


def route_of(request: HttpRequest) -> str:
    """The pattern that the address matched, such as ``people/<str:employee_no>/``; ``-`` where none did."""
    match = request.resolver_match
    return f"/{match.route.lstrip('^/')}" if match else "-"


class RequestIdFilter(logging.Filter):
    """Adds the request's id, and takes out what a library puts into a message: the path of a request, the words of an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        # Django tells of a refusal when the request's own context is over already
        record.request_id = getattr(request, "request_id", None) or request_id.get()
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(
                route_of(request) if isinstance(each, str) and each in _paths(request) else each for each in record.args
            )
        elif isinstance(record.args, dict) and "exc" in record.args and record.exc_info:
            kind = record.exc_info[0]  # a task of Celery's that failed
            record.args = {**record.args, "exc": kind.__name__ if kind else "-", "traceback": ""}
        return True


def _paths(request: HttpRequest) -> tuple[str, ...]:
    """As Django writes them, too: what is no ASCII stands escaped in its messages."""
    written = (request.path, request.path_info, request.get_full_path())
    return (*written, *(path.encode("unicode_escape").decode("ascii") for path in written))


class _WithoutWords(logging.Formatter):
    """Errors by kind and place. A developer who switches ``DEBUG`` on reads their words too."""

    def formatException(self, ei: Any) -> str:
        return super().formatException(ei) if settings.DEBUG else wordless(ei)


class PlainFormatter(_WithoutWords):
    """For a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s", "%H:%M:%S")


class JsonFormatter(_WithoutWords):
    """One JSON object a line, for a collector of logs."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in REQUEST_FIELDS if hasattr(record, name)},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def wordless(ei: ExcInfo) -> str:
    """The traceback of an error and of what caused it: kinds, places and, of the database's, the rule that was broken."""
    error, parts = ei[1], []
    while error is not None:
        rule = getattr(getattr(error, "diag", None), "constraint_name", None)
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        frames = [f"{f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        parts.append("\n".join([*frames, f"{kind} ({rule})" if rule else kind]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\ncaused by\n".join(parts)
