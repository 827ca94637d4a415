import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0006_workdays_attachments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Robot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("dingtalk", "DingTalk"), ("wecombot", "WeCom"), ("feishu", "Feishu")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("token", models.CharField(max_length=200, verbose_name="token")),
                ("secret", models.CharField(blank=True, default="", max_length=200, verbose_name="signing secret")),
                ("enabled", models.BooleanField(default=True, verbose_name="on")),
                (
                    "set_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="set"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the whole company.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="scope",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set by",
                    ),
                ),
            ],
            options={
                "verbose_name": "group robot",
                "verbose_name_plural": "group robots",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RobotMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="made"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                (
                    "robot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="staff.robot",
                        verbose_name="robot",
                    ),
                ),
            ],
            options={
                "verbose_name": "message of a robot",
                "verbose_name_plural": "messages of robots",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="robot",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["dingtalk", "wecombot", "feishu"])), name="robot_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="robot",
            constraint=models.CheckConstraint(condition=models.Q(("token", ""), _negated=True), name="robot_has_token"),
        ),
        migrations.AddIndex(
            model_name="robotmessage",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)), fields=["next_attempt_at"], name="robot_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="robotmessage",
            constraint=models.UniqueConstraint(fields=("robot", "day"), name="robot_speaks_once_a_day"),
        ),
    ]
