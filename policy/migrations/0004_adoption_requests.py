import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


def nobody_else_approved(apps, schema_editor):
    """Where one account both adopted and approved, nobody has approved."""
    adoptions = apps.get_model("policy", "Adoption").objects
    adoptions.filter(adopted_by=models.F("approved_by")).update(approved_by=None)


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0003_tree"),
        ("staff", "0003_record_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AdoptionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("policy", models.CharField(max_length=41, verbose_name="policy")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="parameters and readings")),
                (
                    "consultation",
                    models.TextField(
                        blank=True,
                        help_text="Labour Contract Law art. 4. Empty: none was given.",
                        verbose_name="how employees were heard",
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="requested at",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waits for the general manager"),
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        editable=False, help_text="Or when it was withdrawn.", null=True, verbose_name="decided at"
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
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
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoption_requests",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requested by",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for an adoption",
                "verbose_name_plural": "requests for adoptions",
                "ordering": ["-requested_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "approved", "declined", "withdrawn"])),
                        name="adoption_request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="adoption_request_maker_is_not_checker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["approved", "declined"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", False), ("decided_by__isnull", True), ("state", "withdrawn")
                            ),
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "pending")),
                            _connector="OR",
                        ),
                        name="adoption_request_decided_by_somebody",
                    ),
                ],
            },
        ),
        migrations.RunPython(nobody_else_approved, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("adopted_by__isnull", True),
                    ("approved_by__isnull", True),
                    models.Q(("adopted_by", models.F("approved_by")), _negated=True),
                    _connector="OR",
                ),
                name="adoption_maker_is_not_checker",
            ),
        ),
    ]
