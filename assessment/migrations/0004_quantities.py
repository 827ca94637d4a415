from decimal import Decimal

from django.db import migrations, models


def pages_count_from_one(apps, schema_editor):
    """No page is the page 0, which a rule of the first pages would take for one of them."""
    kinds = apps.get_model("assessment", "EventKind").objects.filter(key="keyword_online")
    kinds.update(quantity_lowest=Decimal(1), quantity_decimals=0)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_catalogue")]

    operations = [
        migrations.AddField(
            "eventkind",
            "quantity_lowest",
            models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=20, verbose_name="lowest quantity"),
        ),
        migrations.AddField(
            "eventkind",
            "quantity_decimals",
            models.PositiveSmallIntegerField(default=4, verbose_name="decimals of the quantity"),
        ),
        migrations.RunPython(pages_count_from_one, migrations.RunPython.noop),
    ]
