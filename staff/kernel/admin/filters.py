"""Filters of the lists, by the words people use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from staff.kernel.access import Access
from staff.kernel.admin.pages import access_of_request


class ChoiceFilter(SimpleListFilter):
    """A filter whose choices and condition know the reader's scope and day."""

    def options(self, access: Access) -> Iterable[tuple[str, Any]]:
        raise NotImplementedError

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        raise NotImplementedError

    request: HttpRequest

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        self.request = request
        return list(self.options(access_of_request(request)))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return self.narrow(queryset, value, access_of_request(request)) if value else queryset
