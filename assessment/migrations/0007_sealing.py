from pathlib import Path

from django.db import migrations

from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0005_month_work"),
    ]

    operations = [
        run_sql(APP, "sealing"),
    ]
