"""Standing in: whom one has named, for whom one stands in, and acting for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from staff.actions.delegation_end import end_delegation
from staff.actions.delegation_make import make_delegation
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import Delegation, Role
from staff.selectors.delegations import delegable_roles, given_by, held_by, standing_in
from staff.web.forms import Styled
from staff.web.reach import access_in

#: Where a session keeps for whom its account acts.
SESSION_KEY = "stands_in"
#: Rows of one's own past that are shown.
_SHOWN = 30
_DAY = {"type": "date"}


@dataclass(frozen=True, slots=True)
class Line:
    """``state`` is ``Delegation.state_on``; ``acting`` whether the session acts for them now."""

    row: Delegation
    state: str
    acting: bool


class DeputyForm(Styled, forms.Form):
    """Of one's own roles, one; who; from when until when; why."""

    role = forms.ChoiceField(label=gettext_lazy("role"))
    number = forms.CharField(label=gettext_lazy("Employee no. of the deputy"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name of the deputy"), max_length=100)
    starts_on = forms.DateField(label=gettext_lazy("First day away"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=gettext_lazy("Day of return"), widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(key, Role(key).label) for key in delegable_roles(access)]  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = access.day
        self.dress()


@require_http_methods(["GET", "POST"])
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """A POST names a deputy."""
    access = access_in(request)
    form = DeputyForm(request.POST, access=access) if request.method == "POST" else DeputyForm(access=access)
    if request.method == "POST" and not delegable_roles(access):
        raise Forbidden(_("Only whoever holds a role as supervisor, head or general manager hands it on for a while."))
    if form.is_bound and form.is_valid():
        try:
            make_delegation(access=access, **form.cleaned_data)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, refused.message)
        else:
            messages.success(request, _("The deputy is named, and both of you are told."))
            return redirect("deputies")
    context = {
        "here": "deputies",
        "form": form if delegable_roles(access) else None,
        "held": [_line(row, access) for row in held_by(access)],
        "given": [_line(row, access) for row in given_by(access)[:_SHOWN]],
    }
    return render(request, "staff/deputies.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The holder takes it back, or the deputy lays it down."""
    access = access_in(request)
    rows = (given_by(access) | held_by(access)).filter(pk=pk)
    found = rows.first()
    if found is None:
        raise Http404
    end_delegation(access=access, delegation=found)
    messages.success(request, _("It is ended from now on, and both of you know."))
    return redirect("deputies")


@require_POST
@login_required
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on, in this session, the account acts in the role that was handed to it, and in no other."""
    access = access_in(request)
    if access.behalf is not None and access.behalf.delegation_id == pk:
        return redirect("inbox")
    if not held_by(access).filter(pk=pk).exists():
        raise Http404
    if access.behalf is not None:
        raise Refused(_("Go back to your own role first."), code="state")
    if standing_in(access, pk) is None:
        raise Refused(_("It is not in force today, or waits to be confirmed."), code="state")
    request.session[SESSION_KEY] = pk
    return redirect("inbox")


@require_POST
@login_required
def back(request: HttpRequest) -> HttpResponse:
    """Back to one's own roles; where one acts for nobody, nothing changes."""
    request.session.pop(SESSION_KEY, None)
    return redirect("deputies")


def _line(row: Delegation, access: Access) -> Line:
    acting = access.behalf is not None and access.behalf.delegation_id == row.pk
    return Line(row, row.state_on(access.day), acting)
