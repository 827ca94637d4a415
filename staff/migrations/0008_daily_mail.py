"""How mail tells somebody what is new, and the daily mail."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0007_robots"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="mail",
            field=models.CharField(
                choices=[
                    ("each", "each message at once"),
                    ("digest", "one mail a working day"),
                    ("none", "no mail, the inbox alone"),
                ],
                db_default="digest",
                default="digest",
                max_length=6,
                verbose_name="mail",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("mail__in", ["each", "digest", "none"])), name="account_mail_known"
            ),
        ),
        migrations.CreateModel(
            name="MailDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("counts", models.JSONField(default=dict, verbose_name="what waits")),
                ("wanted", models.BooleanField(verbose_name="to be sent")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="made"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "daily mail",
                "verbose_name_plural": "daily mails",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="maildigest",
            constraint=models.UniqueConstraint(fields=("account", "day"), name="one_mail_a_day"),
        ),
        migrations.AddIndex(
            model_name="maildigest",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True), ("wanted", True)),
                fields=["next_attempt_at"],
                name="digest_due",
            ),
        ),
        migrations.AddIndex(
            model_name="maildigest",
            index=models.Index(fields=["day"], name="digest_by_day"),
        ),
    ]
