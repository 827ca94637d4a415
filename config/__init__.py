"""The house: settings, urls, the broker's application and what the machine must offer."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
