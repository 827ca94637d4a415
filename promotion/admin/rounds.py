"""Rounds for HR: the list, arranging, judges and conflicts, closing. Of scores nothing before a round is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from policy.models import PolicyVersion
from promotion.panels.actions.candidate_take_out import take_out_candidate
from promotion.panels.actions.candidates_add import add_candidates
from promotion.panels.actions.judge_replace import replace_judge
from promotion.panels.actions.judges_remind import remind_judges
from promotion.panels.actions.recusal_settle import settle_recusal
from promotion.panels.actions.round_arrange import Sitting, arrange_round
from promotion.panels.actions.round_cancel import cancel_round
from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.round_open import open_round
from promotion.panels.models import Candidate, Judge, Round, RoundState
from promotion.panels.selectors import (
    UNDER_WAY,
    alike,
    hindrances,
    in_scope,
    is_complete,
    place_of,
    possible_judges,
    process_of,
    results_of,
    rounds_listed,
    rows_of,
    takes_more,
    to_arrange,
)
from promotion.web.judging_file import bar_sign, line_name, step_name
from promotion.web.rounds import round_or_404
from promotion.web.tiers import views_of
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, DepartmentField, action_page, may_in_admin, page
from staff.kernel.admin.forms import ScopedField
from staff.kernel.admin.pages import access_of_request, render
from staff.web.reach import pk_in

_A_PAGE = 50


class MomentField(forms.DateTimeField):
    """A day and a time, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            **kwargs,
        )


class AccountField(ScopedField, forms.CharField):
    """A user name, or a name that only one account has → the account's id; several, one a line."""

    def __init__(self, *, several: bool = False, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.Textarea() if several else forms.TextInput(),
            help_text=gettext_lazy("User names or full names, one a line.")
            if several
            else gettext_lazy("User name or full name."),
            **kwargs,
        )
        self.several = several

    def clean(self, value: Any) -> Any:
        names = [name.strip() for name in super().clean(value).splitlines() if name.strip()]
        by_name: dict[str, set[int]] = {}
        accounts = possible_judges(self.access)
        for pk, *known in accounts.values_list(
            "pk", "username", "display_name", "employee__name", "employee__employee_no"
        ):
            for name in filter(None, known):
                by_name.setdefault(name, set()).add(pk)
        found = []
        for name in names:
            fits = by_name.get(name, set())
            if len(fits) != 1:
                said = _("Several are called `%(name)s`: write the user name.")
                if not fits:
                    said = _("Nobody who can sign in is called `%(name)s`.")
                raise forms.ValidationError(said % {"name": name})
            found.append(fits.pop())
        return found if self.several else found[0]


class ArrangeForm(ActionForm):
    template = "admin/promotion/round_new.html"

    department = DepartmentField(label=gettext_lazy("department"))
    opens_at = MomentField(label=gettext_lazy("opens"))
    closes_at = MomentField(label=gettext_lazy("closes"))
    place = forms.CharField(label=gettext_lazy("place"), max_length=200, required=False)
    vacancies = forms.IntegerField(label=gettext_lazy("vacancies"), min_value=1, required=False)
    judges = AccountField(label=gettext_lazy("judges"), several=True)
    applications = forms.MultipleChoiceField(label=gettext_lazy("candidates"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        self.fields["applications"].choices = _choices(self.subject["rows"])  # type: ignore[attr-defined]
        if self.subject["step"] != "competition":
            del self.fields["vacancies"]

    def perform(self) -> Round:
        given = self.cleaned_data
        return arrange_round(
            access=self.access,
            sitting=Sitting(
                given["department"], given["opens_at"], given["closes_at"], given["place"], given.get("vacancies")
            ),
            applications=[int(pk) for pk in given["applications"]],
            judges=given["judges"],
            now=timezone.now(),
        )


class AddForm(ActionForm):
    template = "admin/promotion/round_add.html"

    applications = forms.MultipleChoiceField(label=gettext_lazy("candidates"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        self.fields["applications"].choices = _choices(self.subject["rows"])  # type: ignore[attr-defined]

    def perform(self) -> Round:
        return add_candidates(
            access=self.access, round_id=self.subject["round"].pk, now=timezone.now(),
            applications=[int(pk) for pk in self.cleaned_data["applications"]],
        )  # fmt: skip


class TakeOutForm(ActionForm):
    reason = forms.CharField(
        label=gettext_lazy("reason"), widget=forms.Textarea(), help_text=gettext_lazy("The person reads it.")
    )

    def perform(self) -> Candidate:
        return take_out_candidate(
            access=self.access, round_id=self.subject.round_id, candidate_id=self.subject.pk,
            reason=self.cleaned_data["reason"], now=timezone.now(),
        )  # fmt: skip


class ReplaceForm(ActionForm):
    account = AccountField(label=gettext_lazy("new judge"))
    closes_at = MomentField(
        label=gettext_lazy("new closing time"), required=False,
        help_text=gettext_lazy("Needed where the old one is past; the new judge scores everybody."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("reason"), widget=forms.Textarea())

    def perform(self) -> Judge:
        given = self.cleaned_data
        return replace_judge(
            access=self.access, round_id=self.subject.round_id, judge_id=self.subject.pk, account_id=given["account"],
            reason=given["reason"], closes_at=given["closes_at"], now=timezone.now(),
        )  # fmt: skip


class CloseForm(ActionForm):
    minutes = forms.CharField(
        label=pgettext_lazy("round", "minutes"),
        widget=forms.Textarea(),
        help_text=gettext_lazy("Questions asked, dissent."),
    )

    def perform(self) -> Round:
        return close_round(
            access=self.access, round_id=self.subject.pk, minutes=self.cleaned_data["minutes"], now=timezone.now()
        )


class CancelForm(ActionForm):
    reason = forms.CharField(label=gettext_lazy("why it is repeated"), widget=forms.Textarea())

    def perform(self) -> Round:
        return cancel_round(access=self.access, round_id=self.subject.pk, reason=self.cleaned_data["reason"])


@page("rounds/", "rounds", Thing.ROUND)
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round of the scope, and what waits for one, by step, version and tier."""
    access = access_of_request(request)
    page_obj = Paginator(rounds_listed(access), _A_PAGE).get_page(request.GET.get("page"))
    shown = list(page_obj.object_list)
    may_arrange = may_in_admin(access, Thing.ROUND, Verb.CREATE)
    waiting = _waiting(access) if may_arrange else []
    views = views_of({row.version.key for row in shown} | {group["key"] for group in waiting})
    context = {
        "title": _("Rounds"), "page_obj": page_obj, "may_arrange": may_arrange,
        "rows": [(row, step_name(row.step), views.get((row.version.key, row.to_tier))) for row in shown],
        "waiting": [{**group, "tier": views.get((group["key"], group["to_tier"]))} for group in waiting],
    }  # fmt: skip
    return render(request, "admin/promotion/rounds.html", context)


@page("rounds/new/", "round-new", Thing.ROUND, Verb.CREATE)
def round_new(request: HttpRequest) -> HttpResponse:
    """``like``: an application; the candidates are all that stand at the same step of the same version for the same tier.
    ``pick``: applications, of which those are chosen that stand where the first does. ``repeats``: a round that was cancelled,
    whose candidates and judges are filled in.
    """
    access = access_of_request(request)
    picked = [pk_in(text) for text in request.GET.getlist("pick")]
    if "like" not in request.GET and not picked:
        messages.warning(request, _("Choose who comes before the panel first."))
        return HttpResponseRedirect(reverse("admin:applications"))
    rows = _alike(access, picked[0] if picked else pk_in(request.GET.get("like", "")))
    initial: dict[str, Any] = {"applications": [str(row.pk) for row in rows if not picked or row.pk in picked]}
    elsewhere = len(set(picked)) - len(initial["applications"]) if picked else 0
    if elsewhere and request.method == "GET":
        said = ngettext(
            "%(n)d of those chosen stands at another step, tier or version, and takes a round of its own.",
            "%(n)d of those chosen stand at another step, tier or version, and take a round of their own.",
            elsewhere,
        )
        messages.warning(request, said % {"n": elsewhere})
    repeated = in_scope(access).filter(pk=pk_in(request.GET.get("repeats", ""))).first()
    if repeated is not None:
        names = repeated.judges.filter(replaced_at=None).values_list("account__username", flat=True)
        initial |= {"judges": "\n".join(names), "place": repeated.place, "vacancies": repeated.vacancies}
    first = rows[0]
    initial["department"] = repeated.department_id if repeated else first.department_id
    widened = [
        (row, _with_picks(reverse("admin:round-add", args=[row.pk]), initial["applications"]))
        for row in takes_more(access, place_of(first), timezone.now())
    ]
    subject = {"rows": rows, "step": first.step, "widened": widened if repeated is None else []}
    about = ActionPage(
        title=_("Arrange: %(step)s") % {"step": step_name(first.step)},
        submit=_("Arrange the round"),
        done=_("The round is arranged; candidates and judges have been told."),
        back=reverse("admin:rounds"),
        lead=_lead(first),
    )
    return action_page(request, ArrangeForm, about, subject=subject, initial=initial, back=_to_round)


@page("rounds/<int:pk>/", "round", Thing.ROUND)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    found = round_or_404(access, pk)
    candidates = list(
        Candidate.objects.filter(round=found).select_related("application__employee", "round").order_by("ordinal")
    )
    closed = found.state == RoundState.CLOSED
    judges = rows_of(found)
    under_way = found.state in UNDER_WAY
    context = {
        "title": f"{step_name(found.step).capitalize()} · {found.department}",
        "round": found,
        "step": step_name(found.step),
        "rule": process_of(found),
        "sign": bar_sign(process_of(found)),
        "tier": views_of([found.version.key]).get((found.version.key, found.to_tier)),
        "candidates": candidates,
        "judges": judges,
        "recusals": [(seat, one) for seat in judges for one in seat.recusals.all()],
        "lines": [(line_name(line), line["of"]) for line in found.sheet],
        "results": results_of(found) if closed else [],
        "under_way": under_way,
        "may": under_way and may_in_admin(access, Thing.ROUND, Verb.UPDATE),
        "hindered": bool(hindrances(found)) if under_way else False,
        "complete": found.state == RoundState.OPEN and is_complete(found),
        "past": found.closes_at <= timezone.now(),
        "takes_more": found.state == RoundState.ARRANGED and found.closes_at > timezone.now(),
        "live": sum(one.live for one in candidates),
    }
    return render(request, "admin/promotion/round.html", context)


@page("rounds/<int:pk>/add/", "round-add", Thing.ROUND, Verb.UPDATE)
def round_add(request: HttpRequest, pk: int) -> HttpResponse:
    """``pick``: applications that are chosen already; of them those that stand where the round's candidates do."""
    access = access_of_request(request)
    found = round_or_404(access, pk)
    rows = alike(access, place_of(found))
    back = reverse("admin:round", args=[pk])
    if not rows and request.method == "GET":
        messages.warning(request, _("Nobody waits for a round at this step, version and tier."))
        return HttpResponseRedirect(back)
    picked = request.GET.getlist("pick")
    about = ActionPage(
        title=_("Add candidates"),
        submit=_("Add those chosen"),
        done=_("They are added and called; every judge is asked anew about conflicts of interest."),
        back=back,
        lead=_(
            "They come behind those who are there. Every judge declares anew, about them as well, before it can open."
        ),
    )
    initial = {"applications": [str(row.pk) for row in rows if str(row.pk) in picked]}
    return action_page(request, AddForm, about, subject={"round": found, "rows": rows}, initial=initial)


@page("rounds/<int:pk>/take-out/<int:candidate>/", "round-take-out", Thing.ROUND, Verb.UPDATE)
def round_take_out(request: HttpRequest, pk: int, candidate: int) -> HttpResponse:
    access = access_of_request(request)
    found = round_or_404(access, pk).candidates.filter(pk=candidate).select_related("application__employee").first()
    if found is None:
        raise Http404
    about = ActionPage(
        title=_("Take %(name)s out of the round") % {"name": found.application.employee},
        submit=_("Take out"),
        done=_("Taken out; the person is told, and waits for a round again."),
        back=reverse("admin:round", args=[pk]),
        lead=_("The application stands at its step as before. What was said of conflicts with them is kept."),
    )
    return action_page(request, TakeOutForm, about, subject=found)


@page("rounds/<int:pk>/open/", "round-open", Thing.ROUND, Verb.UPDATE)
def round_open(request: HttpRequest, pk: int) -> HttpResponse:
    def act(access: Access) -> object:
        return open_round(access=access, round_id=pk, now=timezone.now())

    return _act(request, pk, act, _("The round is open to scores."))


@page("rounds/<int:pk>/remind/", "round-remind", Thing.ROUND, Verb.UPDATE)
def round_remind(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, lambda access: remind_judges(access=access, round_id=pk, now=timezone.now()),
        _("All judges of the round are reminded alike."),
    )  # fmt: skip


@page("rounds/<int:pk>/settle/<int:recusal>/", "round-settle", Thing.ROUND, Verb.UPDATE)
def round_settle(request: HttpRequest, pk: int, recusal: int) -> HttpResponse:
    """``upheld``: yes or no; ``answer`` is read by whoever raised it."""

    def settle(access: Access) -> object:
        if request.POST.get("upheld") not in {"yes", "no"}:
            raise Refused(_("Choose one of the two."), code="upheld")
        return settle_recusal(
            access=access, round_id=pk, recusal_id=recusal, upheld=request.POST["upheld"] == "yes",
            answer=request.POST.get("answer", ""), now=timezone.now(),
        )  # fmt: skip

    return _act(request, pk, settle, _("It is settled, and whoever raised it is told."))


@page("rounds/<int:pk>/replace/<int:judge>/", "round-replace", Thing.ROUND, Verb.UPDATE)
def round_replace(request: HttpRequest, pk: int, judge: int) -> HttpResponse:
    access = access_of_request(request)
    found = round_or_404(access, pk)
    seat = found.judges.filter(pk=judge).select_related("account__employee").first()
    if seat is None:
        raise Http404
    about = ActionPage(
        title=_("Replace %(name)s") % {"name": seat.account},
        submit=_("Replace"),
        done=_("The judge is replaced; both have been told."),
        back=reverse("admin:round", args=[pk]),
        lead=_("What the judge has written does not count. The reason is kept and stands in the minutes."),
    )
    return action_page(request, ReplaceForm, about, subject=seat)


@page("rounds/<int:pk>/close/", "round-close", Thing.ROUND, Verb.UPDATE)
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    found = round_or_404(access_of_request(request), pk)
    about = ActionPage(
        title=_("Close the round"),
        submit=_("Close it"),
        done=_("The round is closed; its scores are fixed."),
        back=reverse("admin:round", args=[pk]),
        lead=_(
            "Every judge's sheet for every candidate must be in. Whoever is at the bar goes on; scores can then be read."
        ),
    )
    return action_page(request, CloseForm, about, subject=found)


@page("rounds/<int:pk>/cancel/", "round-cancel", Thing.ROUND, Verb.UPDATE)
def round_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = round_or_404(access_of_request(request), pk)
    about = ActionPage(
        title=_("Cancel the round"),
        submit=_("Cancel the round"),
        done=_("The round is cancelled; its candidates stand where they stood."),
        back=reverse("admin:round", args=[pk]),
        lead=_("What its judges wrote counts for nothing and is shown to nobody. Arrange it anew from its page."),
    )
    return action_page(request, CancelForm, about, subject=found)


def _act(request: HttpRequest, pk: int, act: Callable[[Access], object], done: str) -> HttpResponse:
    """One act by a button of the round's page, which it leads back to."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    access = access_of_request(request)
    round_or_404(access, pk)
    try:
        act(access)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:round", args=[pk]))


def _waiting(access: Access) -> list[dict[str, Any]]:
    """What stands at a panel's step in no round: (step, version, values, tier) with how many, one of them and since when; the
    longest waiting first. Two queries.
    """
    places = to_arrange(access).select_related(None).order_by().values("step", "version", "values", "to_tier")
    groups = list(places.annotate(n=Count("pk"), like=Min("pk"), since=Min("step_since")).order_by("since", "like"))
    versions = PolicyVersion.objects.defer("document").in_bulk({group["version"] for group in groups})
    return [
        {
            **group,
            "step": step_name(group["step"]),
            "version": (version := versions[group["version"]]),
            "key": version.key,
        }
        for group in groups
    ]


def _alike(access: Access, pk: int) -> list[Any]:
    """The application and all that stand where it stands. Raises ``Http404`` where it waits for no round."""
    rows = list(to_arrange(access))
    first = next((row for row in rows if row.pk == pk), None)
    if first is None:
        raise Http404
    return [row for row in rows if place_of(row) == place_of(first)]


def _choices(rows: list[Any]) -> list[tuple[str, str]]:
    return [(str(row.pk), f"{row.employee} · {row.number}") for row in rows]


def _with_picks(url: str, picked: list[str]) -> str:
    return f"{url}?{urlencode([('pick', pk) for pk in picked])}"


def _lead(first: Any) -> str:
    step = process_of(Round(step=first.step, version=first.version, values=first.values, to_tier=first.to_tier))
    panel = step.panel or 3
    said = ngettext("A panel of %(n)d judge", "A panel of %(n)d judges", panel) % {"n": panel}
    bar = "" if step.bar is None else _(", bar %(op)s %(bar)s") % {"op": bar_sign(step), "bar": step.bar}
    return (
        said
        + bar
        + pgettext("list", "; ")
        + _("nobody judges who is a candidate, leads one directly or reviews the application.")
    )


def _to_round(round: Any) -> str:
    return reverse("admin:round", args=[round.pk])
