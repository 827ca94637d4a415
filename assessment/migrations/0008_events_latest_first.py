"""Lists show the latest events: an index in that order, so that a page of them costs the same however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0007_sealing")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-day", "event_no"], name="event_latest_first"),
        ),
    ]
