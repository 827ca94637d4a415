"""Who stands in for whom, and on whose behalf somebody acted."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0008_daily_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="on_behalf_of",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose role it was, where somebody stood in.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="on behalf of",
            ),
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("employee", "employee"),
                            ("supervisor", "supervisor"),
                            ("head", "head of department"),
                            ("hr", "HR"),
                            ("payroll", "payroll"),
                            ("gm", "general manager"),
                            ("judge", "judge"),
                            ("auditor", "auditor"),
                            ("operator", "operator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="made at"
                    ),
                ),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended at")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="for whom",
                    ),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ("supervisor", "head", "gm"))), name="delegable_role"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder", models.F("deputy")), _negated=True),
                        name="nobody_stands_in_for_themselves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__endswith__isnull", False),
                            ("period__isempty", False),
                            ("period__startswith__isnull", False),
                        ),
                        name="delegation_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(
                                models.Q(("confirmed_by", models.F("holder")), _negated=True),
                                models.Q(("confirmed_by", models.F("deputy")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="delegation_maker_is_not_checker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_by__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                        name="delegation_ended_at_a_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        expressions=[("holder", "="), ("role", "="), ("period", "&&")],
                        name="one_deputy_at_a_time",
                    ),
                ],
            },
        ),
    ]
