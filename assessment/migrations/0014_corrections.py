from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import staff.kernel.fields
from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0013_failed_assessments"),
        ("staff", "0005_the_trail_of_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", staff.kernel.fields.MonthField(verbose_name="month")),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
                ("reason", models.TextField(verbose_name="reason and evidence")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "waits for a second person"),
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="asked for"
                    ),
                ),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="decided")),
                ("words", models.TextField(blank=True, default="", verbose_name="words")),
                ("began_at", models.DateTimeField(editable=False, null=True)),
                ("applied_at", models.DateTimeField(editable=False, null=True, verbose_name="carried out")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="staff.employee",
                        verbose_name="employee",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "metric",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.metric",
                        verbose_name="metric",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CorrectionEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("result", "result"),
                            ("standing", "standing"),
                            ("case", "case"),
                            ("application", "application"),
                            ("pay", "pay line"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("department_id", models.BigIntegerField(null=True)),
                ("policy", models.CharField(blank=True, default="", max_length=41)),
                ("level", models.CharField(blank=True, default="", max_length=10)),
                ("month", staff.kernel.fields.MonthField(verbose_name="month")),
                (
                    "key",
                    models.CharField(
                        blank=True, default="", help_text="Rule, case, application or component.", max_length=100
                    ),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                (
                    "correction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="effects", to="assessment.correction"
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="staff.employee"
                    ),
                ),
            ],
            options={
                "verbose_name": "effect of a correction",
                "verbose_name_plural": "effects of corrections",
                "ordering": ["correction", "kind", "month", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(condition=models.Q(("state", "approved")), fields=["month"], name="correction_by_month"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["requested", "approved", "declined", "withdrawn"])),
                name="correction_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("event__isnull", True), ("metric__isnull", False)),
                    models.Q(("event__isnull", False), ("metric__isnull", True)),
                    _connector="OR",
                ),
                name="correction_of_one_fact",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="correction_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["requested", "withdrawn"]),
                    models.Q(
                        models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                        models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="correction_is_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="declined_correction_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("metric__isnull", False), ("state", "requested")),
                fields=("employee", "month", "metric"),
                name="one_open_correction_a_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event__isnull", False), ("state", "requested")),
                fields=("event",),
                name="one_open_correction_an_event",
            ),
        ),
        migrations.AddIndex(
            model_name="correctioneffect",
            index=models.Index(fields=["employee", "month"], name="effect_by_person"),
        ),
        migrations.AddConstraint(
            model_name="correctioneffect",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["result", "standing", "case", "application", "pay"])),
                name="effect_kind_known",
            ),
        ),
        run_sql(APP, "corrections"),
    ]
