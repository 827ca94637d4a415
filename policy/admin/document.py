"""A policy as a page shows it: the source's words at the left, what the system makes of them at the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from policy.compiler.say import pay_sentence, rule_sentence, sentence
from policy.language import Checked
from policy.language.checked import Clause, Reading, Text
from staff.kernel.words import in_english
from staff.models import Role


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """A reading as it is in force: ``value`` is what is set, ``why`` the reason."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One clause. ``text`` is the source's own; ``gloss`` an English one beside it, on English pages."""

    number: str
    text: str
    gloss: str = ""
    says: list[str] = field(default_factory=list)
    attest: str = ""
    readings: list[ReadingNote] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: list[Row]


def said(text: Text) -> str:
    return (text.en if in_english() else text.zh) or text.zh


def sections(checked: Checked) -> list[Section]:
    """The whole document, in the order in which it is read."""
    found = [Section(_("Source"), [_passage(p.clause, p.text, p.en) for p in checked.passages])]
    if checked.applies:
        found.append(Section(_("To whom it applies"), [_clause(checked.applies, checked)]))
    if checked.ladder:
        names = {tier.key: said(tier.names) for tier in checked.ladder.tiers}
        for step in checked.ladder.steps:
            title = f"{names[step.source]} → {names[step.target]}"
            found.append(Section(title, [_clause(clause, checked) for clause in step.clauses]))
        found.append(Section(_("Demotion"), [_clause(clause, checked) for clause in checked.ladder.demotions]))
    found.append(Section(_("Pay"), list(_pay(checked))))
    found.append(
        Section(_("Lost from the source"), [Row(lost.clause, "", says=[said(lost.note)]) for lost in checked.lost])
    )
    return [section for section in found if section.rows]


def open_points(checked: Checked) -> list[Row]:
    """Parameters that an adoption sets, and readings that it may change."""
    rows = [
        Row(
            p.clause,
            str(name),
            says=[said(p.why)],
            attest=said(sentence(p.typed, checked)) if p.typed else _("not set"),
        )
        for name, p in checked.parameters.items()
    ]
    return rows + [
        Row(r.clause, str(name), says=[said(r.why)], attest=said(sentence(r.typed, checked)))
        for name, r in checked.readings.items()
    ]


def _passage(number: str, text: str, gloss: str) -> Row:
    return Row(number, text, gloss=gloss if in_english() else "")


def _clause(clause: Clause, checked: Checked) -> Row:
    used = {name for rule in clause.rules for name in rule.readings}
    return Row(
        number=clause.number,
        text=clause.text,
        gloss=clause.en if in_english() else "",
        says=[said(rule_sentence(rule, checked)) for rule in clause.rules],
        attest=_judge(clause.attest) if clause.attest else "",
        readings=_notes((checked.readings[name] for name in checked.readings if name in used), checked),
    )


def _judge(role: str) -> str:
    return str(Role(role).label) if role in Role.values else _("the panel")


def _notes(readings: Iterable[Reading], checked: Checked) -> list[ReadingNote]:
    return [ReadingNote(str(r.name), said(sentence(r.typed, checked)), said(r.why)) for r in readings]


def _pay(checked: Checked) -> Iterator[Row]:
    for component in checked.pay:
        yield Row(
            number=component.clause,
            text=component.text,
            gloss=component.en if in_english() else "",
            says=[said(pay_sentence(component, checked))],
            readings=_notes((checked.readings[name] for name in component.readings), checked),
        )
