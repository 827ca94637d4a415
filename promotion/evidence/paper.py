"""The evidence of a case on paper: everything that its data says, in the order in which it happened."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from assessment.web.case_words import view_of
from promotion.cases.models import CaseAct, Proceeding, ProtectedBy

#: Every reader of PDF brings a face for it, so none is shipped.
_FACE = "STSong-Light"


def paper_of(row: Proceeding, found: dict[str, Any]) -> bytes:
    """A PDF on A4, in the policy's language."""
    if _FACE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FACE))
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
        title=f"case {row.pk}", invariant=True,
    )  # fmt: skip
    with translation.override("zh-hans"):
        document.build(_lines(row, found))
    return buffer.getvalue()


def _style(size: float, *, above: float = 0, indent: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        f"s{size}-{above}-{indent}", fontName=_FACE, fontSize=size, leading=size * 1.6, spaceBefore=above, alignment=TA_LEFT,
        leftIndent=indent, wordWrap="CJK",
    )  # fmt: skip


def _lines(row: Proceeding, found: dict[str, Any]) -> list[Any]:
    title, head, text, small = _style(16), _style(12, above=12), _style(10, above=2), _style(8, indent=8)
    view, person, policy = view_of(row.case), found["person"], found["policy"]
    story: list[Any] = [
        _say(_("Evidence of case %(number)s") % {"number": row.pk}, title),
        _say(f"{person['name']} · {person['employee_no']} · {person['department']}", text),
        _say(_("“%(title)s”, version %(version)s, digest %(digest)s") % {
            "title": view.policy, "version": policy["version"], "digest": policy["digest"],
        }, small),
        _say(_("The clause"), head),
        _say(f"{row.case.clause}　{view.clause_text}", text),
    ]  # fmt: skip
    for rule in view.rules:
        sums = f"{rule.observed} ({rule.against})" if rule.observed else ""
        story += [_say(part, text) for part in (rule.says, sums) if part]
        story += [_say(f"{month}: {value}", small) for month, value in rule.months]
        story += [_say(event, small) for event in rule.events]
    story += [_say(f"{name}: {value}", text) for name, value in view.facts]
    story += [_say(f"{one.period}: {', '.join(one.cells)}", small) for one in view.periods]
    if found["run"]:
        story.append(_say(_("Run of the sweep of %(month)s, digest %(digest)s") % found["run"], small))
    story.append(_say(_("What was said and done"), head))
    for act in found["acts"]:
        label = CaseAct(act["act"]).label
        by = act["by"] or _("the system")
        story.append(_say(f"{act['day']}　{label}　{by}", text))
        story += [_say(line, small) for line in act["words"].split("\n") if line.strip()]
        story += [_say(f"{key}: {value}", small) for key, value in act["data"].items() if key != "evidence"]
        story.append(_say(f"sha256 {act['digest']}", small))
    if found["protection"]:
        story.append(_say(_("Protection (Labour Contract Law, art. 42)"), head))
        for one in found["protection"]:
            answer = _("applies") if one["applies"] else _("does not apply")
            story.append(_say(f"{ProtectedBy(one['item']).label}: {answer}. {one['evidence']}", small))
    story.append(_say(_("Tier ledger"), head))
    for line in found["ledger"]:
        story.append(
            _say(f"{line['seq']}　{line['effective_on']}　{line['kind']}　{line['from']} → {line['to']}", text)
        )
        story.append(_say(line["hash"], small))
    story += [Spacer(1, 8), _say(_("Digest of this evidence: %(digest)s") % {"digest": found["digest"]}, small)]
    return story


def _say(words: Any, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(str(words)), style)
