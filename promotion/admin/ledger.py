"""The tier ledger, read-only: it grows by decisions and is never edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from promotion.admin.tiers import tier_name
from promotion.models import LedgerKind, LedgerLine
from staff.kernel.access import Access
from staff.kernel.admin import ChoiceFilter, RoleAdmin, site


class KindFilter(ChoiceFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def options(self, access: Access) -> list[tuple[str, Any]]:
        return list(LedgerKind.choices)

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        return rows.filter(kind=value)


@admin.register(LedgerLine, site=site)
class LedgerLineAdmin(RoleAdmin):
    list_display = ("seq", "person", "kind_name", "change", "effective", "by", "recorded", "short_hash")
    list_display_links = None
    list_filter = (KindFilter,)
    search_fields = ("seq",)
    person_path = "employee"
    search_help_text = gettext_lazy("Name, employee no. or pinyin")
    ordering = ("-seq",)

    def rows(self, access: Access) -> QuerySet[Any]:
        return LedgerLine.objects.visible_to(access).select_related("employee", "author__employee")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page's rows get the tiers' names here: a row does not know the page's language."""
        found = super().get_changelist_instance(request)
        for line in found.result_list:
            line.names = [tier_name(request, line.ladder, tier) for tier in (line.from_tier, line.to_tier)]
        return found

    @display(description=gettext_lazy("person"), ordering="employee__pinyin")
    def person(self, line: LedgerLine) -> str:
        return str(line.employee)

    @display(description=gettext_lazy("kind"), ordering="kind")
    def kind_name(self, line: LedgerLine) -> str:
        return line.get_kind_display()

    @display(description=gettext_lazy("tier"))
    def change(self, line: Any) -> str:
        before, after = line.names
        return f"{before} → {after or '—'}" if before else after or "—"

    @display(description=gettext_lazy("effective on"), ordering="effective_on")
    def effective(self, line: LedgerLine) -> str:
        return line.effective_on.isoformat()

    @display(description=gettext_lazy("author"))
    def by(self, line: LedgerLine) -> str:
        return str(line.author) if line.author else _("records, or the operator")

    @display(description=gettext_lazy("recorded at"))
    def recorded(self, line: LedgerLine) -> str:
        return f"{timezone.localtime(line.recorded_at):%Y-%m-%d %H:%M}"

    @display(description=gettext_lazy("hash"))
    def short_hash(self, line: LedgerLine) -> str:
        return line.hash[:8]
