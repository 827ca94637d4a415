"""The policies of the library and the versions that were published."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from policy import library
from policy.admin.document import open_points, said, sections
from policy.language import Checked
from policy.models import Adoption, PolicyVersion
from policy.selectors import library_policy, library_title, unbound
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import RoleAdmin, may_in_admin, page, site
from staff.kernel.admin.pages import access_of_request, render, require


@admin.register(PolicyVersion, site=site)
class PolicyVersionAdmin(RoleAdmin):
    """A version never changes; the list is of policies, adopted or not."""

    search_fields = ("key",)

    def rows(self, access: Access) -> QuerySet[Any]:
        return PolicyVersion.objects.all()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        access = require(request, Thing.POLICY)
        versions: dict[str, list[PolicyVersion]] = {}
        for version in PolicyVersion.objects.defer("document"):
            versions.setdefault(version.key, []).append(version)
        in_force: dict[str, list[Adoption]] = {}
        for adoption in Adoption.objects.filter(period__contains=access.day).select_related("department"):
            in_force.setdefault(adoption.policy, []).append(adoption)
        rows = [
            {
                "key": key,
                "title": said(library_title(key)),
                "versions": versions.get(key, []),
                "in_force": in_force.get(key, []),
            }
            for key in library.policy_keys()
        ]
        context = {"title": _("Policies"), "rows": rows, "may_request": may_in_admin(access, Thing.POLICY, Verb.CREATE)}
        return render(request, "admin/policy/policies.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.POLICY)
        version = self.found(request, object_id)
        adoptions = Adoption.objects.filter(version=version).select_related("department", "approved_by__employee")
        return _document(request, unbound(version), {"version": version, "adoptions": list(adoptions)})


@page("policies/<slug:key>/", "policy-library", Thing.POLICY)
def library_document(request: HttpRequest, key: str) -> HttpResponse:
    """A document of the library as it would be published now."""
    try:
        return _document(request, library_policy(key), {"version": None, "adoptions": []})
    except KeyError as error:
        raise Http404 from error


def _document(request: HttpRequest, checked: Checked, more: dict[str, Any]) -> HttpResponse:
    context = {
        "title": said(checked.title),
        "policy": checked,
        "tiers": [(tier.key, said(tier.names)) for tier in checked.ladder.tiers] if checked.ladder else [],
        "sections": sections(checked),
        "open_points": open_points(checked),
        "may_request": may_in_admin(access_of_request(request), Thing.POLICY, Verb.CREATE),
        **more,
    }
    return render(request, "admin/policy/document.html", context)
