"""Group robots of DingTalk, WeCom and Feishu: what a team as a whole has waiting, never anything about a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.accounts import Account
from staff.models.people import Department


class RobotKind(models.TextChoices):
    """Keys are those of the addresses by which they are reached."""

    DINGTALK = "dingtalk", _("DingTalk")
    WECOM = "wecombot", _("WeCom")
    FEISHU = "feishu", _("Feishu")


class Robot(models.Model):
    """A robot of a group chat. Whoever has ``token`` (and DingTalk's ``secret``) can write to the group: both are secret."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RobotKind)
    token = models.CharField(_("token"), max_length=200)
    secret = models.CharField(_("signing secret"), max_length=200, blank=True, default="")
    department = models.ForeignKey(
        Department,
        verbose_name=_("scope"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the whole company."),
    )
    enabled = models.BooleanField(_("on"), default=True)
    set_by = models.ForeignKey(Account, verbose_name=_("set by"), null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("group robot")
        verbose_name_plural = _("group robots")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RobotKind.values), name="robot_kind_known"),
            models.CheckConstraint(condition=~Q(token=""), name="robot_has_token"),
        ]

    def __str__(self) -> str:
        return self.name


class RobotMessage(models.Model):
    """What a robot is to say, kept in the transaction that found it. Sent at least once; ``day`` makes it once a day."""

    robot = models.ForeignKey(Robot, verbose_name=_("robot"), on_delete=models.CASCADE, related_name="messages")
    day = models.DateField(_("day"))
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("made"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("message of a robot")
        verbose_name_plural = _("messages of robots")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["robot", "day"], name="robot_speaks_once_a_day")]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="robot_due")]

    def __str__(self) -> str:
        return f"{self.robot_id} {self.day}"
