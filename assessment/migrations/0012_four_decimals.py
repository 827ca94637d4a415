"""Shares and means come as they were measured: whoever hands in 3.3333 need not round it before it is kept."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def widen(apps: Any, schema_editor: Any) -> None:
    """Whole numbers and yes-or-no stay whole; what HR has set otherwise stays as HR has set it."""
    apps.get_model("assessment", "Metric").objects.filter(decimals=2).update(decimals=4)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0011_absences_of_sealed_months")]
    operations = [migrations.RunPython(widen, migrations.RunPython.noop)]
