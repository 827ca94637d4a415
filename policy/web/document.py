"""A policy as a page shows it: the source's words at the left, what the system makes of them at the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from policy.catalogue import Names
from policy.compiler.process import long_lines
from policy.compiler.say import intake_sentence, pay_sentence, rule_sentence, sentence
from policy.language import Checked
from policy.language.checked import Clause, Intake, Ladder, Parameter, ProcessStep, Reading, Scorecard, Text
from policy.language.nodes import plain_number
from policy.web.process import PROCESS
from staff.kernel.words import in_english
from staff.models import Role


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """A reading or a parameter as it is in force: ``value`` is what is set, ``why`` the reason."""

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
    """``key`` is where it stands on the page; its n-th row stands at ``<key>-n``. ``note`` is said beside the title."""

    title: str
    rows: list[Row]
    key: str = ""
    note: str = ""


def said(text: Text) -> str:
    return (text.en if in_english() else text.zh) or text.zh


def _named(names: Names) -> str:
    return names.en if in_english() else names.zh


def sections(checked: Checked) -> list[Section]:
    """The whole document, in the order in which it is read."""
    found = [Section(_("Source"), [_passage(p.clause, p.text, p.en) for p in checked.passages], "source")]
    if checked.applies:
        found.append(Section(_("To whom it applies"), [_clause(checked.applies, checked)], "applies"))
    if checked.ladder:
        found += _steps(checked.ladder, checked)
    if checked.scorecard:
        found.append(Section(_("Scorecard"), list(_card(checked.scorecard, checked)), "card"))
    if checked.intake:
        found.append(Section(pgettext("policy", "Intake"), [_intake(checked.intake, checked)], "intake"))
    found.append(Section(_("Cases"), list(_cases(checked)), "cases"))
    found.append(Section(_("Pay"), list(_pay(checked)), "pay"))
    found.append(Section(_("Sheet of the review"), list(_sheet(checked)), "review"))
    lost = [Row(lost.clause, "", says=[said(lost.note)], lost=True) for lost in checked.lost]
    found.append(Section(_("Lost from the source"), lost, "lost"))
    return [section for section in found if section.rows]


def _steps(ladder: Ladder, checked: Checked) -> Iterator[Section]:
    names = {tier.key: said(tier.names) for tier in ladder.tiers}
    for step in ladder.steps:
        way = " → ".join(str(PROCESS.get(word, word)) for word in step.process)
        rows = [_clause(clause, checked) for clause in step.clauses]
        yield Section(f"{names[step.source]} → {names[step.target]}", rows, f"step-{step.target}", way)
    down = [_clause(clause, checked) for clause in ladder.demotions]
    yield Section(_("Process of a promotion"), [_process(one, checked) for one in checked.process.values()], "process")
    yield Section(_("Demotion"), down, "demotion", _("Any one of them opens a case; a person decides."))
    yield Section(_("Checks after a promotion"), list(_checks(ladder)), "checks")


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What the source leaves open. ``value`` is empty of a parameter that only the adoption gives; ``own`` where an adoption
    gives another than the document.
    """

    number: str
    name: str
    value: str
    why: str
    own: bool = False


def open_points(checked: Checked) -> list[OpenPoint]:
    """Parameters that an adoption sets, then readings that it may change."""
    of_both: list[Parameter | Reading] = [*checked.parameters.values(), *checked.readings.values()]
    return [
        OpenPoint(
            one.clause,
            str(one.name),
            said(sentence(one.typed, checked)) if one.typed else "",
            said(one.why),
            str(one.name) in checked.values,
        )
        for one in of_both
    ]


def _passage(number: str, text: str, gloss: str) -> Row:
    return Row(number, text, gloss=gloss if in_english() else "")


def _clause(clause: Clause, checked: Checked) -> Row:
    used = {name for rule in clause.rules for name in (*rule.readings, *rule.parameters)}
    return Row(
        number=clause.number,
        text=clause.text,
        gloss=clause.en if in_english() else "",
        says=[said(rule_sentence(rule, checked)) for rule in clause.rules],
        attest=_judge(clause.attest) if clause.attest else "",
        readings=_notes(used, checked),
    )


def _judge(role: str) -> str:
    return str(Role(role).label) if role in Role.values else _("the panel")


def _notes(used: Iterable[str], checked: Checked) -> list[ReadingNote]:
    """The readings among them, and the parameters with a value, in the order of the document."""
    names = {str(name) for name in used}
    both: list[Parameter | Reading] = [*checked.readings.values(), *checked.parameters.values()]
    return [
        ReadingNote(str(one.name), said(sentence(one.typed, checked)), said(one.why))
        for one in both
        if str(one.name) in names and one.typed is not None
    ]


def _checks(ladder: Ladder) -> Iterator[Row]:
    for check in ladder.checks:
        says = [_("Every %(months)s months after a promotion.") % {"months": check.every}]
        yield Row(check.clause, check.text, check.en if in_english() else "", says)


def _process(step: ProcessStep, checked: Checked) -> Row:
    """A step as the document says, and the bars that transitions set themselves."""
    says = [said(line) for line in long_lines(step)]
    ladder = checked.ladder
    for transition in ladder.steps if ladder and step.by_panel else ():
        own = checked.process_step(transition, step.name)
        target = ladder.tier(transition.target) if ladder else None
        if transition.bar_rule and step.name in transition.process and own.bar is not None and target:
            says.append(
                _("to %(tier)s: %(op)s %(bar)s points")
                % {"tier": said(target.names), "op": "≥" if own.bar_op == ">=" else ">", "bar": plain_number(own.bar)}
            )
    notes = _notes((*step.readings, *step.parameters), checked)
    return Row(step.clause, step.text, step.en if in_english() else "", says, readings=notes)


def _card(card: Scorecard, checked: Checked) -> Iterator[Row]:
    for item in card.items:
        rule = _("%(item)s, %(points)s points: %(rule)s") % {
            "item": said(item.names), "points": plain_number(item.of), "rule": said(sentence(item.score, checked)),
        }  # fmt: skip
        yield Row(item.clause, item.text, item.gloss if in_english() else "", [rule])
    says = [said(card.note)] if card.note.zh else []
    if card.full_marks is not None:
        says.append(_("Full marks are %(points)s points.") % {"points": plain_number(card.full_marks)})
    elif card.items:
        says.append(_("The total is the mean of the items."))
    says += [said(sentence(lines, checked)) for lines in (card.grade, card.stars) if lines is not None]
    yield Row(card.clause, card.text, card.en if in_english() else "", says)


def _intake(intake: Intake, checked: Checked) -> Row:
    """Beside the source's words, where they stand among those that no rule rests on."""
    source = next((passage for passage in checked.passages if passage.clause == intake.clause), None)
    row = _passage(intake.clause, source.text, source.en) if source else Row(intake.clause, "")
    return replace(row, says=[said(intake_sentence(intake))])


def _cases(checked: Checked) -> Iterator[Row]:
    often = {"month": _("Every month"), "quarter": _("Every quarter"), "year": _("Every year")}
    for case in checked.cases:
        rule = case.when or case.top
        told = said(sentence(rule, checked)) if rule else ""
        asked = {"often": often[case.every], "rule": told, "case": _named(checked.catalogue.case(str(case.kind)))}
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
            readings=_notes(component.readings, checked),
        )
