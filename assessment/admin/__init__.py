"""Events, months' values and the catalogue in the admin."""

from assessment.admin import cases, catalogue, doubts, events, feedback, results, values

__all__ = ["cases", "catalogue", "doubts", "events", "feedback", "results", "values"]
