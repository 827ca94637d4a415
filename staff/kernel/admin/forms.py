"""Forms that end in one action, with fields that know the reader's scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES, TEXTAREA_CLASSES

from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.periods import Month
from staff.models import Department, Employee
from staff.selectors.department_tree import tree


class ActionForm(forms.Form):
    """``perform`` makes one call to one action; a refusal of the action is shown as an error of the form.

    ``subject`` is what the form is about (a person, say); None where something new is made. A refusal whose code is a
    field's name is shown at that field; ``refusal_fields`` sends other codes (a constraint's name, say) to theirs.
    """

    refusal_fields: ClassVar[Mapping[str, str]] = {}
    #: The page around the fields.
    template: ClassVar[str] = "admin/form.html"

    def __init__(self, *args: Any, access: Access, subject: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        self.subject = subject
        self.prepare()
        for field in self.fields.values():
            if isinstance(field, ScopedField):
                field.bind_access(access)
            _dress(field)

    def prepare(self) -> None:
        """For a subclass: choices and initial values that depend on ``access`` and ``subject``."""

    def perform(self) -> Model | None:
        raise NotImplementedError

    def refuse(self, refused: Refused) -> None:
        """The action's refusal as an error of the form."""
        named = self.refusal_fields.get(refused.code, refused.code)
        self.add_error(named if named in self.fields else None, refused.message)


class ScopedField(forms.Field):
    """A field whose answers lie in the reader's scope."""

    access: Access

    def bind_access(self, access: Access) -> None:
        self.access = access


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**kwargs)


class MonthFormField(forms.CharField):
    """``YYYY-MM`` → ``Month``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "month"}))
        kwargs.setdefault("max_length", 7)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except ValueError as error:
            raise ValidationError(
                _("`%(text)s` is not a month; write YYYY-MM, such as 2026-10.") % {"text": text}
            ) from error


class PersonField(ScopedField, forms.CharField):
    """An employee no., or a name that only one person in scope has → ``Employee``."""

    default_error_messages = {
        "unknown": gettext_lazy("There is nobody called or numbered `%(text)s` among the people you may see."),
        "several": gettext_lazy("Several people are called `%(text)s`: write the employee no. (%(numbers)s)."),
    }

    def __init__(self, *, verb: Verb = Verb.READ, thing: Thing = Thing.PERSON, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 100)
        kwargs.setdefault("help_text", gettext_lazy("Employee no., or the full name where only one person has it."))
        super().__init__(**kwargs)
        self.verb, self.thing = verb, thing

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        people = Employee.objects.visible_to(self.access, self.verb, self.thing)
        found = people.filter(employee_no=text).first()
        if found:
            return found
        named = list(people.filter(name=text).order_by("employee_no")[:6])
        if len(named) == 1:
            return named[0]
        if not named:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"text": text})
        numbers = ", ".join(person.employee_no for person in named)
        raise ValidationError(self.error_messages["several"], code="several", params={"text": text, "numbers": numbers})


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once → ``[(name, file)]``; what they are is judged where they are kept."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, Any]]:
        given = data if isinstance(data, list | tuple) else [data]
        found = [super(FilesField, self).clean(one, initial) for one in given]
        return [(one.name, one) for one in found if one]


class DepartmentField(ScopedField, forms.TypedChoiceField):
    """A department of the reader's scope, chosen from the tree → ``Department``, or None."""

    def __init__(self, *, empty: Any = "", **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **kwargs)
        self.empty = empty

    def bind_access(self, access: Access) -> None:
        super().bind_access(access)
        visible = Department.objects.visible_to(access)
        self.departments = {node.department.pk: node.department for node in tree(visible)}
        indented = [(node.department.pk, "　" * node.depth + node.department.name) for node in tree(visible)]
        self.choices = [("", self.empty or "—"), *indented]

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        return self.departments[key] if key is not None else None


def _dress(field: forms.Field) -> None:
    """Unfold's look for Django's plain widgets."""
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput | forms.FileInput):
        return
    if isinstance(widget, forms.Textarea):
        classes, widget.attrs["rows"] = TEXTAREA_CLASSES, "3"
    else:
        classes = SELECT_CLASSES if isinstance(widget, forms.Select) else INPUT_CLASSES
    widget.attrs["class"] = " ".join([widget.attrs.get("class", ""), *classes]).strip()
