"""A change of a pay table: its form, its preview, and its end by approval, refusal or withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payroll.actions.band_decide import decide_change
from payroll.actions.band_draft import TierAmounts, draft_change
from payroll.actions.band_rules import require_company
from payroll.actions.band_submit import submit_change, withdraw_change
from payroll.admin.sheet import filters_of, paged, people, tier_rows, views_of
from payroll.models import ChangeState, PayTableChange, PayTableLine
from payroll.selectors.bands import PayTable, change_with_lines, pay_tables, settable, with_lines
from payroll.selectors.sheet import Total, sheet_of
from promotion.web.tiers import TierView, say
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, DayField, action_page, may_in_admin, page
from staff.kernel.admin.pages import access_of_request, render
from staff.kernel.periods import Month

_PARTS = ("level_pay", "minimum", "midpoint", "maximum")


def _yuan(label: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=0, required=False)


class ChangeForm(ActionForm):
    """``subject`` is the table that the amounts start from; a draft's own page gives ``change`` with it."""

    template = "admin/payroll/change_form.html"

    starts_on = DayField(label=gettext_lazy("from"))
    reason = forms.CharField(label=gettext_lazy("reason"), widget=forms.Textarea, max_length=2000)
    consultation = forms.CharField(
        label=gettext_lazy("how employees were heard"),
        required=False,
        widget=forms.Textarea,
        max_length=2000,
        help_text=gettext_lazy("Labour Contract Law art. 4. Empty is recorded as: none was given."),
    )
    change: PayTableChange | None = None

    def prepare(self) -> None:
        table: PayTable = self.subject
        may_set = settable(table)
        self.views = views_of(table)
        names = dict(zip(_PARTS, (_("level pay"), _("minimum"), _("midpoint"), _("maximum")), strict=True))
        self.fields["starts_on"].widget.attrs["min"] = self.access.day.isoformat()
        for tier in table.tiers:
            band, level = table.bands.get(tier), table.level_pay(tier)
            for part, name in names.items():
                if part == "level_pay" and tier not in may_set:
                    continue
                field = _yuan(f"{self.views[tier].name} · {name}")
                held = (level[0] if len(level) == 1 else None) if part == "level_pay" else band and getattr(band, part)
                field.initial = held
                self.fields[f"{part}_{tier}"] = field

    @property
    def rows(self) -> list[tuple[TierView, list[Any]]]:
        """The amounts as a table: a tier's fields in order, None where the policy prints the amount itself."""
        names = set(self.fields)
        return [
            (self.views[tier], [self[f"{part}_{tier}"] if f"{part}_{tier}" in names else None for part in _PARTS])
            for tier in reversed(self.subject.tiers)
        ]

    @property
    def words(self) -> list[Any]:
        return [self["starts_on"], self["reason"], self["consultation"]]

    def perform(self) -> PayTableChange:
        given = self.cleaned_data
        amounts = [TierAmounts(tier, *(given.get(f"{part}_{tier}") for part in _PARTS)) for tier in self.subject.tiers]
        return draft_change(
            access=self.access,
            ladder=self.subject.ladder,
            starts_on=given["starts_on"],
            reason=given["reason"],
            consultation=given["consultation"],
            amounts=amounts,
            change=self.change,
        )


class SettleForm(ActionForm):
    """``subject`` is the change."""

    def perform(self) -> PayTableChange:
        return submit_change(access=self.access, change_id=self.subject.pk)


class WithdrawForm(SettleForm):
    def perform(self) -> PayTableChange:
        return withdraw_change(access=self.access, change_id=self.subject.pk, now=timezone.now())


class ApproveForm(SettleForm):
    approve = True
    answer = forms.CharField(label=gettext_lazy("reason"), required=False, widget=forms.Textarea, max_length=1000)

    def perform(self) -> PayTableChange:
        return decide_change(
            access=self.access,
            change_id=self.subject.pk,
            approve=self.approve,
            answer=self.cleaned_data["answer"],
            now=timezone.now(),
        )


class DeclineForm(ApproveForm):
    approve = False


@page("bands/change/", "band-draft", Thing.BAND, Verb.CREATE)
def draft(request: HttpRequest) -> HttpResponse:
    access = access_of_request(request)
    require_company(access, Verb.CREATE)
    table = _table(access, request.GET.get("ladder", ""), access.day)
    if table is None:
        raise Http404
    initial = {"starts_on": Month.of(access.day).next.first_day}
    return action_page(request, ChangeForm, _form_page(table), subject=table, initial=initial, back=_url)


@page("bands/changes/<int:pk>/edit/", "band-edit", Thing.BAND, Verb.UPDATE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    require_company(access, Verb.UPDATE)
    change, lines = _found(access, pk)
    table = _table(access, change.ladder, change.starts_on)
    if table is None or change.state != ChangeState.DRAFT:
        raise Http404
    form = type("EditForm", (ChangeForm,), {"change": change})
    initial = {"starts_on": change.starts_on, "reason": change.reason, "consultation": change.consultation}
    for line in lines:
        initial |= {f"{part}_{line.tier}": value for part in _PARTS if (value := getattr(line, part)) is not None}
    return action_page(request, form, _form_page(table, change), subject=table, initial=initial, back=_url)


def _form_page(table: PayTable, change: PayTableChange | None = None) -> ActionPage:
    return ActionPage(
        title=_("Change the pay table: %(policy)s") % {"policy": say(table.title)},
        submit=_("Save and preview"),
        done=_("The draft has been saved. Nothing in force changes."),
        back=_url(change) if change else reverse("admin:bands") + f"?ladder={table.ladder}",
        lead=_(
            "Yuan a month. What stays as it is may stand here too. The next page shows whom it moves, by how much, and "
            "what it costs."
        ),
    )


@page("bands/changes/<int:pk>/", "band-change", Thing.BAND)
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    change, lines = _found(access, pk)
    own = change.requested_by_id == access.account_id
    title = _("Pay table from %(day)s") % {"day": change.starts_on}
    context: dict[str, Any] = {
        "title": title,
        "change": change,
        "paid_from": Month.of(change.starts_on),
        "may_edit": own and change.state == ChangeState.DRAFT and may_in_admin(access, Thing.BAND, Verb.UPDATE),
        "may_withdraw": own and change.open and may_in_admin(access, Thing.BAND, Verb.UPDATE),
        "may_decide": not own
        and change.state == ChangeState.SUBMITTED
        and may_in_admin(access, Thing.BAND, Verb.DECIDE),
        "company": access.scope(Thing.PAY).company,
    }
    before = _before(access, change)
    if before is not None:
        context |= _preview(request, access, before, with_lines(before, lines))
    return render(request, "admin/payroll/change.html", context)


def _before(access: Access, change: PayTableChange) -> PayTable | None:
    """The table that the change meets; once it is in force, the one of the day before."""
    if change.state == ChangeState.APPROVED:
        earlier = _table(access, change.ladder, change.starts_on - timedelta(days=1))
        if earlier is not None:
            return replace(earlier, day=change.starts_on)
    return _table(access, change.ladder, change.starts_on)


def _preview(request: HttpRequest, access: Access, before: PayTable, after: PayTable) -> dict[str, Any]:
    sheet = sheet_of(access, before, after)
    filters = filters_of(request, access, before, moved=True)
    page_obj, totals = paged(sheet, filters.chosen, request.GET.get("page", ""))
    return {
        "heading": say(before.title),
        "rows": tier_rows(before, after, totals),
        "sum": _sum(totals),
        "filters": filters,
        "lines": people(page_obj, filters, views_of(before)),
        "page_obj": page_obj,
    }


def _sum(totals: dict[str, Total]) -> dict[str, Any]:
    """All tiers together; a year is twelve such months."""
    found = list(totals.values())
    month = sum((total.difference for total in found), Decimal(0))
    return {
        "people": sum(total.people for total in found),
        "moved": sum(total.moved for total in found),
        "before": sum((total.level_before for total in found), Decimal(0)),
        "after": sum((total.level_after for total in found), Decimal(0)),
        "month": month,
        "year": month * 12,
        "below_before": sum(total.below_before for total in found),
        "below_after": sum(total.below_after for total in found),
        "above_before": sum(total.above_before for total in found),
        "above_after": sum(total.above_after for total in found),
        "unpaid": sum(total.unpaid for total in found),
    }


@page("bands/changes/<int:pk>/submit/", "band-submit", Thing.BAND, Verb.UPDATE)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Submission"), _("Submit"), _("The change waits for the general manager."))
    lead = _("From here on it stays as it is. The general manager decides; nothing in force changes until then.")
    return _settle(request, pk, SettleForm, words, lead)


@page("bands/changes/<int:pk>/withdraw/", "band-withdraw", Thing.BAND, Verb.UPDATE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Withdrawal"), _("Withdraw"), _("The change has been withdrawn."))
    return _settle(request, pk, WithdrawForm, words, _("Nothing in force changes."))


@page("bands/changes/<int:pk>/approve/", "band-approve", Thing.BAND, Verb.DECIDE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Approval"), _("Approve"), _("The pay table holds from its day on."))
    lead = _(
        "Bands hold from the day on; where level pay changes the policy is adopted anew from it, with the same "
        "departments and its other values. Approving cannot be taken back: another change can follow."
    )
    return _settle(request, pk, ApproveForm, words, lead)


@page("bands/changes/<int:pk>/decline/", "band-decline", Thing.BAND, Verb.DECIDE)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    words = (_("Refusal"), _("Decline"), _("The change has been declined."))
    return _settle(request, pk, DeclineForm, words, _("Nothing in force changes. Payroll reads the reason."))


def _settle(
    request: HttpRequest, pk: int, form: type[ActionForm], words: tuple[str, str, str], lead: str
) -> HttpResponse:
    change, _lines = _found(access_of_request(request), pk)
    title, submit_word, done = words
    about = ActionPage(
        title=_("Pay table from %(day)s") % {"day": change.starts_on} + f" · {title}",
        submit=submit_word,
        done=done,
        back=_url(change),
        lead=lead,
    )
    return action_page(request, form, about, subject=change)


def _found(access: Access, pk: int) -> tuple[PayTableChange, list[PayTableLine]]:
    found = change_with_lines(access, pk)
    if found is None:
        raise Http404
    return found


def _table(access: Access, ladder: str, day: date) -> PayTable | None:
    return next((table for table in pay_tables(access, day) if table.ladder == ladder), None)


def _url(change: PayTableChange) -> str:
    return reverse("admin:band-change", args=[change.pk])
