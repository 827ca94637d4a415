"""The audit trail: who did what, when, through what. Nobody changes it, through no door."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from staff.kernel.access import Access, Thing
from staff.kernel.admin import ChoiceFilter, RoleAdmin, site
from staff.kernel.admin.pages import render, require
from staff.kernel.words import CHANNELS, channel_name
from staff.models import AuditEntry
from staff.selectors.trail import entries_visible_to


class ChannelFilter(ChoiceFilter):
    title = gettext_lazy("through")
    parameter_name = "channel"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return list(CHANNELS.items())

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(channel=value)


class ActionFilter(ChoiceFilter):
    title = gettext_lazy("action")
    parameter_name = "action"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        names = entries_visible_to(access).order_by("action").values_list("action", flat=True).distinct()
        return [(name, name) for name in names]

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(action=value)


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(RoleAdmin):
    list_display = ("when", "who", "action", "object_type", "key", "about", "through")
    list_display_links = ("when",)
    list_filter = (ChannelFilter, ActionFilter)
    search_fields = ("object_key",)
    search_also = ("object_key", "action")
    person_path = "employee"
    search_help_text = gettext_lazy("Object, action, or the person it is about")
    ordering = ("-id",)

    def rows(self, access: Access) -> QuerySet[Any]:
        return entries_visible_to(access).select_related("actor", "actor__employee", "employee")

    @display(description=gettext_lazy("at"), ordering="id")
    def when(self, entry: AuditEntry) -> str:
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    @display(description=gettext_lazy("who"))
    def who(self, entry: AuditEntry) -> str:
        return str(entry.actor) if entry.actor else _("the system")

    @display(description=gettext_lazy("key"))
    def key(self, entry: AuditEntry) -> str:
        return entry.object_key

    @display(description=gettext_lazy("about"))
    def about(self, entry: AuditEntry) -> str:
        return str(entry.employee) if entry.employee else ""

    @display(description=gettext_lazy("through"), ordering="channel")
    def through(self, entry: AuditEntry) -> str:
        return channel_name(entry.channel)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.AUDIT)
        entry = self.found(request, object_id)
        context = {
            "title": entry.action,
            "entry": entry,
            "who": self.who(entry),
            "before": _readable(entry.before),
            "after": _readable(entry.after),
        }
        return render(request, "admin/staff/audit_entry.html", context)


def _readable(value: Any) -> SafeString | str:
    if value is None:
        return ""
    return format_html("<pre>{}</pre>", json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
