"""The interface's description: every write names its key, every operation its problems."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from staff.kernel.api import problems

KEY_PATTERN = r"^[\x21-\x7e]{1,80}$"

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": KEY_PATTERN, "minLength": 1, "maxLength": 80},
    OpenApiParameter.HEADER,
    required=True,
    description=_(
        "Names what is to be done. The same request with the same key again gets the first answer, and nothing is done "
        "twice, for a day at least."
    ),
)


class FaultSerializer(serializers.Serializer):
    pointer = serializers.CharField(required=False, help_text=_("Where in the body it stands, as a JSON pointer."))
    parameter = serializers.CharField(required=False, help_text=_("Which parameter of the address it is."))
    detail = serializers.CharField(help_text=_("What is wrong, and what is expected."))
    code = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField(help_text=_("The address where this kind of problem is explained."))
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text=_("The address that was asked."))
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]


_ALWAYS = (
    problems.BAD_REQUEST,
    problems.NOT_SIGNED_IN,
    problems.FORBIDDEN,
    problems.NOT_FOUND,
    problems.NOT_ACCEPTABLE,
    problems.TOO_MANY,
)
_OF_WRITES = (
    problems.KEY_MISSING,
    problems.REFUSED,
    problems.SEALED_MONTH,
    problems.UNDER_WAY,
    problems.TOO_LARGE,
    problems.MEDIA_TYPE,
    problems.INVALID,
    problems.KEY_REUSED,
)


class ApiSchema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        return [] if self.method in SAFE_METHODS else [IDEMPOTENCY_KEY]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found = dict(super()._get_response_bodies(direction))
        titles: dict[int, list[str]] = {}
        for kind in _ALWAYS if self.method in SAFE_METHODS else (*_ALWAYS, *_OF_WRITES):
            titles.setdefault(kind.status, []).append(str(kind.title))
        for status, words in sorted(titles.items()):
            refusal = OpenApiResponse(ProblemSerializer, description=" · ".join(words))
            found[str(status)] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                refusal, str(status), (problems.CONTENT_TYPE,), direction=direction
            )
        return found
