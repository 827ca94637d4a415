"""Other programs: the tokens they sign in with, and what they have already been answered."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.accounts import Account


class ApiToken(models.Model):
    """A program's key to ``/api/v1/``, of an account and never able to do more than it: only the digest is kept.

    ``scopes`` names resources and a verb (``values:write``); reading comes with writing. It ends by its date, or by
    ``revoked_at``.
    """

    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    hint = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="token_has_name"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_has_scope"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class AnsweredRequest(models.Model):
    """A write of the API under its ``Idempotency-Key``: the same request again gets the same answer and does nothing.

    ``digest`` covers method, path and body: the same key with another request is refused. Rows go after a day.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, help_text=_("Empty while the first is under way."))
    body = models.JSONField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("answered request")
        verbose_name_plural = _("answered requests")
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["at"], name="answered_by_age")]

    def __str__(self) -> str:
        return self.key
