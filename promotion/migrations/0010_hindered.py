"""A promotion that the ledger did not take on its day is told on its timeline."""

from django.db import migrations, models

ACTS = [
    ("opened", "opened"),
    ("nominated", "nominated"),
    ("accepted", "nomination accepted"),
    ("submitted", "handed in"),
    ("opined", "opinion given"),
    ("reviewed", "reviewed"),
    ("returned", "returned for completion"),
    ("confirmed", "exam confirmed"),
    ("arranged", "put into a round"),
    ("passed", "passed by the panel"),
    ("approved", "approved"),
    ("posted", "posted"),
    ("cleared", "notice ended"),
    ("upheld", "objection upheld, decided anew"),
    ("withdrawn", "withdrawn"),
    ("declined", "declined"),
    ("halted", "halted"),
    ("effective", "in the ledger"),
    ("hindered", "could not take effect"),
]


class Migration(migrations.Migration):
    dependencies = [("promotion", "0008_posted_once")]

    operations = [
        migrations.AlterField(
            model_name="applicationevent",
            name="act",
            field=models.CharField(choices=ACTS, max_length=10, verbose_name="act"),
        ),
        migrations.RemoveConstraint(model_name="applicationevent", name="application_act_known"),
        migrations.AddConstraint(
            model_name="applicationevent",
            constraint=models.CheckConstraint(
                condition=models.Q(act__in=[key for key, _ in ACTS]), name="application_act_known"
            ),
        ),
    ]
