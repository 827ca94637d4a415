"""People with their tier: the list's columns and filter, and what a person's page shows of ledger and standings."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from promotion.admin.tiers import OUTCOMES, tier_names, tier_options
from promotion.models import LedgerLine, Standing, TierPeriod
from staff.admin.people import Panel, PersonAdmin
from staff.kernel.access import Access, Thing
from staff.kernel.admin import ChoiceFilter, may_in_admin, site
from staff.models import Employee

_MONTHS_SHOWN = 24


class TierFilter(ChoiceFilter):
    title = gettext_lazy("tier")
    parameter_name = "tier"

    def options(self, access: Access) -> list[tuple[str, str]]:
        return tier_options(TierPeriod.objects.filter(period__contains=access.day))

    def narrow(self, rows: QuerySet[Any], value: str, access: Access) -> QuerySet[Any]:
        ladder, _colon, tier = value.partition(":")
        held = TierPeriod.objects.filter(period__contains=access.day, ladder=ladder, tier=tier)
        return rows.filter(pk__in=held.values("employee_id"))


class EmployeeAdmin(PersonAdmin):
    list_display = (
        "number", "person", "tier_now", "department_now", "position", "supervisor_now", "hired", "left",
    )  # fmt: skip
    list_filter = (*PersonAdmin.list_filter, TierFilter)

    def rows(self, access: Access) -> QuerySet[Any]:
        held = TierPeriod.objects.filter(employee=OuterRef("pk"), period__contains=access.day)
        return (
            super()
            .rows(access)
            .annotate(ladder=Subquery(held.values("ladder")[:1]), tier=Subquery(held.values("tier")[:1]))
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        self.names = tier_names()
        return super().changelist_view(request, extra_context)

    @display(description=gettext_lazy("tier"), ordering="tier")
    def tier_now(self, person: Any) -> str:
        return self.names.get((person.ladder, person.tier), person.tier) if person.tier else "—"

    def panels(self, access: Access, person: Employee) -> list[Panel]:
        found = super().panels(access, person)
        names = tier_names()
        if may_in_admin(access, Thing.LEDGER):
            lines = LedgerLine.objects.filter(employee=person).select_related("author__employee").order_by("-seq")
            rows = [(line, names.get((line.ladder, line.to_tier), line.to_tier)) for line in lines]
            found.insert(0, Panel(_("Tier history"), "admin/promotion/_ledger.html", {"rows": rows}))
        if may_in_admin(access, Thing.STANDING):
            found.insert(
                1, Panel(_("Standings"), "admin/promotion/_standings.html", {"rows": _standings(person, names)})
            )
        return found


def _standings(person: Employee, names: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    standings = Standing.objects.current().filter(employee=person).order_by("-month")[:_MONTHS_SHOWN]
    return [
        {
            "month": row["month"],
            "tier": names.get((row["key"], row["tier"]), row["tier"]),
            "target": names.get((row["key"], row["target"]), row["target"]),
            "outcome": OUTCOMES[row["outcome"]],
            "person": person,
        }
        for row in standings.values("month", "tier", "target", "outcome", key=F("run__version__key"))
    ]


site.register(Employee, EmployeeAdmin)
