from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import staff.kernel.fields
from staff.kernel.grants import revoke
from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0013_failed_assessments"),
        ("promotion", "0005_appeals_files"),
        ("staff", "0005_the_trail_of_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Proceeding",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="proceeding",
                        serialize=False,
                        to="assessment.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "track",
                    models.CharField(
                        choices=[("demotion", "demotion"), ("dismissal", "clause of dismissal")],
                        max_length=10,
                        verbose_name="track",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "to be checked"),
                            ("checked", "checked"),
                            ("served", "told, may be answered"),
                            ("stated", "answered by the person"),
                            ("planned", "improvement plan"),
                            ("decided", "decided, may be appealed"),
                            ("appealed", "appealed"),
                            ("upheld", "upheld, waits for its day"),
                            ("arranged", "training or another post"),
                            ("reassessed", "assessed again"),
                            ("effective", "in the ledger"),
                            ("restoring", "to be restored"),
                            ("closed", "closed"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="since"),
                ),
                ("due_on", models.DateField(null=True, verbose_name="due on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_action", "no action"),
                            ("plan_met", "the plan was met"),
                            ("plan_missed", "the plan was not met; a new case follows"),
                            ("overturned", "the appeal succeeded"),
                            ("withdrawn", "the facts were corrected"),
                            ("restored", "the tier was restored"),
                            ("recorded", "the outcome is recorded"),
                            ("halted", "the tier changed otherwise, or the person left"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("checks", models.PositiveSmallIntegerField(default=0)),
                ("protected", models.BooleanField(null=True)),
                ("checked_on", models.DateField(null=True)),
                ("served_on", models.DateField(null=True, verbose_name="told on")),
                ("statement_due", models.DateField(null=True, verbose_name="to be answered until")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_action", "no demotion, close the case"),
                            ("plan", "no demotion now, an improvement plan"),
                            ("demotion", "one tier down"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "agreed with the person"),
                            ("incapable", "not competent for the post"),
                            ("contract", "by the contract"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="basis",
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="decided on")),
                ("tier_on", models.DateField(null=True, verbose_name="tier from")),
                ("pay_on", models.DateField(null=True, verbose_name="pay from")),
                ("appeal_until", models.DateField(null=True, verbose_name="may be appealed until")),
                ("reassess_month", staff.kernel.fields.MonthField(null=True, verbose_name="assessed again as of")),
                ("arranged_until", models.DateField(null=True, verbose_name="arranged until")),
                ("back_pay_until", models.DateField(null=True, verbose_name="back-pay until")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decider",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decides on the appeal",
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotion.ledgerline",
                        verbose_name="ledger line",
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.employee",
                        verbose_name="mentor",
                    ),
                ),
                (
                    "restoration",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotion.ledgerline",
                        verbose_name="restored by",
                    ),
                ),
            ],
            options={
                "verbose_name": "course of a case",
                "verbose_name_plural": "courses of cases",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProceedingAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("checked", "facts and protection checked"),
                            ("served", "letter served"),
                            ("read", "letter read"),
                            ("stated", "statement"),
                            ("decided", "decision"),
                            ("appealed", "appeal"),
                            ("named", "decider of the appeal named"),
                            ("answered", "decision on the appeal"),
                            ("noted", "note on the plan"),
                            ("arranged", "training or another post arranged"),
                            ("reassessed", "assessed again"),
                            ("recorded", "outcome recorded"),
                            ("effective", "in the ledger"),
                            ("restored", "tier restored"),
                            ("halted", "halted"),
                        ],
                        max_length=10,
                        verbose_name="act",
                    ),
                ),
                ("role", models.CharField(blank=True, default="", max_length=20, verbose_name="as")),
                ("day", models.DateField(verbose_name="day")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("parties", "the parties of the case"),
                            ("plan", "the parties and whoever leads the person"),
                            ("hr", "HR and auditors"),
                        ],
                        default="parties",
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True, default="", verbose_name="words")),
                ("data", models.JSONField(default=dict)),
                ("salt", models.CharField(max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=120, null=True, unique=True)),
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
                    "proceeding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="promotion.proceeding"
                    ),
                ),
            ],
            options={
                "verbose_name": "act of a case",
                "verbose_name_plural": "acts of cases",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProtectionAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempt", models.PositiveSmallIntegerField()),
                (
                    "item",
                    models.CharField(
                        choices=[
                            (
                                "occupational_check",
                                "exposed to occupational hazards and not checked before leaving, or under observation",
                            ),
                            ("injury", "occupational disease or work injury with loss of ability to work"),
                            ("treatment", "in the period of medical treatment"),
                            ("maternity", "pregnancy, birth or nursing"),
                            ("long_service", "15 years of service and less than 5 to retirement"),
                            ("other", "otherwise protected by law"),
                        ],
                        max_length=20,
                        verbose_name="item",
                    ),
                ),
                ("applies", models.BooleanField(verbose_name="applies")),
                ("evidence", models.TextField(verbose_name="evidence")),
                ("until", models.DateField(null=True, verbose_name="until")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "proceeding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protection",
                        to="promotion.proceeding",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer on protection",
                "verbose_name_plural": "answers on protection",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="proceeding",
            index=models.Index(fields=["state", "due_on"], name="proceeding_at_state"),
        ),
        migrations.AddIndex(
            model_name="proceeding",
            index=models.Index(
                condition=models.Q(("state__in", ["decided", "upheld"])),
                fields=["tier_on"],
                name="proceeding_takes_effect",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(("track__in", ["demotion", "dismissal"])), name="proceeding_track_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "proposed",
                            "checked",
                            "served",
                            "stated",
                            "planned",
                            "decided",
                            "appealed",
                            "upheld",
                            "arranged",
                            "reassessed",
                            "effective",
                            "restoring",
                            "closed",
                        ],
                    )
                ),
                name="proceeding_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), models.Q(("outcome", ""), _negated=True)),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="closed_proceeding_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["proposed", "closed"]), ("protected__isnull", False), _connector="OR"
                ),
                name="proceeding_goes_on_when_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["served", "stated", "decided", "appealed", "upheld", "effective", "arranged"]),
                        _negated=True,
                    ),
                    models.Q(("served_on__isnull", False), ("statement_due__gt", models.F("served_on"))),
                    _connector="OR",
                ),
                name="proceeding_goes_on_when_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "demotion"), _negated=True),
                    models.Q(
                        models.Q(("basis", ""), _negated=True),
                        ("appeal_until__gt", models.F("decided_on")),
                        ("decided_by__isnull", False),
                        ("pay_on__gt", models.F("appeal_until")),
                        ("tier_on__gt", models.F("appeal_until")),
                        ("track", "demotion"),
                    ),
                    _connector="OR",
                ),
                name="demotion_waits_for_the_appeal",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["decided", "appealed", "upheld", "effective", "restoring"]), _negated=True),
                    ("decision", "demotion"),
                    _connector="OR",
                ),
                name="demotion_is_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("line__isnull", False), ("state__in", ["effective", "restoring"])),
                    models.Q(("line__isnull", False), ("outcome", "restored"), ("restoration__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ["effective", "restoring"]), _negated=True),
                        models.Q(("outcome", "restored"), _negated=True),
                        ("line__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="effective_demotion_is_in_the_ledger",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "plan"), _negated=True),
                    models.Q(("mentor__isnull", False), ("reassess_month__isnull", False)),
                    _connector="OR",
                ),
                name="plan_has_month_and_mentor",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_by__isnull", True),
                    models.Q(("answered_by", models.F("decided_by")), _negated=True),
                    _connector="OR",
                ),
                name="appeal_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("track", "dismissal"), _negated=True),
                    models.Q(("outcome", "recorded"), _negated=True),
                    ("protected", False),
                    _connector="OR",
                ),
                name="protection_stops_a_dismissal",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceedingact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "act__in",
                        [
                            "checked",
                            "served",
                            "read",
                            "stated",
                            "decided",
                            "appealed",
                            "named",
                            "answered",
                            "noted",
                            "arranged",
                            "reassessed",
                            "recorded",
                            "effective",
                            "restored",
                            "halted",
                        ],
                    )
                ),
                name="case_act_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceedingact",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["parties", "plan", "hr"])), name="case_act_audience_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="protectionanswer",
            constraint=models.UniqueConstraint(fields=("proceeding", "attempt", "item"), name="one_answer_an_item"),
        ),
        migrations.AddConstraint(
            model_name="protectionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("item__in", ["occupational_check", "injury", "treatment", "maternity", "long_service", "other"])
                ),
                name="protection_item_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="protectionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence", ""), _negated=True), name="protection_answer_has_evidence"
            ),
        ),
        run_sql(APP, "cases"),
        revoke(
            "REVOKE DELETE, TRUNCATE ON promotion_proceeding, promotion_proceedingact, promotion_protectionanswer FROM {role}"
        ),
    ]
