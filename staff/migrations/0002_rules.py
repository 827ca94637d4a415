from pathlib import Path

from django.db import migrations

from staff.kernel.grants import revoke
from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_people_accounts_trail"),
    ]

    operations = [
        run_sql(APP, "departments"),
        run_sql(APP, "facts"),
        run_sql(APP, "trail"),
        revoke("REVOKE UPDATE, DELETE, TRUNCATE ON staff_auditentry FROM {role}"),
    ]
