"""Forms around a draft that end in one action: begin, submit, decide, give up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy.actions.draft_decide import decide_draft
from policy.actions.draft_discard import discard_draft
from policy.actions.draft_rebase import rebase_draft
from policy.actions.draft_start import start_draft
from policy.actions.draft_submit import Destination, submit_draft
from policy.actions.draft_take_back import take_back_draft
from policy.drafting import EMPTY
from policy.drafting.difference import changed_values
from policy.drafting.effects import carried
from policy.drafting.reads import Examined, examined
from policy.language.load import MAX_BYTES
from policy.models import Adoption, PolicyDraft, PolicyVersion
from policy.web.document import said
from staff.kernel.admin import ActionForm, DayField, DepartmentField
from staff.models import Department

CONSULTATION = gettext_lazy("Labour Contract Law art. 4: who was asked, when, what came of it.")


class BeginForm(ActionForm):
    """``subject``: (version or None, key of the library)."""

    def perform(self) -> PolicyDraft:
        version, key = self.subject
        return start_draft(access=self.access, base=version, key="" if version else key)


class OwnForm(ActionForm):
    """A policy that the library does not have: the empty one, or a file."""

    file = forms.FileField(
        label=gettext_lazy("document (YAML)"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("UTF-8, at most 64 KB. Without a file the draft begins with an empty example."),
    )
    key = forms.RegexField(
        r"^[a-z][a-z0-9_-]{0,40}$",
        label=gettext_lazy("key of the new policy"),
        required=False,
        help_text=gettext_lazy("Such as night-shift. Only without a file: a document names its key itself."),
        error_messages={"invalid": gettext_lazy("A lower-case letter, then lower-case letters, digits, _ or -.")},
    )

    def clean_file(self) -> str:
        sent = self.cleaned_data["file"]
        if not sent:
            return ""
        if sent.size > MAX_BYTES:
            raise ValidationError(_("A document has at most 64 KB of text."))
        try:
            return str(sent.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(_("The document is not UTF-8.")) from error

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("file") and not given.get("key") and not self.errors:
            self.add_error("key", _("Choose a file, or give the new policy a key."))
        if given.get("key") and not given.get("file") and PolicyVersion.objects.filter(key=given["key"]).exists():
            self.add_error("key", _("This policy is there already: draft a new version of it on its page."))
        return given

    def perform(self) -> PolicyDraft:
        text = self.cleaned_data["file"] or EMPTY.replace(
            "policy: new-policy", f"policy: {self.cleaned_data['key']}", 1
        )
        return start_draft(access=self.access, text=text)

    refusal_fields = {"text": "file"}


class SubmitForm(ActionForm):
    """``subject`` is the draft. Places where the policy is in force are offered with the values they have."""

    template = "admin/policy/draft_submit.html"
    consultation = forms.CharField(
        label=gettext_lazy("how employees were heard"), widget=forms.Textarea, help_text=CONSULTATION, required=False
    )
    starts_on = DayField(label=gettext_lazy("in force from"), required=False)
    departments = forms.ModelMultipleChoiceField(
        queryset=Department.objects.none(),
        label=gettext_lazy("where it is in force now"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The version before ends there on that day. Their own values go on, unless changed here."
        ),
    )
    other = DepartmentField(
        label=gettext_lazy("another department"), required=False, help_text=gettext_lazy("And all below it.")
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def prepare(self) -> None:
        draft: PolicyDraft = self.subject
        self.found: Examined = examined(draft)
        self.fields["revision"].initial = draft.revision
        self.fields["starts_on"].widget.attrs["min"] = self.access.day.isoformat()
        rows = Adoption.objects.filter(policy=draft.key, period__endswith__isnull=True).select_related("department")
        self.adoptions = {adoption.department_id: adoption for adoption in rows}
        chosen = Department.objects.visible_to(self.access).filter(pk__in=self.adoptions)
        field = self.fields["departments"]
        field.queryset = chosen  # type: ignore[attr-defined]
        field.initial = list(chosen.values_list("pk", flat=True))
        if not self.adoptions:
            del self.fields["departments"]
        checked = self.found.checked
        for name in checked.unset if checked else ():
            parameter = checked.parameters[name]  # type: ignore[union-attr]
            self.fields[f"set_{name}"] = forms.CharField(
                label=f"{name} ({parameter.clause})", required=False, max_length=200, help_text=said(parameter.why)
            )

    def perform(self) -> PolicyDraft:
        given = self.cleaned_data
        departments = [*given.get("departments", ()), *([given["other"]] if given["other"] else [])]
        typed = {name[4:]: value for name, value in given.items() if name.startswith("set_") and value}
        places = [
            Destination(department, {**self._carried(department), **typed}) for department in dict.fromkeys(departments)
        ]
        return submit_draft(
            access=self.access,
            draft_id=self.subject.pk,
            revision=given["revision"],
            consultation=given["consultation"],
            places=places,
            starts_on=given["starts_on"],
            now=timezone.now(),
        )

    def _carried(self, department: Department) -> dict[str, str]:
        adoption = self.adoptions.get(department.pk)
        if adoption is None or self.found.checked is None:
            return {}
        return carried(adoption.values, self.found.checked, frozenset(changed_values(self.found.changes)))


class PublishForm(ActionForm):
    """``subject`` is the draft; ``submission``, among the initial values, is the one that was read."""

    approve = True
    reason = forms.CharField(label=gettext_lazy("reason"), required=False, widget=forms.Textarea, max_length=1000)

    def perform(self) -> PolicyDraft:
        return decide_draft(
            access=self.access,
            draft_id=self.subject.pk,
            submission=self.initial["submission"],
            approve=self.approve,
            reason=self.cleaned_data["reason"],
            now=timezone.now(),
        )


class ReturnForm(PublishForm):
    approve = False


class TakeBackForm(ActionForm):
    def perform(self) -> PolicyDraft:
        return take_back_draft(access=self.access, draft_id=self.subject.pk, now=timezone.now())


class DiscardForm(ActionForm):
    def perform(self) -> PolicyDraft:
        return discard_draft(access=self.access, draft_id=self.subject.pk, revision=self.subject.revision)


class RebaseForm(ActionForm):
    def perform(self) -> PolicyDraft:
        return rebase_draft(access=self.access, draft_id=self.subject.pk)
