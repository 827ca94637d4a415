from pathlib import Path

from django.db import migrations

from staff.kernel.grants import revoke
from staff.kernel.sql import run_sql

APP = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("promotion", "0001_ledger_and_sweep"),
        ("staff", "0002_rules"),
    ]

    operations = [
        run_sql(APP, "ledger"),
        revoke("REVOKE UPDATE, DELETE, TRUNCATE ON promotion_ledgerline FROM {role}"),
        revoke("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON promotion_ledgerhead, promotion_tierperiod FROM {role}"),
    ]
