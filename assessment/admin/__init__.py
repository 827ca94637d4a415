"""Events, months' values and the catalogue in the admin."""

from assessment.admin import catalogue, events, values

__all__ = ["catalogue", "events", "values"]
