"""The working calendar: holidays and make-up days as announced, and the days that HR says otherwise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.actions.calendar_amend import amend_calendar
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, DayField, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.workdays import Workdays
from staff.models import Workday


class DayForm(ActionForm):
    day = DayField(label=gettext_lazy("day"))
    works = forms.TypedChoiceField(
        label=gettext_lazy("is worked"), coerce=lambda text: text == "yes",
        choices=[("no", gettext_lazy("a day off")), ("yes", gettext_lazy("a working day"))],
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("holiday or reason"), max_length=60)

    def perform(self) -> Workday:
        return amend_calendar(access=self.access, **self.cleaned_data)


@page("working-calendar/", "working-calendar", Thing.MONTH)
def working_calendar(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    years = (access.day.year, access.day.year + 1)
    known = Workdays.known()
    rows = Workday.objects.filter(day__year__in=years)
    context: dict[str, Any] = {
        "title": _("Working calendar"),
        "years": [(year, year in known.announced, [row for row in rows if row.day.year == year]) for year in years],
        "may_amend": may_in_admin(access, Thing.MONTH, Verb.DECIDE) and access.scope(Thing.MONTH, Verb.DECIDE).company,
    }
    return render(request, "admin/staff/working_calendar.html", context)


@page("working-calendar/amend/", "working-calendar-amend", Thing.MONTH, Verb.DECIDE)
def amend(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Change a day of the working calendar"), submit=_("Change the day"), done=_("The day is changed."),
        back=reverse("admin:working-calendar"),
        lead=_("Running terms may grow by it, never shrink. Days that are over stay as they were."),
    )  # fmt: skip
    return action_page(request, DayForm, about)
