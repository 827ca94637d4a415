from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0001_pay_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PayTableChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ladder", models.CharField(max_length=41, verbose_name="ladder")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "consultation",
                    models.TextField(
                        blank=True,
                        help_text="Labour Contract Law art. 4. Empty: none was given.",
                        verbose_name="how employees were heard",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "waits for the general manager"),
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="drafted at"
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        editable=False, help_text="Or when it was withdrawn.", null=True, verbose_name="decided at"
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a pay table",
                "verbose_name_plural": "changes of pay tables",
                "ordering": ["-starts_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PayBand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ladder", models.CharField(max_length=41, verbose_name="ladder")),
                ("tier", models.CharField(max_length=41, verbose_name="tier")),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period")),
                ("minimum", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="minimum")),
                ("midpoint", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="midpoint")),
                ("maximum", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="maximum")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bands",
                        to="payroll.paytablechange",
                        verbose_name="came by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pay band",
                "verbose_name_plural": "pay bands",
                "ordering": ["ladder", "tier", "period"],
            },
        ),
        migrations.CreateModel(
            name="PayTableLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tier", models.CharField(max_length=41, verbose_name="tier")),
                (
                    "level_pay",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="level pay"
                    ),
                ),
                (
                    "minimum",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="minimum"),
                ),
                (
                    "midpoint",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="midpoint"
                    ),
                ),
                (
                    "maximum",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="maximum"),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="payroll.paytablechange"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a change",
                "verbose_name_plural": "lines of a change",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="paytablechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "submitted", "approved", "declined", "withdrawn"])),
                name="pay_table_change_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paytablechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="pay_table_change_maker_is_not_checker",
            ),
        ),
        migrations.AddConstraint(
            model_name="paytablechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["approved", "declined"]),
                    ),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", True), ("state", "withdrawn")),
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("state__in", ["draft", "submitted"]),
                    ),
                    _connector="OR",
                ),
                name="pay_table_change_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="paytablechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "submitted")), fields=("ladder",), name="one_change_of_a_ladder_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="payband",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("ladder", "="), ("tier", "="), ("period", "&&")], name="one_band_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="payband",
            constraint=models.CheckConstraint(
                condition=models.Q(("period__isempty", False)), name="pay_band_period_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="payband",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("midpoint__gt", 0),
                    ("midpoint__lte", models.F("maximum")),
                    ("minimum__gte", 0),
                    ("minimum__lte", models.F("midpoint")),
                ),
                name="pay_band_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="paytableline",
            constraint=models.UniqueConstraint(fields=("change", "tier"), name="pay_table_line_once_a_tier"),
        ),
        migrations.AddConstraint(
            model_name="paytableline",
            constraint=models.CheckConstraint(
                condition=models.Q(("level_pay__gte", 0)), name="level_pay_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="paytableline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("level_pay__isnull", False),
                        ("maximum__isnull", True),
                        ("midpoint__isnull", True),
                        ("minimum__isnull", True),
                    ),
                    models.Q(
                        ("maximum__isnull", False),
                        ("midpoint__gt", 0),
                        ("midpoint__isnull", False),
                        ("midpoint__lte", models.F("maximum")),
                        ("minimum__gte", 0),
                        ("minimum__isnull", False),
                        ("minimum__lte", models.F("midpoint")),
                    ),
                    _connector="OR",
                ),
                name="pay_table_line_in_order",
            ),
        ),
        run_sql(APP, "bands"),
    ]
