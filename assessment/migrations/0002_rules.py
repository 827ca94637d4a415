from pathlib import Path

from django.db import migrations

from staff.kernel.grants import revoke
from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0001_months_and_facts"),
        ("staff", "0002_rules"),
        ("policy", "0002_rules"),
    ]

    operations = [
        run_sql(APP, "facts"),
        revoke(
            "REVOKE UPDATE, DELETE, TRUNCATE ON staff_absence_history, assessment_employeemonth_history, "
            "assessment_event_history FROM {role}"
        ),
    ]
