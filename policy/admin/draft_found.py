"""What every page of a draft begins with: the draft in sight, what is wrong with it, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from policy.drafting.reads import drafts_visible_to, told
from policy.drafting.text import shown
from policy.language.faults import Fault
from policy.models import PolicyDraft
from staff.kernel.access import Access


def draft_or_404(access: Access, pk: int) -> PolicyDraft:
    """Raises ``Http404``: whoever may not see drafts has none."""
    rows = drafts_visible_to(access).select_related(
        "base",
        "version",
        "started_by__employee",
        "edited_by__employee",
        "submitted_by__employee",
        "decided_by__employee",
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class FaultPlace:
    """A fault with the lines around it; the third of a line is what stands before the place, at it and after it."""

    fault: Fault
    words: str
    lines: list[tuple[int, str, tuple[str, str, str] | None]]
    href: str


def fault_places(text: str, faults: Iterable[Fault], draft: PolicyDraft, *, edits: bool) -> list[FaultPlace]:
    editor = reverse("admin:policy-draft-text", args=[draft.pk]) if edits else ""
    return [
        FaultPlace(
            fault,
            told(fault),
            [
                (number, line, _marked(line, fault.column) if number == fault.line else None)
                for number, line in shown(text, fault.line)
            ],
            f"{editor}#L{fault.line}",
        )
        for fault in faults
    ]


def _marked(line: str, column: int) -> tuple[str, str, str]:
    """From the column to the end of the word there; the last character where the place is behind the line."""
    at = min(column - 1, max(len(line) - 1, 0))
    end = at + 1
    while end < len(line) and (line[end].isalnum() or line[end] in "_-"):
        end += 1
    return line[:at], line[at:end], line[end:]
