from django.db import migrations

from staff.kernel.grants import grant


class Migration(migrations.Migration):
    """Whoever writes a month's standings may tell the planner of them."""

    dependencies = [
        ("promotion", "0002_rules"),
    ]

    operations = [
        grant("GRANT MAINTAIN ON promotion_standing TO {role}"),
    ]
