"""What was done, what was touched, and what must still be told: audit, touches, outbox."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.kernel.fields import MonthField
from staff.models.accounts import Account
from staff.models.people import Employee


class CurrentTransaction(Func):
    """The number of the transaction under way: what stands or falls together carries the same."""

    function = "pg_current_xact_id"
    template = "%(function)s()::text::bigint"
    output_field = models.BigIntegerField()


class Operation(models.TextChoices):
    INSERT = "insert", _("added")
    UPDATE = "update", _("changed")
    DELETE = "delete", _("removed")


class AuditEntry(models.Model):
    """One action: who, when, through what, on what, before and after. Append-only, also for the owner."""

    at = models.DateTimeField(_("at"), db_default=Now())
    actor = models.ForeignKey(
        Account,
        verbose_name=_("who"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: a job, or the operator on the server."),
    )
    on_behalf_of = models.ForeignKey(
        Account,
        verbose_name=_("on behalf of"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("Whose role it was, where somebody stood in."),
    )
    channel = models.CharField(_("through"), max_length=20)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("object"), max_length=60)
    object_key = models.CharField(_("key"), max_length=120)
    employee = models.ForeignKey(
        Employee, verbose_name=_("about"), null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    transaction = models.BigIntegerField(null=True, db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_key"], name="audit_by_object"),
            models.Index(fields=["employee", "-id"], name="audit_by_employee"),
            models.Index(fields=["transaction"], name="audit_by_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_key}"


class RowChange(models.Model):
    """One row of a watched table was written. Kept by a trigger (staff/sql/changes.sql): no write goes round it.

    ``before`` and ``after`` hold the columns that changed, as they lie in the table; absent stands for null, ``***`` for a
    secret. Whoever wrote without saying who goes by the database's role, ``db_user``. Append-only, also for the owner.
    """

    at = models.DateTimeField(_("at"), db_default=Now())
    transaction = models.BigIntegerField()
    actor = models.ForeignKey(
        Account,
        verbose_name=_("who"),
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    channel = models.CharField(_("through"), max_length=20)
    request_id = models.CharField(max_length=64, blank=True)
    db_user = models.CharField(max_length=63, blank=True)
    table_name = models.CharField(max_length=63)
    thing = models.CharField(_("kind of record"), max_length=20, blank=True)
    operation = models.CharField(_("operation"), max_length=6, choices=Operation)
    key = models.CharField(_("key"), max_length=120)
    employee = models.ForeignKey(
        Employee,
        verbose_name=_("about"),
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("changed row")
        verbose_name_plural = _("changed rows")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["employee", "id"], name="row_change_by_employee"),
            models.Index(fields=["thing", "id"], name="row_change_by_thing"),
            models.Index(fields=["table_name", "key"], name="row_change_by_key", condition=Q(employee__isnull=True)),
            BrinIndex(fields=["at", "transaction"], name="row_change_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.key}"


class RowChangeText(models.Model):
    """The personal columns of a changed row: names, dates of birth, notes. They can be erased, the change itself cannot."""

    change = models.OneToOneField(
        RowChange, primary_key=True, on_delete=models.DO_NOTHING, related_name="texts", db_constraint=False
    )
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Touch(models.Model):
    """A fact about somebody changed. Written by triggers of the tables of facts, read by the sweeps.

    The highest id under the gate (``staff.kernel.gate``) is the watermark of all that was known at an instant.
    """

    id = models.BigAutoField(primary_key=True)
    employee_id = models.BigIntegerField(null=True, help_text=_("Empty: everybody may be touched."))
    first_month = MonthField(null=True, help_text=_("Months from this one on may judge differently. Empty: all."))
    source = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")

    def __str__(self) -> str:
        return f"{self.source} {self.employee_id}"


class OutboxMessage(models.Model):
    """What must be told to somebody, kept in the transaction that made it true. Sent at least once, told once."""

    key = models.CharField(max_length=120, unique=True, help_text=_("Stable: the same fact is never told twice."))
    recipient = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="outbox_due"),
            models.Index(fields=["recipient", "-id"], name="outbox_inbox"),
        ]

    def __str__(self) -> str:
        return self.key
