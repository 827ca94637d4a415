"""People with their tier: the list's columns and filter, and what a person's page shows of ledger and standings."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from promotion.admin.tiers import OUTCOMES, tier_name, tier_options
from promotion.models import Standing, TierPeriod
from staff.admin.people import Panel, PersonAdmin
from staff.admin.timeline import TIER, Moment, of_period
from staff.kernel.access import Access, Thing
from staff.kernel.admin import ChoiceFilter, site
from staff.models import Employee

_MONTHS_SHOWN = 24


class TierFilter(ChoiceFilter):
    title = gettext_lazy("tier")
    parameter_name = "tier"

    def options(self, access: Access) -> list[tuple[str, str]]:
        return tier_options(self.request, TierPeriod.objects.filter(period__contains=access.day))

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

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page's rows get the tier's name here: a row does not know the page's language."""
        found = super().get_changelist_instance(request)
        for person in found.result_list:
            person.tier_name = tier_name(request, person.ladder, person.tier)
        return found

    @display(description=gettext_lazy("tier"), ordering="tier")
    def tier_now(self, person: Any) -> str:
        return person.tier_name or "—"

    def panels(self, request: HttpRequest, person: Employee, shown: frozenset[Thing]) -> list[Panel]:
        found = super().panels(request, person, shown)
        if Thing.STANDING in shown:
            found.insert(
                1, Panel(_("Standings"), "admin/promotion/_standings.html", {"rows": _standings(request, person)})
            )
        return found

    def moments(self, request: HttpRequest, person: Employee, shown: frozenset[Thing]) -> list[Moment]:
        found = super().moments(request, person, shown)
        if Thing.LEDGER in shown:
            periods = TierPeriod.objects.filter(employee=person).select_related("line__author__employee")
            found += [
                of_period(TIER, row.period, tier_name(request, row.ladder, row.tier) or row.tier, _came_by(row))
                for row in periods
            ]
        return found


def _came_by(period: TierPeriod) -> str:
    kind, line = period.get_kind_display(), period.line
    number = _("ledger no. %(seq)s") % {"seq": line.seq}
    return " · ".join([str(kind), number, *([str(line.author)] if line.author else [])])


def _standings(request: HttpRequest, person: Employee) -> list[dict[str, Any]]:
    standings = Standing.objects.current().filter(employee=person).order_by("-month")[:_MONTHS_SHOWN]
    return [
        {
            "month": row["month"],
            "tier": tier_name(request, row["key"], row["tier"]),
            "target": tier_name(request, row["key"], row["target"]),
            "outcome": OUTCOMES[row["outcome"]],
            "person": person,
        }
        for row in standings.values("month", "tier", "target", "outcome", key=F("run__version__key"))
    ]


site.register(Employee, EmployeeAdmin)
