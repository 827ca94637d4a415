"""Examples of the description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def request_example(body: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample("Example", value=body, request_only=True)
