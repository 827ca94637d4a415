"""The base of every list in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from staff.access import THINGS
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin.pages import access_of_request, require
from staff.kernel.admin.site import may_in_admin
from staff.models import Employee


class RoleAdmin(ModelAdmin):
    """Permissions from roles, rows from ``visible_to``; deleting, bulk actions and editing in place are off.

    Read-only by itself: a subclass that has an action for adding or changing overrides ``add_view`` or ``change_view``
    with a page whose form calls it, and says so in ``adds``.
    """

    actions = None
    adds = False
    list_per_page = 50
    show_full_result_count = False
    list_filter_sheet = True
    list_fullwidth = True
    compressed_fields = True
    #: The way from a row to the person it is about: the search looks for name, number, pinyin and initials there.
    person_path = ""
    #: Columns of the row that the search looks into as well.
    search_also: tuple[str, ...] = ()

    @property
    def thing(self) -> Thing:
        return THINGS[self.opts.label_lower]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_in_admin(access_of_request(request), self.thing)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.adds and may_in_admin(access_of_request(request), self.thing, Verb.CREATE)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def rows(self, access: Access) -> QuerySet[Any]:
        """The rows in scope. A model that is about nobody in particular overrides it."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(access)
        return rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.rows(access_of_request(request))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = Q(**{f"{column}__icontains": search_term.strip() for column in self.search_also}, _connector=Q.OR)
        if self.person_path:
            found |= Q(**{f"{self.person_path}__in": Employee.objects.all().search(search_term)})
        return queryset.filter(found), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """The list's own filters and nothing else: an address that asks for any column would tell what no page shows."""
        columns = {name for name in self.list_filter if isinstance(name, str)}
        filters = {getattr(each, "parameter_name", None) for each in self.list_filter}
        return lookup in filters or lookup.split("__", 1)[0] in columns

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The row in scope. Raises ``Http404``: outside the scope there is no such thing."""
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        require(request, self.thing)
        try:
            return super().changelist_view(request, extra_context)
        except DisallowedModelAdminLookup:  # its words quote the address, and Django logs it as an error
            raise BadRequest("The list has no such filter") from None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, self.thing)
        self.found(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, self.thing, Verb.CREATE)
        raise Http404

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to a row stands in the audit trail, which no list of Django's keeps."""
        raise Http404
