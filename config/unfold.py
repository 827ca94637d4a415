"""The admin's shell: its colours are those of ``static/css/tokens.css``, its navigation is grouped by task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def theme(request: HttpRequest) -> str | None:
    """The theme that was chosen on this device (one cookie for the whole product); None follows the device."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else None


def _allowed(thing: str, verb: str = "r") -> Callable[[HttpRequest], bool]:
    def allowed(request: HttpRequest) -> bool:
        from staff.kernel.access import Thing, Verb
        from staff.kernel.admin import may_in_admin

        return may_in_admin(request.access, Thing(thing), Verb(verb))  # type: ignore[attr-defined]

    return allowed


def _may_upload(request: HttpRequest) -> bool:
    from staff.actions.records_load import loadable_tables

    return bool(loadable_tables(request.access))  # type: ignore[attr-defined]


def _item(title: Any, name: str, icon: str, thing: str, verb: str = "r") -> dict[str, Any]:
    return {
        "title": title,
        "link": reverse_lazy(f"admin:{name}"),
        "icon": icon,
        "permission": _allowed(thing, verb),
    }


def _list(title: Any, model: str, icon: str, thing: str) -> dict[str, Any]:
    return _item(title, f"{model}_changelist", icon, thing)


NAVIGATION: list[dict[str, Any]] = [
    {"items": [{"title": _("This month"), "link": reverse_lazy("admin:index"), "icon": "today"}]},
    {
        "title": _("Assessment"),
        "items": [
            _item(_("Months"), "months", "calendar_month", "month"),
            _item(_("Monthly sweep"), "board", "checklist", "standing"),
            _item(_("Results"), "results", "leaderboard", "standing"),
            _item(_("Doubts"), "doubts", "help", "doubt"),
            _item(_("Feedback of results"), "feedback-list", "forum", "feedback"),
        ],
    },
    {
        "title": _("Promotion and demotion"),
        "items": [
            _item(_("Applications"), "applications", "checklist", "application"),
            _item(_("Rounds"), "rounds", "edit_square", "round"),
            _item(_("Public notices"), "notices", "visibility", "notice", "c"),
            _item(_("Vacant posts"), "vacancies", "account_tree", "vacancy"),
            _item(_("Adverse cases"), "courses", "gavel", "proceeding"),
            _item(_("Cases"), "cases", "inbox", "case"),
        ],
    },
    {
        "title": _("Data"),
        "items": [
            _item(_("Values"), "values", "grid_on", "value"),
            _list(_("Events"), "assessment_event", "flag", "event"),
            _list(_("Absences"), "staff_absence", "event_busy", "absence"),
            _item(_("Corrections"), "corrections", "edit_calendar", "month"),
            _item(_("Working calendar"), "working-calendar", "event", "month"),
            {
                "title": _("Uploads"),
                "link": reverse_lazy("admin:uploads"),
                "icon": "upload_file",
                "permission": _may_upload,
            },
        ],
    },
    {
        "title": _("People"),
        "items": [
            _list(_("People"), "staff_employee", "group", "person"),
            _list(_("Departments"), "staff_department", "account_tree", "person"),
            _list(_("Tier ledger"), "promotion_ledgerline", "receipt_long", "ledger"),
            _list(_("Pay records"), "payroll_payrecord", "payments", "pay"),
            _item(_("Pay tables"), "bands", "stairs", "band"),
        ],
    },
    {
        "title": _("Policies"),
        "items": [
            _list(_("Policies"), "policy_policyversion", "gavel", "policy"),
            _list(_("Adoptions"), "policy_adoption", "verified", "policy"),
            _list(_("Metrics"), "assessment_metric", "straighten", "policy"),
            _list(_("Kinds of event"), "assessment_eventkind", "label", "policy"),
        ],
    },
    {
        "title": _("Accounts and jobs"),
        "items": [
            _list(_("Accounts"), "staff_account", "key", "account"),
            _list(_("Roles"), "staff_rolegrant", "badge", "grant"),
            _item(_("Standing in"), "deputies", "group", "delegation"),
            _list(_("Runs of the sweep"), "promotion_run", "refresh", "run"),
            _item(_("Group robots"), "robots", "forum", "job"),
            _list(_("Schedule"), "django_celery_beat_periodictask", "schedule", "job"),
            _list(_("Audit trail"), "staff_auditentry", "history", "audit"),
        ],
    },
]

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Promotion"),
    "SITE_HEADER": _("Promotion"),
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "stairs",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")},
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "THEME": theme,
    "BORDER_RADIUS": "6px",
    "STYLES": [lambda request: static("admin/admin.css")],
    "SCRIPTS": [lambda request: static("admin/admin.js")],
    # tokens.css: page, surface, sunken, lines, edges, inks — light above, dark below; 靛青 is the one accent
    "COLORS": {
        "base": {
            "50": "#f4f6f7",
            "100": "#ebeef0",
            "200": "#dce1e5",
            "300": "#b2bdc6",
            "400": "#8f9ca6",
            "500": "#5f6c77",
            "600": "#44525e",
            "700": "#2a343c",
            "800": "#222b32",
            "900": "#171e24",
            "950": "#10161b",
        },
        "primary": {
            "50": "#f2f7fb",
            "100": "#e5eef6",
            "200": "#c9deef",
            "300": "#a6c9e8",
            "400": "#82b5e2",
            "500": "#82b5e2",
            "600": "#1b4f7c",
            "700": "#174468",
            "800": "#133854",
            "900": "#1b2f41",
            "950": "#0c1a26",
        },
        "font": {
            "subtle-light": "#5f6c77",
            "subtle-dark": "#8f9ca6",
            "default-light": "#44525e",
            "default-dark": "#b2bdc6",
            "important-light": "#16212b",
            "important-dark": "#e5eaee",
        },
    },
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": NAVIGATION},
}
