"""Months and the facts of a month."""

from assessment.models.case_kinds import ADVERSE, KINDS, CaseKind
from assessment.models.cases import Case, CaseState
from assessment.models.catalogue import EventKind, Metric, MetricKind
from assessment.models.corrections import Correction, CorrectionEffect, CorrectionFile, CorrectionState, EffectKind
from assessment.models.facts import SLOTS, EmployeeMonth, Event, EventStatus, ItemAssessor
from assessment.models.feedback import FEEDBACK_ENDED, Feedback, FeedbackAct, FeedbackState, FeedbackStep
from assessment.models.months import AssessmentMonth, MonthState
from assessment.models.results import Assessed, Level, Result
from assessment.models.work import OPEN_DOUBTS, AcceptedGap, Chase, Doubt, DoubtState, HandIn

__all__ = [
    "ADVERSE",
    "FEEDBACK_ENDED",
    "KINDS",
    "OPEN_DOUBTS",
    "SLOTS",
    "AcceptedGap",
    "Assessed",
    "AssessmentMonth",
    "Case",
    "CaseKind",
    "CaseState",
    "Chase",
    "Correction",
    "CorrectionEffect",
    "CorrectionFile",
    "CorrectionState",
    "Doubt",
    "DoubtState",
    "EffectKind",
    "EmployeeMonth",
    "Event",
    "EventKind",
    "EventStatus",
    "Feedback",
    "FeedbackAct",
    "FeedbackState",
    "FeedbackStep",
    "HandIn",
    "ItemAssessor",
    "Level",
    "Metric",
    "MetricKind",
    "MonthState",
    "Result",
]
