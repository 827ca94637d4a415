"""Events, months' values and the catalogue in the admin."""

from assessment.admin import catalogue, doubts, events, values

__all__ = ["catalogue", "doubts", "events", "values"]
