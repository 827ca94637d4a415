"""Months 考核月: their states, what each team has reported, closing, opening again, sealing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.actions.month_close import close_month
from assessment.actions.month_reopen_intake import reopen_intake
from assessment.models import AssessmentMonth, Metric, MonthState
from assessment.selectors.asked import names_asked
from assessment.selectors.digest import digest_of
from assessment.selectors.months import (
    Team,
    may_move,
    month_row,
    months_listed,
    open_doubts,
    require_company,
    teams,
)
from assessment.selectors.needs import needs
from assessment.selectors.windows import windows_of
from promotion.admin.month_words import days_left, history, steps_of
from promotion.sweep.actions.month_seal import seal_and_sweep
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, DayField, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.periods import Month

_A_PAGE = 50


@page("months/", "months", Thing.MONTH)
def months(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    rows = months_listed(access.day)
    doubts, windows = open_doubts(access, [row.month for row in rows]), windows_of({row.month: row for row in rows})
    lines = [
        {
            "row": row,
            "window": windows[row.month].company,
            "ended": row.month < Month.of(access.day),
            "doubts": doubts.get(row.month, 0),
        }
        for row in rows
    ]
    return render(request, "admin/promotion/months.html", {"title": _("Months"), "lines": lines})


def month_or_404(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Http404 from error


@page("months/<str:month>/", "month", Thing.MONTH)
def month(request: HttpRequest, month: str) -> HttpResponse:
    access, of = access_of_request(request), month_or_404(month)
    row = month_row(of)
    window = windows_of({of: row})[of].company
    metrics, found = teams_of(access, of) if may_in_admin(access, Thing.VALUE) else ([], [])
    page_obj = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "title": _("Month %(month)s") % {"month": of},
        "month": of,
        "row": row,
        "window": window,
        "days_left": days_left(window, access.day),
        "ended": of < Month.of(access.day),
        "intake_over": access.day > window.last,
        "steps": steps_of(row, window),
        "metrics": metrics,
        "page_obj": page_obj,
        "teams": page_obj.object_list,
        "left": sum(team.left for team in found),
        "accepted": sum(team.accepted for team in found),
        "doubts": open_doubts(access, [of]).get(of, 0),
        "history": history(access, of, {metric.key: name for metric, name in metrics}),
        "may_move": may_move(access),
        "may_work": may_in_admin(access, Thing.MONTH, Verb.UPDATE),
        "sealed": row.state == MonthState.SEALED,
    }
    return render(request, "admin/promotion/month.html", context)


def teams_of(access: Access, of: Month) -> tuple[list[tuple[Metric, str]], list[Team]]:
    """The metrics that the month needs, with their names, and every team of the reader's scope, the worst first."""
    needed = needs(of)
    metrics = {metric.pk: metric for need in needed for metric in need.metrics}
    found = teams(access, of, needed)
    owed = {pk for team in found for pk in team.cells}
    return [(metric, names_asked(needed, metric)) for pk, metric in metrics.items() if pk in owed], found


class CloseForm(ActionForm):
    """``subject`` is the month."""

    def perform(self) -> AssessmentMonth:
        return close_month(access=self.access, month=self.subject, now=timezone.now())


@page("months/<str:month>/close/", "month-close", Thing.MONTH, Verb.UPDATE)
def close(request: HttpRequest, month: str) -> HttpResponse:
    of = month_or_404(month)
    require_company(access_of_request(request), Verb.UPDATE)
    about = ActionPage(
        title=_("Close the intake of %(month)s") % {"month": of},
        submit=_("Close the intake"),
        done=_("The intake of %(month)s is closed.") % {"month": of},
        back=reverse("admin:month", args=[of]),
        lead=_(
            "Supervisors then read only. HR enters what is missing, with a reason, or accepts it; sealing comes after. "
            "The intake can be opened again."
        ),
    )
    return action_page(request, CloseForm, about, subject=of)


class IntakeForm(ActionForm):
    """``subject`` is the month."""

    until = DayField(label=gettext_lazy("last day of the intake"))
    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=300, help_text=gettext_lazy("It stands in the month's history.")
    )

    def perform(self) -> AssessmentMonth:
        given = self.cleaned_data
        return reopen_intake(access=self.access, month=self.subject, until=given["until"], reason=given["reason"])


@page("months/<str:month>/intake/", "month-intake", Thing.MONTH, Verb.UPDATE)
def intake(request: HttpRequest, month: str) -> HttpResponse:
    of = month_or_404(month)
    require_company(access_of_request(request), Verb.UPDATE)
    about = ActionPage(
        title=_("Intake of %(month)s") % {"month": of},
        submit=_("Let supervisors enter until then"),
        done=_("Supervisors may enter %(month)s until the day given.") % {"month": of},
        back=reverse("admin:month", args=[of]),
        lead=_("Until the end of that day supervisors and heads enter the month. After it, it closes by itself."),
    )
    return action_page(request, IntakeForm, about, subject=of)


class SealForm(ActionForm):
    """``subject`` is the month. Its name is typed, for sealing is not undone; ``seen`` is the digest that was shown."""

    template = "admin/promotion/month_seal.html"
    typed = forms.CharField(label=gettext_lazy("Type the month to confirm"), max_length=7)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def prepare(self) -> None:
        self.fields["typed"].help_text = _("%(month)s, as in the heading.") % {"month": self.subject}
        self.fields["typed"].widget.attrs["autocomplete"] = "off"
        self.shown = _to_be_fixed(self.access, self.subject)

    def perform(self) -> AssessmentMonth:
        if self.cleaned_data["typed"].strip() != str(self.subject):
            raise Refused(_("Type %(month)s.") % {"month": self.subject}, code="typed")
        return seal_and_sweep(
            access=self.access, month=self.subject, now=timezone.now(), seen=self.cleaned_data["seen"]
        )


def _to_be_fixed(access: Access, of: Month) -> dict[str, Any]:
    """What the page says before its form: what will be fixed, and what stands in the way."""
    _metrics, found = teams_of(access, of)
    digest = digest_of(of)
    row, left = month_row(of), sum(team.left for team in found)
    earlier = digest.after + 1 if digest.after and digest.after + 1 < of else None
    return {
        "row": row,
        "digest": digest,
        "ended": of < Month.of(access.day),
        "earlier": earlier,
        "left": left,
        "barred": left or earlier or row.state != MonthState.CLOSING,
        "accepted": sum(team.accepted for team in found),
        "doubts": open_doubts(access, [of]).get(of, 0),
    }


@page("months/<str:month>/seal/", "month-seal", Thing.MONTH, Verb.DECIDE)
def seal(request: HttpRequest, month: str) -> HttpResponse:
    of = month_or_404(month)
    require_company(access_of_request(request), Verb.DECIDE)
    about = ActionPage(
        title=_("Seal %(month)s") % {"month": of},
        submit=_("Seal the month"),
        done=_("%(month)s is sealed. The sweep of record has been asked for.") % {"month": of},
        back=reverse("admin:month", args=[of]),
    )
    return action_page(request, SealForm, about, subject=of)


@page("months/<str:month>/digest/", "month-digest", Thing.MONTH)
def digest(request: HttpRequest, month: str) -> HttpResponse:
    """Whether a sealed month's facts are still those that were sealed: asked for when the page is there."""
    of = month_or_404(month)
    row = month_row(of)
    if row.state != MonthState.SEALED:
        raise Http404
    found = digest_of(of)
    context = {"month": of, "row": row, "digest": found, "same": found.is_of(row)}
    return render(request, "admin/promotion/_month_digest.html", context)
