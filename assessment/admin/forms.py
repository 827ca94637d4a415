"""The forms for a month's values, an event, and a metric."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.actions.event_save import save_event
from assessment.actions.metric_add import add_metric
from assessment.actions.values_save import save_values
from assessment.admin.names import named
from assessment.measures import YES_NO, Measure
from assessment.models import Event, EventKind, EventStatus, Metric, MetricKind
from assessment.selectors.needs import measures_of
from staff.kernel.access import Thing, Verb
from staff.kernel.admin import ActionForm, DayField, PersonField
from staff.selectors.people import things_reached

#: Units of the policy language that a metric may be reported in.
UNITS = [
    ("number", _("number")),
    ("count", _("count")),
    ("%", "%"),
    ("point", _("points")),
    ("yuan", _("yuan")),
    ("minute", _("minutes")),
    ("hour", _("hours")),
    ("yes_no", _("yes or no (1, 0)")),
]


def amount(**kwargs: Any) -> forms.DecimalField:
    """A number as the product keeps it: four decimals, sixteen digits before them."""
    return forms.DecimalField(max_digits=20, decimal_places=4, required=False, **kwargs)


class ValuesForm(ActionForm):
    """``subject``: (employee, month, the row or None, the metrics). An empty field is a missing value."""

    def prepare(self) -> None:
        employee, month, row, metrics = self.subject
        measures = measures_of(month, metrics, [employee.pk])
        for metric in metrics:
            measure = measures[employee.pk, metric.pk]
            held = getattr(row, f"s{metric.slot}") if row else None
            self.fields[metric.key] = amount(
                label=measure.name,
                initial=None if held is None else held.normalize().__format__("f"),
                help_text=_bounds(measure),
            )
        self.fields["reason"] = forms.CharField(
            label=_("reason"),
            max_length=300,
            required=False,
            help_text=_("Needed where a value that was reported changes."),
        )

    def perform(self) -> None:
        employee, month, _row, metrics = self.subject
        given = self.cleaned_data
        save_values(
            access=self.access,
            employee=employee,
            month=month,
            values={metric: given[metric.key] for metric in metrics},
            reason=given["reason"],
        )


def _bounds(measure: Measure) -> str:
    if measure.unit == YES_NO:
        return str(_("1 for yes, 0 for no"))
    high = "…" if measure.highest is None else f"{measure.highest.normalize():f}"
    unit = str(dict(UNITS).get(measure.unit, measure.unit))
    return f"{measure.least.normalize():f} – {high} {unit}"


class EventForm(ActionForm):
    """A new event, or ``subject`` put right; its number and person stay."""

    refusal_fields = {"assessment_event_event_no_key": "event_no", "event_has_number": "event_no"}

    event_no = forms.CharField(label=_("event no."), max_length=60)
    person = PersonField(label=_("person"), verb=Verb.READ)
    day = DayField(label=_("date"))
    kind = forms.ModelChoiceField(label=_("kind"), queryset=EventKind.objects.all())
    status = forms.ChoiceField(
        label=_("status"),
        choices=[("", "—"), *(pair for pair in EventStatus.choices if pair[0])],
        required=False,
        help_text=_("Empty only for a kind on which nobody finds, such as praise."),
    )
    subject_text = forms.CharField(
        label=_("subject"), max_length=200, required=False, help_text=_("The degree, the customer, the tier and so on.")
    )
    quantity = amount(label=_("quantity"))
    decided_on = DayField(
        label=_("decided on"),
        required=False,
        help_text=_("The day of the finding, where it came later than the event."),
    )
    note = forms.CharField(label=_("note"), required=False, widget=forms.Textarea)

    def prepare(self) -> None:
        self.fields["kind"].label_from_instance = named  # type: ignore[attr-defined]
        event = self.subject
        if event:
            notes = bool(things_reached(self.access, event.employee, [Thing.SENSITIVE], Verb.UPDATE))
        else:
            notes = self.access.may(Thing.SENSITIVE, Verb.UPDATE)
        if not notes:
            del self.fields["note"]
        if event:
            del self.fields["event_no"], self.fields["person"]
            for name, field in self.fields.items():
                field.initial = getattr(event, {"subject_text": "subject", "kind": "kind_id"}.get(name, name))

    def perform(self) -> Event:
        given = dict(self.cleaned_data)
        event = self.subject
        return save_event(
            access=self.access,
            employee=given.pop("person", None) or event.employee,
            event_no=given.pop("event_no", None) or event.event_no,
            subject=given.pop("subject_text"),
            note=given.pop("note", event.note if event else ""),
            event=event,
            **given,
        )


class MetricForm(ActionForm):
    refusal_fields = {
        "assessment_metric_key_key": "key",
        "assessment_metric_zh_key": "zh",
        "metric_bounds_in_order": "highest",
    }

    key = forms.RegexField(
        label=_("key"), regex=r"\A[a-z][a-z0-9_-]{0,40}\Z", help_text=_("a–z, 0–9, _ and -. Policies call it by this.")
    )
    kind = forms.ChoiceField(label=_("kind"), choices=MetricKind)
    zh = forms.CharField(label=_("Chinese name"), max_length=60)
    en = forms.CharField(label=_("English name"), max_length=80)
    unit = forms.ChoiceField(label=_("unit"), choices=UNITS)
    word_zh = forms.CharField(label=_("counting word"), max_length=10, required=False, help_text="篇 件 次 个")
    lowest = amount(label=_("lowest"), initial=0, help_text=_("A value below it is refused. Empty means 0."))
    highest = amount(label=_("highest"))
    decimals = forms.IntegerField(label=_("decimals"), min_value=0, max_value=4, initial=2)

    def perform(self) -> Metric:
        return add_metric(access=self.access, **self.cleaned_data)
