"""A candidate can be taken out of a round before it opens, and stays readable there."""

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
    ("unseated", "taken out of a round"),
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
    dependencies = [("promotion", "0009_shortlists")]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="left_at",
            field=models.DateTimeField(null=True, verbose_name="taken out"),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_at", None), ("outcome", ""), _connector="OR"),
                name="candidate_out_has_no_outcome",
            ),
        ),
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
