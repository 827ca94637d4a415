"""Vacant posts of supervisors, and who was listed."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0005_drafts"),
        ("promotion", "0010_hindered"),
        ("staff", "0009_delegations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Vacancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(max_length=60, verbose_name="post")),
                ("vacant_on", models.DateField(verbose_name="vacant from")),
                ("tier", models.CharField(max_length=41, verbose_name="tier")),
                ("clause", models.CharField(blank=True, default="", max_length=20, verbose_name="clause")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("filled", "somebody chosen"),
                            ("nobody", "nobody chosen"),
                            ("closed", "taken back"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="marked"
                    ),
                ),
                ("settled_at", models.DateTimeField(editable=False, null=True, verbose_name="settled")),
                ("words", models.TextField(blank=True, default="", verbose_name="why")),
                (
                    "chosen",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.employee",
                        verbose_name="chosen",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="marked by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.policyversion",
                        verbose_name="policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "vacant post",
                "verbose_name_plural": "vacant posts",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Shortlisted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_since", models.DateField(verbose_name="since")),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.employee"
                    ),
                ),
                (
                    "vacancy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="listed", to="promotion.vacancy"
                    ),
                ),
            ],
            options={
                "verbose_name": "listed person",
                "verbose_name_plural": "listed people",
                "ordering": ["employee__employee_no"],
            },
        ),
        migrations.AddConstraint(
            model_name="vacancy",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "filled", "nobody", "closed"])), name="vacancy_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="vacancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="vacancy_settled_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="vacancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chosen__isnull", False), ("state", "filled")),
                    models.Q(models.Q(("state", "filled"), _negated=True), ("chosen__isnull", True)),
                    _connector="OR",
                ),
                name="vacancy_filled_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="vacancy",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), models.Q(("words", ""), _negated=True), _connector="OR"),
                name="vacancy_settled_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="vacancy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("department", "post"), name="one_open_vacancy_a_post"
            ),
        ),
        migrations.AddConstraint(
            model_name="shortlisted",
            constraint=models.UniqueConstraint(fields=("vacancy", "employee"), name="listed_once"),
        ),
    ]
