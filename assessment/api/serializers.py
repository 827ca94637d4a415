"""Values, items, events and months as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from assessment.models import EventKind, EventStatus, Metric, MetricKind, MonthState
from staff.kernel.api.fields import MonthField, NumberField, PersonField
from staff.kernel.api.serializers import GuardedSerializer, StrictSerializer

#: The statuses that an event may be looked for by.
STATUSES = [pair for pair in EventStatus.choices if pair[0]]


class KeyField(serializers.SlugRelatedField):
    """A row of the catalogue by its key; a key with a NUL in it is simply unknown."""

    default_error_messages = {"does_not_exist": _("There is no key `{value}`."), "invalid": _("A key is expected.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        if "\x00" in data:
            self.fail("does_not_exist", value=data.replace("\x00", "�"))
        return super().to_internal_value(data)


class ValueSerializer(serializers.Serializer):
    employee_no = serializers.CharField()
    month = MonthField()
    metric = serializers.CharField()
    value = NumberField()
    recorded_at = serializers.DateTimeField(help_text=_("When anything of the person's month was last recorded."))


class ItemSerializer(serializers.Serializer):
    employee_no = serializers.CharField()
    month = MonthField()
    item = serializers.CharField(source="metric")
    value = NumberField()
    assessor_no = serializers.CharField(allow_null=True)
    recorded_at = serializers.DateTimeField(help_text=_("When anything of the person's month was last recorded."))


class ValueRowSerializer(StrictSerializer):
    employee_no = PersonField(source="employee")
    month = MonthField()
    metric = KeyField("key", queryset=Metric.objects.filter(kind=MetricKind.VALUE))
    value = NumberField(allow_null=True, help_text=_("Null takes the value back: it is missing then, not zero."))
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text=_("Needed where a value that was reported changes.")
    )


class ItemRowSerializer(StrictSerializer):
    employee_no = PersonField(source="employee")
    month = MonthField()
    item = KeyField("key", queryset=Metric.objects.filter(kind=MetricKind.ITEM))
    value = NumberField(allow_null=True, help_text=_("Null takes the score back: it is missing then, not zero."))
    assessor_no = PersonField(source="assessor", required=False, allow_null=True, default=None)
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text=_("Needed where a score that was reported changes.")
    )


class EventSerializer(GuardedSerializer):
    guards = {"reaches_note": ("note",)}

    event_no = serializers.CharField()
    employee_no = serializers.CharField(source="employee.employee_no")
    date = serializers.DateField(source="day")
    kind = serializers.CharField(source="kind_id")
    status = serializers.ChoiceField(
        EventStatus.choices, help_text=_("Empty: not stated when it was loaded, which counts as upheld.")
    )
    subject = serializers.CharField()
    quantity = NumberField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(
        required=False, help_text=_("Only for whoever reaches sensitive facts of this person.")
    )
    recorded_at = serializers.DateTimeField()


class EventRowSerializer(StrictSerializer):
    """The event of that number: a new one, or the one that is put right. What is left out of a stored one stays."""

    event_no = serializers.CharField(max_length=60)
    employee_no = PersonField(source="employee")
    date = serializers.DateField(source="day")
    kind = KeyField("key", queryset=EventKind.objects.all())
    status = serializers.ChoiceField(
        STATUSES,
        allow_blank=True,
        help_text=_(
            "A supervisor's is alleged; withdrawn takes the event back. Empty: of a kind on which nobody finds, such as praise."
        ),
    )
    subject = serializers.CharField(max_length=200, required=False, allow_blank=True)
    quantity = NumberField(required=False, allow_null=True)
    decided_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class TeamSerializer(serializers.Serializer):
    supervisor_no = serializers.CharField(allow_null=True, help_text=_("Null: whom nobody leads today."))
    metric = serializers.CharField()
    expected = serializers.IntegerField()
    reported = serializers.IntegerField()
    missing = serializers.IntegerField()


class WindowSerializer(serializers.Serializer):
    first = serializers.DateField()
    last = serializers.DateField(help_text=_("Included. After it HR enters, with a reason."))


class MonthSerializer(serializers.Serializer):
    month = MonthField()
    state = serializers.ChoiceField(MonthState.choices)
    window = WindowSerializer(help_text=_("When supervisors and heads enter the month."))
    sealed_at = serializers.DateTimeField(allow_null=True)


class MonthDetailSerializer(MonthSerializer):
    completeness = TeamSerializer(
        many=True, help_text=_("By team and metric, of the people whose values the reader may see.")
    )
