"""The trail: what was done (acts) and which rows were written. Nobody changes it, through no door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateFilter, TextFilter
from unfold.decorators import display

from staff.admin.people import Panel, add_panel
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ChoiceFilter, RoleAdmin, may_in_admin, page, site
from staff.kernel.admin.pages import access_of_request, person_or_404, render, require
from staff.kernel.exports import Sheet, csv_response, workbook_response
from staff.kernel.trail import ACTIONS, OBJECTS
from staff.kernel.words import CHANNELS, THINGS, both_names, channel_name
from staff.models import Account, AuditEntry, Employee, Operation, RowChange
from staff.selectors.trail import (
    changes_visible_to,
    entries_visible_to,
    rows_of,
    sensitive_of,
    tells_sensitive,
    trail_of,
    without_act,
)
from staff.selectors.trail_words import ShownChange, shown, with_texts

#: Rows of one act on its page; a load writes a hundred thousand.
_ROWS_SHOWN = 200
#: Rows of a list that are counted, and of an export.
_COUNTED, _EXPORTED = 10_000, 100_000
#: Changes on a person's page.
_LATEST = 12


class CountedSoFar(Paginator):
    """The trail grows for ever: nobody waits until millions are counted."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows[:_COUNTED].count()


class DaysFilter(RangeDateFilter):
    """From a day to a day, both included."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, lookup, later in (("from", "gte", 0), ("to", "lt", 1)):
            text = self.used_parameters.get(f"{self.field_path}_{name}", "")
            try:
                day = parse_date(str(text))
            except ValueError:
                day = None
            if day is not None:
                instant = timezone.make_aware(datetime.combine(day + timedelta(days=later), time.min))
                queryset = queryset.filter(**{f"{self.field_path}__{lookup}": instant})
        return queryset


class WhoFilter(TextFilter):
    """By the name, number, pinyin or user name of whoever acted."""

    title = gettext_lazy("who")
    parameter_name = "who"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        words = (self.value() or "").strip()
        if not words:
            return queryset
        people = Employee.objects.all().search(words)
        named = Q(username__icontains=words) | Q(display_name__icontains=words) | Q(employee__in=people)
        accounts = Account.objects.filter(named)
        behalf = Q(on_behalf_of__in=accounts) if queryset.model is AuditEntry else Q(pk__in=[])
        return queryset.filter(Q(actor__in=accounts) | behalf)


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
        return sorted(((code, str(name)) for code, name in ACTIONS.items()), key=lambda option: option[1])

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(action=value)


class ObjectFilter(ChoiceFilter):
    title = gettext_lazy("object")
    parameter_name = "object"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return sorted(((code, str(kind.name)) for code, kind in OBJECTS.items()), key=lambda option: option[1])

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(object_type=value)


class ThingFilter(ChoiceFilter):
    title = gettext_lazy("kind of record")
    parameter_name = "thing"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return list(THINGS.items())

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(thing=value)


class OperationFilter(ChoiceFilter):
    title = gettext_lazy("operation")
    parameter_name = "operation"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return list(Operation.choices)

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(operation=value)


class ActFilter(ChoiceFilter):
    title = gettext_lazy("act")
    parameter_name = "act"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return [("none", _("without an act of the product"))]

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return without_act(rows)


class TrailAdmin(RoleAdmin):
    """What both lists share."""

    list_display_links = ("when",)
    list_filter_submit = True
    person_path = "employee"
    ordering = ("-id",)
    paginator = CountedSoFar
    list_before_template = "admin/staff/_trail_tabs.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may_export = access_of_request(request).may(Thing.AUDIT, Verb.EXPORT)
        return super().changelist_view(request, {"may_export": may_export, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in {"at_from", "at_to"} or super().lookup_allowed(lookup, value, request)

    @display(description=gettext_lazy("at"), ordering="id")
    def when(self, row: Any) -> str:
        return f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"

    @display(description=gettext_lazy("about"))
    def about(self, row: Any) -> str:
        return str(row.employee) if row.employee else ""

    @display(description=gettext_lazy("through"), ordering="channel")
    def through(self, row: Any) -> str:
        return channel_name(row.channel)


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(TrailAdmin):
    list_display = ("when", "who", "done", "object_named", "about", "through")
    list_filter = (("at", DaysFilter), WhoFilter, ChannelFilter, ActionFilter, ObjectFilter)
    search_fields = ("object_key",)
    search_also = ("object_key", "action")
    search_help_text = gettext_lazy("The person it is about, or the key of the object")

    def rows(self, access: Access) -> QuerySet[Any]:
        return entries_visible_to(access).select_related("actor__employee", "on_behalf_of__employee", "employee")

    @display(description=gettext_lazy("who"))
    def who(self, entry: AuditEntry) -> str:
        """Both names, where somebody stood in."""
        return both_names(entry.actor, str(entry.on_behalf_of or "")) or _("the system")

    @display(description=gettext_lazy("action"), ordering="action")
    def done(self, entry: AuditEntry) -> str:
        return str(ACTIONS.get(entry.action, entry.action))

    @display(description=gettext_lazy("object"))
    def object_named(self, entry: AuditEntry) -> str:
        kind = OBJECTS.get(entry.object_type)
        return f"{kind.name if kind else entry.object_type} {entry.object_key}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The act, its reason, and every row that it wrote."""
        access = require(request, Thing.AUDIT)
        entry = self.found(request, object_id)
        rows = list(with_texts(rows_of(entry, access))[: _ROWS_SHOWN + 1])
        told = not tells_sensitive(entry) or entry.employee_id in sensitive_of(access, [entry.employee_id])
        context = {
            "title": self.done(entry),
            "entry": entry,
            "who": self.who(entry),
            "object_named": self.object_named(entry),
            "reason": entry.reason if told else "",
            "before": _readable(entry.before) if told else "",
            "after": _readable(entry.after) if told else "",
            "rows": {"changes": shown(access, rows[:_ROWS_SHOWN]), "about": True},
            "more": len(rows) > _ROWS_SHOWN,
        }
        return render(request, "admin/staff/audit_entry.html", context)


@admin.register(RowChange, site=site)
class RowChangeAdmin(TrailAdmin):
    list_display = ("when", "who", "about", "record", "columns", "through")
    list_filter = (("at", DaysFilter), WhoFilter, ThingFilter, OperationFilter, ChannelFilter, ActFilter)
    search_fields = ("key",)
    search_also = ("key",)
    search_help_text = gettext_lazy("The person it is about, by name, employee no., pinyin or initials")

    def rows(self, access: Access) -> QuerySet[Any]:
        return with_texts(changes_visible_to(access))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The rows of the page get their words here, all at once."""
        found = super().get_changelist_instance(request)
        for change in shown(access_of_request(request), found.result_list):
            change.row.shown = change  # type: ignore[attr-defined]
        return found

    @display(description=gettext_lazy("who"))
    def who(self, row: Any) -> str:
        return str(row.shown.who)

    @display(description=gettext_lazy("record"))
    def record(self, row: Any) -> SafeString:
        change: ShownChange = row.shown
        return format_html("<span>{} <b>{}</b> · {}</span>", change.what, change.which, change.done)

    @display(description=gettext_lazy("before → after"))
    def columns(self, row: Any) -> SafeString:
        change: ShownChange = row.shown
        lines = (
            (column.name, "" if change.added else f"{column.before or '—'} → ", column.after or "—")
            for column in change.columns
        )
        told = format_html_join("", '<div class="change"><span class="soft">{}</span> {}<b>{}</b></div>', lines)
        return format_html("<div>{}</div>", told)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One row, and the acts in whose transaction it was written."""
        access = require(request, Thing.AUDIT)
        row = self.found(request, object_id)
        acts = entries_visible_to(access).filter(transaction=row.transaction, at__range=_around(row.at))
        (change,) = shown(access, [row])
        context = {"title": f"{change.what} {change.which}".strip(), "change": change, "acts": [
            (act, ACTIONS.get(act.action, act.action)) for act in acts.order_by("id")[:20]
        ]}  # fmt: skip
        return render(request, "admin/staff/row_change.html", context)

    def narrowed(self, request: HttpRequest) -> QuerySet[Any]:
        """What the list at this address would show on all of its pages."""
        rows: QuerySet[Any] = super().get_changelist_instance(request).get_queryset(request)
        return rows


@add_panel
def panel_of_person(access: Access, person: Employee) -> Panel | None:
    """Read when the page is there: nobody waits for the trail who came for the person."""
    if not may_in_admin(access, Thing.AUDIT):
        return None
    url = reverse("admin:person-trail", args=[person.pk])
    return Panel(_("Changes of the record"), "admin/staff/_trail_panel.html", {"url": url})


@page("people/<int:pk>/trail/", "person-trail", Thing.AUDIT)
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest changes of a person's record; inside the person's page as a part of it."""
    access = access_of_request(request)
    person = person_or_404(access, str(pk))
    changes = shown(access, with_texts(trail_of(access, things=Thing, employee_id=person.pk))[:_LATEST])
    panel = {"changes": changes, "all": reverse("admin:staff_rowchange_changelist") + f"?q={person.employee_no}"}
    title = _("Changes of the record")
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "admin/staff/_trail.html", {"panel": panel})
    return render(request, "admin/staff/person_trail.html", {"title": f"{person} · {title}", "panel": panel})


@page("trail/rows.<str:form>", "trail-export", Thing.AUDIT, Verb.EXPORT)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The rows of the list as it is narrowed, as a file."""
    model_admin = site._registry[RowChange]
    assert isinstance(model_admin, RowChangeAdmin)  # noqa: S101
    lines = _lines(access_of_request(request), model_admin.narrowed(request)[:_EXPORTED])
    title = _("Audit trail")
    name = f"{title} {timezone.localtime():%Y-%m-%d}"
    if form == "csv":
        return csv_response(name, lines)
    if form == "xlsx":
        return workbook_response(name, [Sheet(title, lines, pinned=1, widths=(20, 18, 18, 18, 18, 10, 24, 24, 24))])
    raise Http404


def _lines(access: Access, rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """A line a column, under the headings."""
    yield [
        _("at"), _("who"), _("through"), _("about"), _("record"), _("operation"), _("column"), _("before"), _("after"),
    ]  # fmt: skip
    found = rows.iterator(chunk_size=500)
    while some := list(islice(found, 500)):
        for change in shown(access, some):
            row = change.row
            head = [
                row.at,
                change.who,
                change.through,
                str(row.employee or ""),
                f"{change.what} {change.which}".strip(),
            ]
            for column in change.columns:
                yield [*head, change.done, column.name, column.before, column.after]


def _around(at: datetime) -> tuple[datetime, datetime]:
    return at - timedelta(days=1), at + timedelta(days=1)


def _readable(value: Any) -> SafeString | str:
    if value is None:
        return ""
    return format_html("<pre>{}</pre>", json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
