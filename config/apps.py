from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "House"

    def ready(self) -> None:
        from django.apps import apps

        # Django sends these once an app; one app's turn is enough, and both hooks may be repeated.
        pre_migrate.connect(_before_migrations, sender=apps.get_app_config("staff"))
        post_migrate.connect(_after_migrations, sender=apps.get_app_config("django_celery_beat"))


def _before_migrations(using: str, **kwargs: Any) -> None:
    from config.roles import grant_defaults

    grant_defaults(using)


def _after_migrations(using: str, **kwargs: Any) -> None:
    from config.schedule import seed
    from staff.actions.calendar_fill import add_announced
    from staff.kernel.trail import attach

    attach(using)
    seed(using)
    add_announced(using)
