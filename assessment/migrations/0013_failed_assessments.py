"""What of a policy could not be computed is kept with its period, and a case names every clause that it rests on."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0012_four_decimals")]
    operations = [
        migrations.AddField(
            model_name="assessed",
            name="failure",
            field=models.CharField(blank=True, default="", db_default="", max_length=60, verbose_name="what fails"),
        ),
        migrations.AlterField(
            model_name="case",
            name="clause",
            field=models.CharField(max_length=600, verbose_name="clause"),
        ),
    ]
