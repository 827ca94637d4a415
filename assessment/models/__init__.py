"""Months and the facts of a month."""

from assessment.models.catalogue import EventKind, Metric, MetricKind
from assessment.models.facts import SLOTS, EmployeeMonth, Event, EventStatus, ItemAssessor
from assessment.models.months import AssessmentMonth, MonthState

__all__ = [
    "SLOTS",
    "AssessmentMonth",
    "EmployeeMonth",
    "Event",
    "EventKind",
    "EventStatus",
    "ItemAssessor",
    "Metric",
    "MetricKind",
    "MonthState",
]
