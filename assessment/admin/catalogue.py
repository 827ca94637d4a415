"""The catalogue: what may be reported."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from assessment.admin.forms import MetricForm
from assessment.models import EventKind, EventStatus, Metric
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionPage, RoleAdmin, action_page, site
from staff.kernel.admin.pages import require


class CatalogueAdmin(RoleAdmin):
    """Rows about nobody: whoever reads policies reads them all."""

    def rows(self, access: Access) -> QuerySet[Any]:
        return self.model._default_manager.all()


@admin.register(Metric, site=site)
class MetricAdmin(CatalogueAdmin):
    adds = True
    list_display = ("key", "zh", "en", "kind", "unit", "bounds", "decimals")
    search_fields = ("key",)
    search_also = ("key", "zh", "en")
    ordering = ("kind", "slot")

    @display(description=gettext_lazy("bounds"))
    def bounds(self, metric: Metric) -> str:
        return f"{metric.least.normalize():f} – {'…' if metric.highest is None else f'{metric.highest.normalize():f}'}"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.POLICY, Verb.CREATE)
        about = ActionPage(
            title=_("Add a metric"),
            submit=_("Add"),
            done=_("The metric has been added. Policies and uploads know it from now on."),
            back=reverse("admin:assessment_metric_changelist"),
            lead=_("Its key, its unit and its bounds stay as they are once values have been reported."),
        )
        return action_page(request, MetricForm, about)


@admin.register(EventKind, site=site)
class EventKindAdmin(CatalogueAdmin):
    list_display = ("key", "zh", "en", "status_names", "subject_zh", "quantity_zh", "upheld_by_default")
    search_fields = ("key",)
    search_also = ("key", "zh", "en")
    ordering = ("key",)

    @display(description=gettext_lazy("statuses"))
    def status_names(self, kind: EventKind) -> str:
        return " · ".join(str(EventStatus(status).label) for status in kind.statuses if status)
