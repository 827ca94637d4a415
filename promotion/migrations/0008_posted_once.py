"""Nobody is on two notices at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promotion", "0006_courses_of_cases")]

    operations = [
        migrations.AddConstraint(
            model_name="noticeentry",
            constraint=models.UniqueConstraint(
                fields=["application"], condition=models.Q(taken_back_on__isnull=True), name="posted_on_one_notice"
            ),
        ),
    ]
