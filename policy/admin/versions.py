"""The policies of the library, those that were added, their versions and what differs between two."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from policy import library
from policy.drafting.difference import difference, grouped
from policy.drafting.reads import open_drafts
from policy.language import Checked, Faults
from policy.models import Adoption, PolicyVersion
from policy.selectors import document_digest, library_policy, title_named, unbound
from policy.web.changes import told
from policy.web.document import said
from policy.web.page import in_force_values, policy_page
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
                "title": versions[key][0].title if key in versions else said(title_named(key)),
                "latest": versions[key][0] if key in versions else None,
                "versions": versions.get(key, []),
                "in_force": in_force.get(key, []),
            }
            for key in sorted({*library.policy_keys(), *versions})
        ]
        context = {
            "title": _("Policies"),
            "rows": rows,
            "drafts": open_drafts(access),
            "may_request": may_in_admin(access, Thing.POLICY, Verb.CREATE),
        }
        return render(request, "admin/policy/policies.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        access = require(request, Thing.POLICY)
        version = self.found(request, object_id)
        adoptions = list(Adoption.objects.filter(version=version).order_by("-period"))
        try:
            checked = unbound(version)
        except Faults as faults:
            return _unreadable(request, version, faults)
        return _document(request, checked, version, in_force_values(adoptions, access.day))


@page("policies/<slug:key>/", "policy-library", Thing.POLICY)
def library_document(request: HttpRequest, key: str) -> HttpResponse:
    """A document of the library as it would be published now; of a policy that is none of the library's, the latest version."""
    latest = PolicyVersion.objects.filter(key=key).order_by("-number").first()
    if key not in library.policy_keys():
        if latest is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:policy_policyversion_change", args=[latest.pk]))
    text_digest = document_digest(library.text(key))
    same = PolicyVersion.objects.filter(key=key, digest=text_digest).first()
    return _document(request, library_policy(key), same, None)


@page("policies/<slug:key>/versions/<int:old>/<int:new>/", "policy-difference", Thing.POLICY)
def version_difference(request: HttpRequest, key: str, old: int, new: int) -> HttpResponse:
    before, after = (get_object_or_404(PolicyVersion, key=key, number=number) for number in (old, new))
    try:
        changes = difference(unbound(before), unbound(after))
    except Faults as faults:
        return _unreadable(request, after, faults)
    context = {
        "title": _("%(policy)s: version %(old)s → %(new)s") % {"policy": after.title, "old": old, "new": new},
        "before": before,
        "after": after,
        "parts": told(grouped(changes)),
    }
    return render(request, "admin/policy/difference.html", context)


@page("policies/<slug:key>/compare/", "policy-compare", Thing.POLICY)
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """From the form of two numbers to the page of their difference."""
    numbers = [request.GET.get(name, "") for name in ("old", "new")]
    if not all(number.isascii() and number.isdigit() and len(number) < 9 for number in numbers):
        raise Http404
    return HttpResponseRedirect(reverse("admin:policy-difference", args=[key, *map(int, numbers)]))


def _document(
    request: HttpRequest, checked: Checked, version: PolicyVersion | None, values_of: Adoption | None
) -> HttpResponse:
    access = access_of_request(request)
    context = {
        **policy_page(access, checked, version, values_of),
        "in_admin": True,
        "may_request": may_in_admin(access, Thing.POLICY, Verb.CREATE),
        "may_decide": may_in_admin(access, Thing.POLICY, Verb.DECIDE),
    }
    return render(request, "admin/policy/document.html", context)


def _unreadable(request: HttpRequest, version: PolicyVersion, faults: Faults) -> HttpResponse:
    """The catalogue has lost something that a version speaks of: what, and where."""
    context = {"title": version.title, "faults": faults.faults, "text": version.document, "version": version}
    return render(request, "admin/policy/unreadable.html", context)
