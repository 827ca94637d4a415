"""What the trail keeps of the facts of a month, and what it calls what is done to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from staff.kernel.access import Thing
from staff.kernel.trail import ACTIONS, OBJECTS, ObjectKind, watch
from staff.kernel.words import in_english


def declare() -> None:
    watch("assessment.EmployeeMonth", Thing.VALUE, left_out=("recorded_at",), column_names=metric_names)
    watch("assessment.ItemAssessor", Thing.VALUE)
    watch("assessment.Event", Thing.EVENT, key="t.event_no", sensitive=("note",), left_out=("recorded_at", "event_no"))
    watch("assessment.AssessmentMonth", Thing.MONTH)
    watch("assessment.HandIn", Thing.MONTH, about="t.supervisor_id", personal=("note",), left_out=("supervisor_id",))
    watch("assessment.Chase", Thing.MONTH, about="t.supervisor_id", left_out=("supervisor_id",))
    watch("assessment.AcceptedGap", Thing.MONTH, personal=("reason",))
    watch("assessment.Doubt", Thing.DOUBT, personal=("text", "answer", "supervisor_answer", "shown"))
    watch("assessment.Feedback", Thing.FEEDBACK)
    watch(
        "assessment.FeedbackAct", Thing.FEEDBACK, personal=("words", "agreed"), left_out=("at",),
        about="(SELECT f.employee_id FROM assessment_feedback f WHERE f.id = t.feedback_id)",
    )  # fmt: skip
    watch("assessment.Case", Thing.CASE, personal=("note", "withdrawn_note", "evidence"), left_out=("raised_at",))
    watch(
        "assessment.Correction", Thing.VALUE, personal=("reason", "words"), sensitive=("absence_kind",), left_out=("began_at",),
    )  # fmt: skip
    watch(
        "assessment.CorrectionFile", Thing.VALUE,
        about="(SELECT c.employee_id FROM assessment_correction c WHERE c.id = t.correction_id)",
    )  # fmt: skip
    watch("assessment.Metric", Thing.POLICY, named=(), name_of=_name_of)
    watch("assessment.EventKind", Thing.POLICY, named=(), name_of=_name_of)
    ACTIONS.update(
        {
            "case_handled": _("Case handled"),
            "cases_raised": _("Cases raised"),
            "cases_withdrawn": _("Cases withdrawn"),
            "correction_approved": _("Correction approved"),
            "correction_declined": _("Correction declined"),
            "correction_requested": _("Correction asked for"),
            "correction_withdrawn": _("Correction taken back"),
            "doubt_answered": _("Doubt answered"),
            "doubt_passed_on": _("Doubt passed on to HR"),
            "doubt_raised": _("Doubt raised"),
            "doubt_withdrawn": _("Doubt withdrawn"),
            "event_saved": _("Event saved"),
            "feedback_acknowledged": _("Feedback acknowledged"),
            "feedback_answered": _("Objection to a result answered by the head"),
            "feedback_closed": _("Objection to a result answered by HR"),
            "feedback_given": _("Result fed back"),
            "feedback_lapsed": _("Term of a feedback over"),
            "feedback_objected": _("Objection to a result"),
            "feedback_passed_on": _("Objection to a result passed on to HR"),
            "gaps_accepted": _("Gaps accepted"),
            "gaps_taken_back": _("Accepted gaps taken back"),
            "hand_in_taken_back": _("Hand-in taken back"),
            "item_assessor_saved": _("Assessor of an item saved"),
            "metric_added": _("Metric added"),
            "month_assessed": _("Month assessed"),
            "month_chased": _("Supervisors reminded"),
            "month_closing": _("Intake closed"),
            "month_handed_in": _("Team's month handed in"),
            "month_intake_until": _("Intake opened again"),
            "month_sealed": _("Month sealed"),
            "period_assessed": _("Quarter or year assessed"),
            "value_saved": _("Value saved"),
        }
    )
    OBJECTS.update(
        {
            "case": ObjectKind(_("case"), Thing.CASE),
            "correction": ObjectKind(_("correction of a sealed month"), Thing.VALUE),
            "doubt": ObjectKind(_("doubt"), Thing.DOUBT),
            "event": ObjectKind(_("event"), Thing.EVENT),
            "feedback": ObjectKind(_("feedback of a result"), Thing.FEEDBACK),
            "metric": ObjectKind(_("metric"), Thing.POLICY),
            "month": ObjectKind(_("month"), Thing.MONTH),
            "period": ObjectKind(_("quarter or year"), Thing.MONTH),
            "value": ObjectKind(_("monthly value"), Thing.VALUE),
        }
    )


def _name_of(row: Any) -> str:
    return str(row.en if in_english() else row.zh)


def metric_names() -> Mapping[str, str]:
    """The column of each metric's values → the metric's name."""
    from assessment.models import Metric

    name = "en" if in_english() else "zh"
    return {f"s{slot}": called for slot, called in Metric.objects.values_list("slot", name)}
