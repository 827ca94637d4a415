"""The one site. Its door, its sign-in and its pages follow the roles of the account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from staff.access import ADMIN_ROLES
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import Role

PageView = Callable[..., HttpResponseBase]


def may_in_admin(access: Access, thing: Thing, verb: Verb = Verb.READ) -> bool:
    """Whether one of the roles that work in the admin has the verb. What anybody reads of themselves does not count here."""
    return access.everything or bool(access.roles_for(thing, verb) & ADMIN_ROLES)


class PromotionAdminSite(UnfoldAdminSite):
    """Pages that are no model's list hang on it by ``add_page``; all of them share its door."""

    site_title = _("Promotion")
    site_header = _("Promotion")
    index_title = _("This month")
    index_template = "admin/index.html"
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[tuple[str, str, PageView]] = []
        self._index: Callable[[HttpRequest], dict[str, Any]] | None = None

    def add_page(self, route: str, name: str, view: PageView) -> None:
        """``view(request, …)`` under ``/admin/<route>`` as ``admin:<name>``."""
        self._pages.append((route, name, view))

    def set_index(self, context: Callable[[HttpRequest], dict[str, Any]]) -> None:
        """What the first page shows; the topmost app that knows of it registers it."""
        self._index = context

    def extra_urls(self) -> list[URLPattern]:
        return [path(route, self.admin_view(view), name=name) for route, name, view in self._pages]

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and bool(request.access.roles & ADMIN_ROLES)  # type: ignore[attr-defined]

    def admin_view(self, view: PageView, cacheable: bool = False) -> PageView:
        """Not signed in: the sign-in page. Signed in without a role that works here: 403, naming those that do."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                roles = ", ".join(str(Role(role).label) for role in sorted(ADMIN_ROLES))
                raise Forbidden(gettext("The administration takes one of these roles: %(roles)s.") % {"roles": roles})
            return guarded(request, *args, **kwargs)

        return inner

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's sign-in page; there is no second form."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(resolve_url("home"))
        return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(resolve_url("account_logout"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(resolve_url("password"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        found = self._index(request) if self._index else {}
        return super().index(request, {**found, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The navigation is written by task (``config.unfold``); no list of tables beside it."""
        return []


site = PromotionAdminSite()
