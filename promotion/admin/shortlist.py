"""Vacant posts for HR: marked, listed, taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.shortlist.actions.vacancy_decide import take_back_vacancy
from promotion.shortlist.actions.vacancy_mark import mark_vacancy
from promotion.shortlist.models import Vacancy, VacancyState
from promotion.shortlist.selectors import vacancies
from promotion.web.shortlist import page_of
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, DayField, DepartmentField, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render

_A_PAGE = 50


class VacancyForm(ActionForm):
    refusal_fields = {"post": "post", "reason": "reason", "department": "department", "clause": "clause"}

    department = DepartmentField(label=gettext_lazy("department"))
    post = forms.CharField(label=gettext_lazy("post"), max_length=60)
    vacant_on = DayField(label=gettext_lazy("vacant from"))
    clause = forms.CharField(
        label=gettext_lazy("clause"), max_length=20, required=False,
        help_text=gettext_lazy("Of the policy whose ladder governs the department: where it speaks of filling the post."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("why it is vacant"), max_length=300)

    def prepare(self) -> None:
        self.fields["vacant_on"].initial = self.access.day

    def perform(self) -> Vacancy:
        return mark_vacancy(access=self.access, **self.cleaned_data)


class TakeBackForm(ActionForm):
    """``subject`` is the vacancy."""

    words = forms.CharField(label=gettext_lazy("why"), max_length=300)

    def perform(self) -> Vacancy:
        return take_back_vacancy(access=self.access, vacancy=self.subject, **self.cleaned_data)


@page("vacancies/", "vacancies", Thing.VACANCY)
def overview(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    context: dict[str, Any] = {
        "title": _("Vacant posts"),
        "page": Paginator(vacancies(access), _A_PAGE).get_page(request.GET.get("page")),
        "may_mark": may_in_admin(access, Thing.VACANCY, Verb.CREATE),
    }
    return render(request, "admin/promotion/vacancies.html", context)


@page("vacancies/add/", "vacancy-add", Thing.VACANCY, Verb.CREATE)
def add(request: HttpRequest) -> HttpResponse:
    about = ActionPage(
        title=_("Mark a post vacant"), submit=_("Mark as vacant"), done=_("The post is marked; the general manager is asked."),
        back=reverse("admin:vacancies"),
        lead=_("Whoever holds the top tier of the ladder in force is listed, ranked by nothing. The general manager decides."),
    )  # fmt: skip
    return action_page(request, VacancyForm, about, back=lambda row: reverse("admin:vacancy", args=[row.pk]))


@page("vacancies/<int:pk>/", "vacancy", Thing.VACANCY)
def vacancy(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    found = get_object_or_404(vacancies(access), pk=pk)
    may = found.state == VacancyState.OPEN and may_in_admin(access, Thing.VACANCY, Verb.UPDATE)
    return render(
        request, "admin/promotion/vacancy.html", {**page_of(access, found), "title": str(found), "may_take_back": may}
    )


@page("vacancies/<int:pk>/take-back/", "vacancy-take-back", Thing.VACANCY, Verb.UPDATE)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(vacancies(access_of_request(request)), pk=pk)
    about = ActionPage(
        title=str(found), submit=_("Take it back"), done=_("The vacancy is taken back."),
        back=reverse("admin:vacancy", args=[pk]),
    )  # fmt: skip
    return action_page(request, TakeBackForm, about, subject=found)
