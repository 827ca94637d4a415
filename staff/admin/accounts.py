"""Accounts, and the one-time link with which somebody sets a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from staff.actions.account_close import close_account, reopen_account
from staff.actions.account_invite import Issued, invite
from staff.admin.sign_in import sign_in_of
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.admin import ActionForm, ActionPage, PersonField, RoleAdmin, action_page, page, site
from staff.kernel.admin.pages import access_of_request, render, require
from staff.models import Account, Role


class InviteForm(ActionForm):
    """For an employee, or (the operator alone) for somebody from outside."""

    refusal_fields = {"user_name_missing": "username", "user_name_taken": "username"}

    person = PersonField(label=gettext_lazy("person"), verb=Verb.CREATE, thing=Thing.ACCOUNT, required=False)
    username = forms.CharField(
        label=gettext_lazy("user name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Empty: the employee no. Somebody from outside needs one."),
    )
    display_name = forms.CharField(label=gettext_lazy("display name"), max_length=100, required=False)

    def prepare(self) -> None:
        if not self.access.may(Thing.ACCOUNT, Verb.UPDATE) or "operator" not in self.access.roles:
            self.fields["person"].required = True
            del self.fields["display_name"]

    def perform(self) -> Any:
        given = dict(self.cleaned_data)
        return invite(access=self.access, now=timezone.now(), employee=given.pop("person", None), **given)


@admin.register(Account, site=site)
class AccountAdmin(RoleAdmin):
    adds = True
    list_display = ("username", "holder", "roles", "active", "last_seen")
    search_fields = ("username",)
    search_also = ("username", "display_name")
    person_path = "employee"
    search_help_text = gettext_lazy("User name, name or pinyin")
    ordering = ("username",)

    def rows(self, access: Access) -> QuerySet[Any]:
        return Account.objects.visible_to(access).select_related("employee").prefetch_related("grants__department")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        access = access_of_request(request)
        return bool(access.roles_for(Thing.ACCOUNT, Verb.CREATE) | access.roles_for(Thing.ACCOUNT, Verb.READ))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        _require_accounts(request)
        return super(RoleAdmin, self).changelist_view(request, extra_context)

    @display(description=gettext_lazy("holder"))
    def holder(self, account: Account) -> str:
        return str(account)

    @display(description=gettext_lazy("roles today"))
    def roles(self, account: Account) -> str:
        day = timezone.localdate()
        return " · ".join(str(grant) for grant in account.grants.all() if grant.covers(day))

    @display(description=gettext_lazy("active"), boolean=True)
    def active(self, account: Account) -> bool:
        return account.is_active

    @display(description=gettext_lazy("last sign-in"), ordering="last_login")
    def last_seen(self, account: Account) -> str:
        return f"{timezone.localtime(account.last_login):%Y-%m-%d %H:%M}" if account.last_login else ""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, Thing.ACCOUNT, Verb.CREATE)
        return _invite_page(request, InviteForm, _("Invite"), {"person": request.GET.get("person", "")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        _require_accounts(request)
        access = access_of_request(request)
        account = self.found(request, object_id)
        context = {
            "title": str(account),
            "account": account,
            "grants": account.grants.all(),
            "may_invite": access.may(Thing.ACCOUNT, Verb.CREATE),
            "may_grant": access.may(Thing.GRANT, Verb.CREATE) and account.pk != access.account_id,
            "may_close": Role.OPERATOR in access.roles and account.pk != access.account_id,
            "day": timezone.localdate(),
            **sign_in_of(access, account),
        }
        return render(request, "admin/staff/account.html", context)


class AgainForm(ActionForm):
    """A new link for an account; the earlier ones stop working."""

    def perform(self) -> Any:
        account: Account = self.subject
        return invite(access=self.access, now=timezone.now(), employee=account.employee, username=account.username)


@page("accounts/<int:pk>/link/", "account-link", Thing.ACCOUNT, Verb.CREATE)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    account = site.get_model_admin(Account).found(request, str(pk))
    return _invite_page(request, AgainForm, str(account), {}, subject=account)


class SwitchForm(ActionForm):
    """Closes an open account, opens a closed one."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)

    def perform(self) -> None:
        act = close_account if self.subject.is_active else reopen_account
        act(access=self.access, account=self.subject, reason=self.cleaned_data["reason"])


@page("accounts/<int:pk>/switch/", "account-switch", Thing.ACCOUNT, Verb.UPDATE)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    account = site.get_model_admin(Account).found(request, str(pk))
    title = _("Close the account") if account.is_active else _("Open the account again")
    about = ActionPage(
        title=f"{account} · {title}",
        submit=title,
        done=_("The account has been changed."),
        back=reverse("admin:staff_account_change", args=[pk]),
        lead=_("A closed account opens nothing from the next request on; its roles and its trail stay."),
    )
    return action_page(request, SwitchForm, about, subject=account)


def _invite_page(
    request: HttpRequest, form_class: type[ActionForm], title: str, initial: dict[str, Any], subject: Any = None
) -> HttpResponse:
    """The link is shown once, in the answer to the form: nobody can read it again."""
    given = {"access": access_of_request(request), "subject": subject, "initial": initial}
    form = form_class(request.POST, **given) if request.method == "POST" else form_class(**given)
    if form.is_bound and form.is_valid():
        try:
            issued: Any = form.perform()
        except Refused as refused:
            form.refuse(refused)
        else:
            return _issued(request, issued)
    about = ActionPage(
        title=title,
        submit=_("Make a one-time link"),
        done="",
        back=reverse("admin:staff_account_changelist"),
        lead=_(
            "The link lets its holder set a password, once, within seven days. Hand it over in person or by a message."
        ),
    )
    context = {"title": title, "form": form, "about": about}
    return render(request, "admin/form.html", context, status=422 if form.errors else 200)


def _issued(request: HttpRequest, issued: Issued) -> HttpResponse:
    url = request.build_absolute_uri(reverse("invitation", args=[issued.token]))
    context = {"title": str(issued.account), "account": issued.account, "url": url, "expires_at": issued.expires_at}
    response = render(request, "admin/staff/link.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _require_accounts(request: HttpRequest) -> None:
    """HR makes accounts for its people and so sees theirs; operators and auditors read all."""
    if not access_of_request(request).may(Thing.ACCOUNT, Verb.CREATE):
        require(request, Thing.ACCOUNT)
