"""Accounts and what they may do: roles as dated grants. No account is a superuser."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from staff.models.people import Department, Employee
from staff.models.querysets import AccountQuerySet


class Role(models.TextChoices):
    """Named by their keys everywhere. ``employee`` comes with the account, ``supervisor`` with having reports."""

    EMPLOYEE = "employee", _("employee")
    SUPERVISOR = "supervisor", _("supervisor")
    HEAD = "head", _("head of department")
    HR = "hr", _("HR")
    PAYROLL = "payroll", _("payroll")
    GM = "gm", _("general manager")
    JUDGE = "judge", _("judge")
    AUDITOR = "auditor", _("auditor")
    OPERATOR = "operator", _("operator")


class MailChoice(models.TextChoices):
    """How mail tells somebody what is new. The inbox has everything, whatever is chosen."""

    EACH = "each", _("each message at once")
    DIGEST = "digest", _("one mail a working day")
    NONE = "none", _("no mail, the inbox alone")


#: Another person approves a grant of these (roles, rule 2).
TWO_PERSON_ROLES = (Role.HR, Role.PAYROLL, Role.GM, Role.AUDITOR, Role.OPERATOR)
#: These come by themselves and are never granted.
DERIVED_ROLES = (Role.EMPLOYEE, Role.SUPERVISOR)


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    """Accounts are made by the action ``account_invite``; this is what Django's own machinery needs."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A sign-in. Most belong to an employee; an outside auditor or operator has none."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    employee = models.OneToOneField(
        Employee, verbose_name=_("employee"), null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    display_name = models.CharField(_("display name"), max_length=100, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    mail = models.CharField(_("mail"), max_length=6, choices=MailChoice, default=MailChoice.DIGEST, db_default="digest")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=~Q(username=""), name="account_has_username"),
            models.CheckConstraint(condition=Q(mail__in=MailChoice.values), name="account_mail_known"),
        ]

    def __str__(self) -> str:
        return self.display_name or (str(self.employee) if self.employee else self.username)

    @property
    def is_staff(self) -> bool:
        """Whether the admin's door opens at all; what is behind it, each page decides by roles."""
        from staff.access import admin_door_opens

        return admin_door_opens(self)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        from staff.access import has_model_permission

        return self.is_active and has_model_permission(self, perm)

    def has_perms(self, perm_list: list[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class RoleGrant(models.Model):
    """A dated grant of one role, for the company (no department) or a department's subtree."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    department = models.ForeignKey(
        Department,
        verbose_name=_("scope"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="grants",
        help_text=_("Empty: the whole company."),
    )
    period = DateRangeField(_("period"))
    granted_by = models.ForeignKey(
        Account, verbose_name=_("granted by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        Account, verbose_name=_("approved by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    by_operator_command = models.BooleanField(
        _("granted on the server"),
        default=False,
        editable=False,
        help_text=_("Granted by a command on the server, which stands in for the second person."),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    granted_at = models.DateTimeField(_("granted at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["account", "role"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role_known"),
            models.CheckConstraint(condition=~Q(role__in=DERIVED_ROLES), name="derived_roles_are_not_granted"),
            models.CheckConstraint(condition=Q(period__isempty=False), name="grant_period_not_empty"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | Q(approved_by__isnull=True) | ~Q(granted_by=F("approved_by")),
                name="grant_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(by_operator_command=True) | Q(granted_by__isnull=False), name="grant_has_a_maker"
            ),
            ExclusionConstraint(
                name="one_grant_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce(F("department_id"), 0), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        where = self.department or _("company")
        return f"{self.get_role_display()} · {where}"

    @property
    def in_force(self) -> bool:
        """A grant of the two-person roles bites only once somebody else has approved it."""
        return self.by_operator_command or self.role not in TWO_PERSON_ROLES or self.approved_by_id is not None

    def covers(self, day: date) -> bool:
        lower, upper = self.period.lower, self.period.upper
        return self.in_force and (lower is None or lower <= day) and (upper is None or day < upper)


class Invitation(models.Model):
    """A one-time link with which somebody sets their first password, or a new one. Only its digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.account} · {self.created_at:%Y-%m-%d}"
