"""The days away in a sealed month stay as they were when it was sealed."""

from pathlib import Path

from django.db import migrations

from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0010_cases"),
        ("staff", "0005_the_trail_of_rows"),
    ]

    operations = [
        run_sql(APP, "absences_of_sealed_months"),
    ]
