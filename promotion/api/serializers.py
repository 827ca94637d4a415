"""Standings, explanations and runs as programs read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policy.compiler import Outcome
from promotion.models import Run, RunState
from staff.kernel.api.fields import MonthField
from staff.kernel.api.serializers import GuardedSerializer, StrictSerializer

OUTCOMES = [(str(outcome), str(outcome)) for outcome in Outcome]
VERDICTS = ["met", "unmet", "unknown"]
_PLAIN = {"oneOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}], "nullable": True}


class OutcomeField(serializers.ChoiceField):
    """The outcome's number → its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(OUTCOMES, **kwargs)

    def to_representation(self, value: int) -> str:  # type: ignore[override]
        return str(Outcome(value))


class StandingSerializer(GuardedSerializer):
    guards = {"reaches_standing": ("outcome", "target")}

    employee_no = serializers.CharField(source="employee.employee_no")
    as_of = MonthField(source="month")
    policy = serializers.CharField(source="run.version.key")
    version = serializers.IntegerField(source="run.version.number")
    tier = serializers.CharField()
    outcome = OutcomeField(required=False, help_text=_("Not for payroll, which reads the tier alone."))
    target = serializers.CharField(
        required=False, allow_null=True, help_text=_("The tier proposed, or the next one. Not for payroll.")
    )
    of_record = serializers.BooleanField(source="run.of_record", help_text=_("Whether the month was sealed by then."))


@extend_schema_field(_PLAIN)
class PlainField(serializers.Field):
    """A number, a day, yes or no, or nothing."""

    def to_representation(self, value: Any) -> Any:
        return value


class FindingSerializer(serializers.Serializer):
    clause = serializers.CharField()
    rule = serializers.CharField(allow_null=True, help_text=_("Null where a person judges it."))
    text = serializers.CharField(help_text=_("The clause's text in the source."))
    observed = PlainField(allow_null=True)
    op = serializers.CharField(allow_null=True)
    threshold = PlainField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    verdict = serializers.ChoiceField(VERDICTS)
    missing = serializers.ListField(child=serializers.CharField(), help_text=_("Months that are missing."))


class ExplanationSerializer(serializers.Serializer):
    employee_no = serializers.CharField()
    as_of = serializers.CharField()
    policy = serializers.CharField()
    version = serializers.IntegerField()
    tier = serializers.CharField()
    outcome = serializers.ChoiceField(OUTCOMES)
    target = serializers.CharField(allow_null=True)
    conditions = FindingSerializer(many=True)
    triggers = FindingSerializer(many=True)


class ShardsSerializer(serializers.Serializer):
    done = serializers.IntegerField(source="shards_done")
    all = serializers.IntegerField(source="shards_all")


class RunSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    month = MonthField()
    policy = serializers.CharField(source="version.key")
    version = serializers.IntegerField(source="version.number")
    state = serializers.ChoiceField(RunState.choices)
    of_record = serializers.BooleanField()
    full = serializers.SerializerMethodField(help_text=_("False: only whom new facts touched."))
    progress = ShardsSerializer(source="*", help_text=_("Parts of the work."))
    people = serializers.IntegerField()
    written = serializers.IntegerField()
    known_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(source="created_at")
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_full(self, run: Run) -> bool:
        return run.touched_after is None


class RunRequestSerializer(StrictSerializer):
    month = MonthField(help_text=_("One that has ended."))


class RunsSerializer(serializers.Serializer):
    runs = RunSerializer(many=True)
