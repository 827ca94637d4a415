"""Refusals of ``/api/`` as RFC 9457 problem documents, in the language that the client asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from staff.kernel.access import Forbidden, Refused
from staff.kernel.refusals import SEALED

CONTENT_TYPE = "application/problem+json"
#: Where the kinds are explained; each has an address below this one.
PAGE = "/api/docs/problems/"

Words = str | Promise
Fault = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. Its ``type`` on the wire is the address of its explanation."""

    name: str
    status: int
    title: Words
    advice: Words

    @property
    def type(self) -> str:
        return f"{PAGE}{self.name}/"


BAD_REQUEST = Kind(
    "bad-request",
    400,
    gettext_lazy("The request cannot be read"),
    gettext_lazy(
        "The JSON is broken, or a parameter of the address is unknown or has no such value. Mend the request."
    ),
)
KEY_MISSING = Kind(
    "idempotency-key-missing",
    400,
    gettext_lazy("The Idempotency-Key is missing"),
    gettext_lazy(
        "Every write carries an Idempotency-Key of 1 to 80 visible characters, one for each thing to be done."
    ),
)
NOT_SIGNED_IN = Kind(
    "not-signed-in",
    401,
    gettext_lazy("Not signed in"),
    gettext_lazy("Send a token that works: it may be unknown, revoked, or past its date."),
)
FORBIDDEN = Kind(
    "forbidden",
    403,
    gettext_lazy("This is not yours to do"),
    gettext_lazy("The roles of the account or the scopes of the token do not reach this. The detail says who can."),
)
NOT_FOUND = Kind(
    "not-found",
    404,
    gettext_lazy("There is no such thing"),
    gettext_lazy("It does not exist, or it lies outside the scope of the account, which is the same."),
)
METHOD = Kind(
    "method-not-allowed",
    405,
    gettext_lazy("This method is not offered here"),
    gettext_lazy("The Allow header names the methods. Nothing is deleted: values and events are taken back."),
)
NOT_ACCEPTABLE = Kind(
    "not-acceptable",
    406,
    gettext_lazy("Answers are JSON"),
    gettext_lazy("Accept application/json."),
)
REFUSED = Kind(
    "refused",
    409,
    gettext_lazy("The records do not allow this"),
    gettext_lazy("The request is sound, but what is recorded stands against it. The detail says what, and what to do."),
)
SEALED_MONTH = Kind(
    "sealed-month",
    409,
    gettext_lazy("The month is sealed"),
    gettext_lazy("A sealed month takes no more facts. What was wrong in it is put right by a correction, by a person."),
)
UNDER_WAY = Kind(
    "under-way",
    409,
    gettext_lazy("The first request is still under way"),
    gettext_lazy("Another request with this Idempotency-Key is at work. Ask again a little later to get its answer."),
)
TOO_LARGE = Kind(
    "too-large",
    413,
    gettext_lazy("The request is too large"),
    gettext_lazy("Send it in parts, each with a key of its own."),
)
MEDIA_TYPE = Kind(
    "unsupported-media-type",
    415,
    gettext_lazy("The request is not JSON"),
    gettext_lazy("Send the body as application/json."),
)
INVALID = Kind(
    "invalid",
    422,
    gettext_lazy("The content is not valid"),
    gettext_lazy("Each fault is listed with the place where it stands. Nothing of the request was done."),
)
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    gettext_lazy("The Idempotency-Key belongs to another request"),
    gettext_lazy("Within a day a key names one request. Use a new key for another one."),
)
TOO_MANY = Kind(
    "too-many-requests",
    429,
    gettext_lazy("Too many requests"),
    gettext_lazy("Wait as many seconds as the Retry-After header says, then go on."),
)
SERVER_ERROR = Kind(
    "server-error",
    500,
    gettext_lazy("Something failed on the server"),
    gettext_lazy("Nothing of the request was done. Try again with the same key; tell the operator the X-Request-ID."),
)
KINDS = (
    BAD_REQUEST, KEY_MISSING, NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, METHOD, NOT_ACCEPTABLE, REFUSED, SEALED_MONTH, UNDER_WAY,
    TOO_LARGE, MEDIA_TYPE, INVALID, KEY_REUSED, TOO_MANY, SERVER_ERROR,
)  # fmt: skip

#: The kinds of DRF's own exceptions, by status.
_BY_STATUS = {
    kind.status: kind
    for kind in (
        BAD_REQUEST, NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, METHOD, NOT_ACCEPTABLE, TOO_LARGE, MEDIA_TYPE, TOO_MANY, INVALID,
    )
}  # fmt: skip

log = logging.getLogger(__name__)


class Problem(Exception):
    """A request is refused with a problem of that kind. ``faults``: each with its ``detail`` and ``code``, and the
    ``pointer`` into the body or the ``parameter`` where it stands.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        *,
        faults: list[Fault] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.faults, self.headers = kind, detail, faults or [], dict(headers or {})


def as_problem(error: Exception) -> Problem | None:
    """The problem that an exception of a view means; None for what is no refusal."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        kind = kind_of_refusal(error)
        faults = [] if kind is FORBIDDEN else [{"detail": error.message, "code": error.code}]
        return Problem(kind, error.message, faults=faults)
    if isinstance(error, Http404):
        return Problem(NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return Problem(FORBIDDEN, str(error))
    if isinstance(error, RequestDataTooBig):
        return Problem(TOO_LARGE)
    if isinstance(error, SuspiciousOperation):
        return Problem(BAD_REQUEST)
    if isinstance(error, exceptions.ValidationError):
        return Problem(INVALID, _("Nothing was done."), faults=list(faults_of(error.detail)))
    if isinstance(error, exceptions.APIException):
        return Problem(_BY_STATUS.get(error.status_code, BAD_REQUEST), str(error.detail), headers=_headers(error))
    return None


def kind_of_refusal(refused: Refused) -> Kind:
    if isinstance(refused, Forbidden):
        return FORBIDDEN
    return SEALED_MONTH if refused.code == SEALED else REFUSED


def document(problem: Problem, path: str) -> dict[str, Any]:
    kind = problem.kind
    found: dict[str, Any] = {
        "type": kind.type,
        "title": str(kind.title),
        "status": kind.status,
        "detail": _sound(problem.detail or str(kind.advice)),
        "instance": path,
    }
    faults = [{name: _sound(text) for name, text in fault.items()} for fault in problem.faults]
    return {**found, "errors": faults} if faults else found


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's handler of exceptions: a problem document, or None, with which the exception goes on."""
    problem = as_problem(error)
    if problem is None:
        return None
    body = document(problem, context["request"].path)
    return Response(body, status=problem.kind.status, headers=problem.headers, content_type=CONTENT_TYPE)


def plain_answer(request: HttpRequest, kind: Kind, detail: str = "") -> JsonResponse:
    """A problem outside every view: an address that leads nowhere, a second factor that is missing, a failure of the server."""
    body = document(Problem(kind, detail), request.path)
    return JsonResponse(body, status=kind.status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


def faults_of(detail: Any, at: str = "") -> Iterator[Fault]:
    """DRF's nested errors, each with its JSON pointer."""
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            yield from faults_of(below, at if name == "non_field_errors" else f"{at}/{_escaped(str(name))}")
    elif isinstance(detail, list | tuple):
        for index, below in enumerate(detail):
            nested = isinstance(below, Mapping | list | tuple)
            yield from faults_of(below, f"{at}/{index}" if nested else at)
    else:
        yield {"pointer": f"#{at}", "detail": str(detail), "code": str(getattr(detail, "code", "invalid"))}


def _sound(text: str) -> str:
    """What somebody sent is told back, without what neither JSON nor the database keeps."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _headers(error: exceptions.APIException) -> dict[str, str]:
    found = {}
    if getattr(error, "auth_header", None):
        found["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        found["Retry-After"] = str(max(1, round(error.wait)))  # type: ignore[attr-defined]
    return found
