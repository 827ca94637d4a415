"""The daily mail: one row a person and working day, made when the morning has looked at what waits for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.accounts import Account


class MailDigest(models.Model):
    """``counts`` are ``{"todos": [[subject key, n], …], "late": n, "unread": [[kind, n], …]}``: kinds and numbers alone.

    ``wanted`` is false where nothing waited: the row then only says that the morning has looked. Sent at least once, with
    the same number; ``day`` makes it once a day.
    """

    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.CASCADE, related_name="digests")
    day = models.DateField(_("day"))
    counts = models.JSONField(_("what waits"), default=dict)
    wanted = models.BooleanField(_("to be sent"))
    created_at = models.DateTimeField(_("made"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("daily mail")
        verbose_name_plural = _("daily mails")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="one_mail_a_day")]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True, wanted=True), name="digest_due"),
            models.Index(fields=["day"], name="digest_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"
