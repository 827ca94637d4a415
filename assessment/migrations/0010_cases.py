"""Cases that results of record raise."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import staff.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0009_results"),
        ("policy", "0004_adoption_requests"),
        ("staff", "0005_the_trail_of_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bonus", "bonus"),
                            ("praise", "public praise"),
                            ("certificate", "certificate of honour"),
                            ("team_fund", "fund for the team"),
                            ("training", "training"),
                            ("warning_or_dismissal", "warning or dismissal"),
                            ("dismissal", "dismissal clause"),
                            ("resignation_clause", "resignation clause"),
                            ("improvement_plan", "improvement plan"),
                            ("reorganisation", "reorganisation of the team"),
                            ("annual_excellent", "excellent employee of the year"),
                            ("raise_priority", "priority for a raise"),
                            ("demotion", "demotion"),
                            ("level_check", "level check"),
                        ],
                        max_length=41,
                        verbose_name="kind",
                    ),
                ),
                ("policy", models.CharField(max_length=41, verbose_name="policy")),
                ("clause", models.CharField(max_length=100, verbose_name="clause")),
                (
                    "level",
                    models.CharField(
                        choices=[("month", "month"), ("quarter", "quarter"), ("year", "year")],
                        default="month",
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                ("month", staff.kernel.fields.MonthField(verbose_name="last month")),
                ("evidence", models.JSONField(default=dict, verbose_name="evidence")),
                (
                    "owner",
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
                        verbose_name="whose it is",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("done", "handled"), ("withdrawn", "withdrawn")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "raised_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="raised at"
                    ),
                ),
                ("note", models.TextField(blank=True, default="", verbose_name="what was done")),
                ("handled_at", models.DateTimeField(editable=False, null=True, verbose_name="handled at")),
                ("withdrawn_note", models.TextField(blank=True, default="", verbose_name="why it was withdrawn")),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True, verbose_name="withdrawn at")),
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
                    "employee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="staff.employee",
                        verbose_name="employee",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.policyversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["-month", "-pk"],
                "indexes": [
                    models.Index(fields=["-month", "state"], name="case_by_month"),
                    models.Index(fields=["policy", "level", "month"], name="case_by_period"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "bonus",
                                    "praise",
                                    "certificate",
                                    "team_fund",
                                    "training",
                                    "warning_or_dismissal",
                                    "dismissal",
                                    "resignation_clause",
                                    "improvement_plan",
                                    "reorganisation",
                                    "annual_excellent",
                                    "raise_priority",
                                    "demotion",
                                    "level_check",
                                ],
                            )
                        ),
                        name="case_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "done", "withdrawn"])), name="case_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["month", "quarter", "year"])), name="case_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "owner__in",
                                [
                                    "employee",
                                    "supervisor",
                                    "head",
                                    "hr",
                                    "payroll",
                                    "gm",
                                    "judge",
                                    "auditor",
                                    "operator",
                                ],
                            )
                        ),
                        name="case_owner_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("clause", ""), _negated=True), name="case_names_its_clause"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("handled_at__isnull", False), models.Q(("note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="handled_case_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="withdrawn_case_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True), ("employee__isnull", False)
                        ),
                        fields=("employee", "policy", "level", "month", "kind", "clause"),
                        name="one_case_a_person_and_facts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("state", "withdrawn"), _negated=True), ("employee__isnull", True)),
                        fields=("department", "policy", "level", "month", "kind", "clause"),
                        name="one_case_a_team_and_facts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "demotion"), ("state", "open")),
                        fields=("employee", "policy", "clause"),
                        name="one_open_demotion_a_person_and_clause",
                    ),
                ],
            },
        ),
    ]
