"""A policy as a page shows it: the source's words at the left, what the system makes of them at the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from policy.compiler.say import pay_sentence, rule_sentence, sentence
from policy.language import Checked
from policy.language.checked import Clause, Ladder, Reading, Scorecard, Text
from policy.language.nodes import plain_number
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
    lost: bool = False


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
        found.append(Section(_("Checks after a promotion"), list(_checks(checked.ladder))))
    if checked.scorecard:
        found.append(Section(_("Scorecard"), list(_card(checked.scorecard, checked))))
    found.append(Section(_("Cases"), list(_cases(checked))))
    found.append(Section(_("Pay"), list(_pay(checked))))
    found.append(Section(_("Sheet of the review"), list(_sheet(checked))))
    found.append(
        Section(
            _("Lost from the source"),
            [Row(lost.clause, "", says=[said(lost.note)], lost=True) for lost in checked.lost],
        )
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


def _checks(ladder: Ladder) -> Iterator[Row]:
    for check in ladder.checks:
        says = [_("Every %(months)s months after a promotion.") % {"months": check.every}]
        yield Row(check.clause, check.text, check.en if in_english() else "", says)


def _card(card: Scorecard, checked: Checked) -> Iterator[Row]:
    for item in card.items:
        rule = _("%(item)s, %(points)s points: %(rule)s") % {
            "item": said(item.names), "points": plain_number(item.of), "rule": said(sentence(item.score, checked)),
        }  # fmt: skip
        yield Row(item.clause, item.text, says=[rule])
    says = [said(card.note)] if card.note.zh else []
    if card.full_marks is not None:
        says.append(_("Full marks are %(points)s points.") % {"points": plain_number(card.full_marks)})
    elif card.items:
        says.append(_("The total is the mean of the items."))
    says += [said(sentence(lines, checked)) for lines in (card.grade, card.stars) if lines is not None]
    yield Row(card.clause, card.text, card.en if in_english() else "", says)


def _cases(checked: Checked) -> Iterator[Row]:
    often = {"month": _("Every month"), "quarter": _("Every quarter"), "year": _("Every year")}
    for case in checked.cases:
        rule = case.when or case.top
        told = said(sentence(rule, checked)) if rule else ""
        asked = {"often": often[case.every], "rule": told, "case": str(case.kind)}
        if case.top is not None:
            says = [_("%(often)s, whoever has most %(rule)s: %(case)s") % asked]
        elif case.subject == "team":
            says = [_("%(often)s, the team, if %(rule)s: %(case)s") % asked]
        else:
            says = [_("%(often)s, if %(rule)s: %(case)s") % asked]
        if case.restart:
            says.append(_("After the case the count starts anew."))
        yield Row(case.clause, case.text, case.en if in_english() else "", says)


def _sheet(checked: Checked) -> Iterator[Row]:
    for line in checked.review:
        says = [_("%(points)s points") % {"points": plain_number(line.of)}]
        yield Row(line.clause, line.text, line.names.en if in_english() else "", says)


def _pay(checked: Checked) -> Iterator[Row]:
    for component in checked.pay:
        yield Row(
            number=component.clause,
            text=component.text,
            gloss=component.en if in_english() else "",
            says=[said(pay_sentence(component, checked))],
            readings=_notes((checked.readings[name] for name in component.readings), checked),
        )
