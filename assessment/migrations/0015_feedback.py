import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import staff.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0014_corrections"),
        ("staff", "0005_the_trail_of_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", staff.kernel.fields.MonthField(verbose_name="month")),
                ("held_on", models.DateField(verbose_name="day of the talk")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("told", "fed back, may be answered"),
                            ("acknowledged", "acknowledged"),
                            ("silent", "not answered, which is no consent"),
                            ("objected", "objected to, with the head"),
                            ("answered", "answered, may be passed on to HR"),
                            ("with_hr", "with HR"),
                            ("closed", "objection answered"),
                        ],
                        default="told",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("due_on", models.DateField(null=True, verbose_name="until")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered in the end by",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedbacks",
                        to="staff.employee",
                        verbose_name="employee",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="fed back by",
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback of a result",
                "verbose_name_plural": "feedback of results",
                "ordering": ["-month", "employee"],
            },
        ),
        migrations.CreateModel(
            name="FeedbackAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("told", "result fed back"),
                            ("acknowledged", "acknowledged"),
                            ("silent", "the term went by without an answer: recorded as silence, not as consent"),
                            ("objected", "objected"),
                            ("answered", "answered by the head"),
                            ("passed_on", "passed on to HR"),
                            ("content", "not passed on to HR: the head's answer stands"),
                            ("closed", "answered by HR, for the last time"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                ("words", models.TextField(blank=True, default="", verbose_name="words")),
                ("agreed", models.TextField(blank=True, default="", verbose_name="agreed next steps")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "feedback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="acts", to="assessment.feedback"
                    ),
                ),
            ],
            options={
                "verbose_name": "act of a feedback",
                "verbose_name_plural": "acts of feedback",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(fields=["month", "state"], name="feedback_by_month"),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.UniqueConstraint(fields=("employee", "month"), name="one_feedback_a_person_and_month"),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["told", "acknowledged", "silent", "objected", "answered", "with_hr", "closed"])
                ),
                name="feedback_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", True), ("state__in", ["acknowledged", "silent", "closed"])),
                    models.Q(
                        models.Q(("due_on__gt", models.F("since"))),
                        models.Q(("state__in", ["acknowledged", "silent", "closed"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="feedback_waits_until_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_by__isnull", True),
                        models.Q(("answered_by", models.F("told_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("closed_by__isnull", True),
                        models.Q(("closed_by", models.F("told_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("closed_by__isnull", True),
                        ("answered_by__isnull", True),
                        models.Q(("closed_by", models.F("answered_by")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="feedback_objection_answered_by_others",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackact",
            constraint=models.UniqueConstraint(fields=("feedback", "step"), name="one_act_a_feedback_step"),
        ),
        migrations.AddConstraint(
            model_name="feedbackact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        ["told", "acknowledged", "silent", "objected", "answered", "passed_on", "content", "closed"],
                    )
                ),
                name="feedback_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedbackact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("step__in", ["told", "objected", "answered", "closed"]), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="feedback_act_says_what",
            ),
        ),
    ]
