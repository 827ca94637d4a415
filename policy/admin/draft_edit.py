"""A draft is written: its values in fields, or its text. Each save says which revision was read."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policy.actions.draft_save import save_draft
from policy.admin.draft_found import draft_or_404
from policy.drafting.reads import Examined, examined, told
from policy.drafting.text import FIELDS, Entry, entries, with_value
from policy.models import PolicyDraft
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.admin import page
from staff.kernel.admin.pages import access_of_request, render

_LABELS = {
    "value": gettext_lazy("value with its unit"),
    "zh": gettext_lazy("reason in Chinese"),
    "en": gettext_lazy("reason in English"),
}
_LANGUAGES = {"zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class EntryFields:
    """A reading or a parameter with its fields, and what is wrong at each."""

    entry: Entry
    fields: list[tuple[str, forms.BoundField, list[str]]]

    @property
    def wrong(self) -> bool:
        return any(faults for _which, _field, faults in self.fields)


class ValuesForm(forms.Form):
    """A field for each text of each entry; what the browser sends along as it was says what was changed."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, text: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries(text)
        for entry in self.entries:
            for which in FIELDS:
                if which == "value" and entry.by_lines:
                    continue
                widget = forms.TextInput if which == "value" else forms.Textarea
                attrs = {"class": "input"} | ({"rows": "2", "lang": _LANGUAGES[which]} if which != "value" else {})
                self.fields[name_of(entry, which)] = forms.CharField(
                    required=False,
                    initial=entry.fields.get(which, ""),
                    label=_LABELS[which],
                    max_length=2000,
                    show_hidden_initial=True,
                    widget=widget(attrs=attrs),
                )

    def edited(self, text: str) -> str:
        """The text with every field that was changed."""
        for entry in self.entries:
            for which in FIELDS:
                name = name_of(entry, which)
                if name in self.changed_data:
                    text = with_value(text, entry.section, entry.name, which, self.cleaned_data[name].strip())
        return text

    def shown(self, found: Examined) -> list[EntryFields]:
        """With every fault of the document that stands inside an entry, at its field."""
        return [
            EntryFields(
                entry,
                [
                    (which, self[name_of(entry, which)], [
                        f"{fault.line}:{fault.column} {told(fault)}"
                        for fault in found.faults
                        if entry.holds(fault) and (entry.field_of(fault) == which)
                    ])
                    for which in FIELDS
                    if name_of(entry, which) in self.fields
                ],
            )
            for entry in self.entries
        ]  # fmt: skip

    def again(self, text: str) -> ValuesForm:
        """After somebody else saved: what was typed here stays, all else is theirs."""
        fresh = ValuesForm(text)
        data = {"revision": self.data.get("revision", "")}
        for name, field in fresh.fields.items():
            if name == "revision":
                continue
            typed = name in self.changed_data
            data[name] = self.data.get(name, "") if typed else field.initial
            data[f"initial-{name}"] = field.initial
        return ValuesForm(text, data)


def name_of(entry: Entry, which: str) -> str:
    return f"{entry.section}.{entry.name}.{which}"


@page("policy-drafts/<int:pk>/values/", "policy-draft-values", Thing.POLICY, Verb.UPDATE)
def values_page(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    draft = draft_or_404(access, pk)
    form = ValuesForm(draft.document, request.POST or None, initial={"revision": draft.revision})
    status, conflict, refused = 200, "", ""
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif form.cleaned_data["revision"] != draft.revision and draft.open:
            conflict, status = _by_whom(draft), 409
            form = form.again(draft.document)
        else:
            try:
                return _saved(
                    request, access, draft, form.cleaned_data["revision"], form.edited(draft.document), "values"
                )
            except Forbidden:
                raise
            except Refused as error:
                refused, status = error.message, 409 if error.code == "conflict" else 422
    found = examined(draft)
    groups = form.shown(found)
    elsewhere = [fault for fault in found.faults if not any(group.entry.holds(fault) for group in groups)]
    context = {
        "title": _("Readings and parameters: %(policy)s") % {"policy": _name(draft)},
        "draft": draft,
        "form": form,
        "revision": draft.revision,
        "groups": groups,
        "elsewhere": [(fault, told(fault)) for fault in elsewhere],
        "conflict": conflict,
        "refused": refused,
    }
    return render(request, "admin/policy/draft_values.html", context, status=status)


@page("policy-drafts/<int:pk>/text/", "policy-draft-text", Thing.POLICY, Verb.UPDATE)
def text_page(request: HttpRequest, pk: int) -> HttpResponse:
    access = access_of_request(request)
    draft = draft_or_404(access, pk)
    text, status, refused, differs = draft.document, 200, "", []
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")
        revision = request.POST.get("revision", "")
        known = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 9 else 0
        try:
            return _saved(request, access, draft, known, text, "text")
        except Forbidden:
            raise
        except Refused as error:
            draft.refresh_from_db()
            refused, status = error.message, 409 if error.code == "conflict" else 422
            differs = _lines_that_differ(draft.document, text) if error.code == "conflict" else []
    found = examined(draft, text)
    wrong = {fault.line for fault in found.faults}
    context = {
        "title": _("Text: %(policy)s") % {"policy": _name(draft)},
        "draft": draft,
        "revision": draft.revision,
        "text": text,
        "numbers": [(number, number in wrong) for number in range(1, text.count("\n") + 2)],
        "rows": text.count("\n") + 2,
        "faults": [(fault, told(fault)) for fault in found.faults],
        "hints": [(hint, told(hint)) for hint in found.hints],
        "refused": refused,
        "differs": differs,
    }
    return render(request, "admin/policy/draft_text.html", context, status=status)


def _saved(
    request: HttpRequest, access: Access, draft: PolicyDraft, revision: int, text: str, where: str
) -> HttpResponse:
    """Saves; back to the draft's page where nothing is wrong, else to the same page, which tells the faults."""
    saved = save_draft(access=access, draft_id=draft.pk, revision=revision, text=text, now=timezone.now())
    wrong = len(examined(saved).faults)
    if not wrong:
        messages.success(request, _("Saved as revision %(n)s; no fault.") % {"n": saved.revision})
        return HttpResponseRedirect(reverse("admin:policy-draft", args=[draft.pk]))
    messages.warning(
        request,
        ngettext(
            "Saved as revision %(n)s; one fault to mend.", "Saved as revision %(n)s; %(wrong)s faults to mend.", wrong
        )
        % {"n": saved.revision, "wrong": wrong},
    )
    return HttpResponseRedirect(reverse(f"admin:policy-draft-{where}", args=[draft.pk]))


def _by_whom(draft: PolicyDraft) -> str:
    return _("%(who)s saved revision %(n)s meanwhile. What you typed is kept below, all else is theirs. Save again.") % {
        "who": draft.edited_by, "n": draft.revision,
    }  # fmt: skip


def _lines_that_differ(theirs: str, mine: str) -> list[tuple[str, str]]:
    """(sign, line) of both texts, without what they share."""
    found = difflib.ndiff(theirs.split("\n"), mine.split("\n"))
    return [(line[0], line[2:]) for line in found if line[:1] in "+-"][:200]


def _name(draft: PolicyDraft) -> str:
    return draft.base.title if draft.base else draft.key
