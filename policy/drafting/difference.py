"""What one document changes of another: clause by clause and rule by rule, by canonical text, with the sentences of both.

A rule whose own text is the same but whose sentence is not has changed through a reading or a parameter: it is told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from policy.catalogue import Key
from policy.compiler.process import STEPS, long_lines
from policy.compiler.say import intake_sentence, pay_sentence, rule_sentence, sentence
from policy.language import Checked
from policy.language.checked import Clause, Ladder, Scorecard, Text
from policy.language.nodes import plain_number, show

Kind = Literal["added", "removed", "changed", "follows"]
#: Parts of a document in the order in which a reader meets their changes.
PARTS = (
    "readings", "parameters", "title", "texts", "scope", "tiers", "steps", "process", "demotion", "checks", "scorecard",
    "cases", "pay", "inputs", "intake", "review", "lost",
)  # fmt: skip
_NONE = Text("")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a document says. ``meant`` is compared; ``said`` are its words, ``why`` the reason of a reading, ``title``
    what the document calls it, where it does.

    ``follows`` is compared besides: what it comes to with the readings as they are.
    """

    part: str
    clause: str
    name: str
    meant: Any
    said: Text
    why: Text = _NONE
    follows: Any = None
    title: Text = _NONE


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``old`` is None of what is added, ``new`` of what is removed. ``used_in`` are the clauses whose rules
    a changed reading or parameter changes.
    """

    kind: Kind
    part: str
    clause: str
    name: str
    old: Piece | None
    new: Piece | None
    used_in: tuple[str, ...] = ()


def difference(old: Checked | None, new: Checked) -> list[Change]:
    """Everything that ``new`` adds to ``old``, takes from it or says otherwise, in the order of ``PARTS``."""
    before = {_key(piece): piece for piece in _numbered(old)} if old else {}
    after = {_key(piece): piece for piece in _numbered(new)}
    found = [_change(before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after])]
    changes = [change for change in found if change is not None]
    by_name = _clauses_by_name(old, new)
    told = [
        Change(c.kind, c.part, c.clause, c.name, c.old, c.new, by_name.get(c.name, ()))
        if c.part in ("readings", "parameters") and c.kind == "changed"
        else c
        for c in changes
    ]
    return sorted(told, key=lambda change: PARTS.index(change.part))


def changed_values(changes: list[Change]) -> set[str]:
    """Names of readings and parameters that are new, gone or another: an adoption's own value of them is not carried on."""
    return {c.name for c in changes if c.part in ("readings", "parameters")}


def _change(old: Piece | None, new: Piece | None) -> Change | None:
    if new is None:
        return Change("removed", old.part, old.clause, old.name, old, None) if old else None
    if old is None:
        return Change("added", new.part, new.clause, new.name, None, new)
    one = new
    if (old.meant, old.why) != (new.meant, new.why):
        return Change("changed", one.part, one.clause, one.name, old, new)
    if old.follows != new.follows:
        return Change("follows", one.part, one.clause, one.name, old, new)
    return None


def _key(piece: Piece) -> tuple[str, str, str]:
    return (piece.part, piece.clause if piece.part not in ("readings", "parameters", "process") else "", piece.name)


def _numbered(checked: Checked) -> Iterator[Piece]:
    """Two pieces of one name and clause (a rule under ``every_step``, say) are told apart by their order."""
    seen: dict[tuple[str, str, str], int] = {}
    for piece in _pieces(checked):
        key = _key(piece)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] == 1:
            yield piece
        else:
            yield replace(piece, name=f"{piece.name}#{seen[key]}")


def _pieces(checked: Checked) -> Iterator[Piece]:
    yield Piece("title", "", "title", checked.title, checked.title)
    if checked.in_force:
        yield Piece("title", "", "in_force", checked.in_force, Text(str(checked.in_force), str(checked.in_force)))
    for passage in checked.passages:
        yield Piece("texts", passage.clause, "text", passage, Text(passage.text))
    yield from _values(checked)
    if checked.applies:
        yield from _clause("scope", "", checked.applies, checked)
    if checked.ladder:
        yield from _ladder(checked.ladder, checked)
    if checked.scorecard:
        yield from _card(checked.scorecard, checked)
    for case in checked.cases:
        rule = case.when or case.top
        marks = (case.every, case.subject, case.restart, case.top is not None)
        said = sentence(rule, checked) if rule else _NONE
        yield Piece(
            "cases",
            case.clause,
            str(case.kind),
            (case.text, marks),
            said,
            follows=rule,
            title=_kind(case.kind, checked),
        )
    for pay in checked.pay:
        meant = (pay.text, show(pay.node), pay.needs, pay.on)
        yield Piece("pay", pay.clause, str(pay.key), meant, pay_sentence(pay, checked), follows=pay.amount)
    for key, asked in checked.inputs.items():
        bounds = " … ".join(plain_number(b) if b is not None else "" for b in (asked.lo, asked.hi))
        said = Text(
            f"{asked.names.zh} ({asked.unit}) {bounds}".strip(), f"{asked.names.en} ({asked.unit}) {bounds}".strip()
        )
        yield Piece("inputs", "", key, asked, said, title=asked.names)
    if checked.intake:
        yield Piece("intake", checked.intake.clause, "intake", checked.intake, intake_sentence(checked.intake))
    for line in checked.review:
        marks_of = plain_number(line.of)
        yield Piece(
            "review", line.clause, str(line.key), line, Text(f"{line.text} {marks_of}", f"{line.names.en} {marks_of}")
        )
    for lost in checked.lost:
        yield Piece("lost", lost.clause, "lost", lost, lost.note)


def _kind(kind: Key, checked: Checked) -> Text:
    names = checked.catalogue.case(str(kind))
    return Text(names.zh, names.en)


def _values(checked: Checked) -> Iterator[Piece]:
    for name, reading in checked.readings.items():
        said = sentence(reading.typed, checked)
        yield Piece("readings", reading.clause, name, show(reading.node), said, reading.why)
    for name, parameter in checked.parameters.items():
        said = sentence(parameter.typed, checked) if parameter.typed else _NONE
        yield Piece("parameters", parameter.clause, name, (parameter.unit, parameter.typed), said, parameter.why)


def _ladder(ladder: Ladder, checked: Checked) -> Iterator[Piece]:
    for at, tier in enumerate(ladder.tiers):
        yield Piece("tiers", "", str(tier.key), (at, tier.names), tier.names, title=tier.names)
    names = {tier.key: tier.names for tier in ladder.tiers}
    for step in ladder.steps:
        leads = f"{step.source}→{step.target}"
        source, target = names[step.source], names[step.target]
        title = Text(f"{source.zh} → {target.zh}", f"{source.en} → {target.en}")
        process = [STEPS[name] for name in step.process]
        said = Text(" → ".join(one.zh for one in process), " → ".join(one.en for one in process))
        yield Piece("steps", "", leads, step.process, said, title=title)
        for clause in step.clauses:
            yield from _clause("steps", leads, clause, checked, title)
    yield from _process(checked)
    for clause in ladder.demotions:
        yield from _clause("demotion", "", clause, checked)
    for check in ladder.checks:
        said = Text(f"{check.every}", f"{check.every}")
        yield Piece("checks", check.clause, str(check.case), check, said)


def _process(checked: Checked) -> Iterator[Piece]:
    """A step whose numbers are named has changed where the names have; else it follows its readings."""
    for step in checked.process.values():
        named = bool(step.readings or step.parameters)
        numbers = () if named else (step.days, step.panel, step.bar)
        sheet = tuple((line.key, line.text, line.names, line.clause, None if named else line.of) for line in step.sheet)
        meant = (step.clause, step.text, step.en, step.owner, step.asks, step.aggregate, step.readings, step.parameters)
        lines = long_lines(step)
        said = Text("；".join(line.zh for line in lines), "; ".join(line.en for line in lines))
        yield Piece(
            "process", step.clause, step.name, (meant, numbers, sheet), said, follows=step, title=STEPS[step.name]
        )


def _clause(part: str, where: str, clause: Clause, checked: Checked, title: Text = _NONE) -> Iterator[Piece]:
    yield Piece(part, clause.number, f"{where} text", (clause.text, clause.en, clause.attest), Text(clause.text))
    for rule in clause.rules:
        settled = (rule.observed, rule.op, rule.threshold)
        yield Piece(
            part, clause.number, f"{where} {rule.key}", show(rule.node), rule_sentence(rule, checked), follows=settled,
            title=title,
        )  # fmt: skip


def _card(card: Scorecard, checked: Checked) -> Iterator[Piece]:
    for item in card.items:
        of = plain_number(item.of)
        told = sentence(item.score, checked)
        said = Text(f"{item.names.zh} {of} 分：{told.zh}", f"{item.names.en} {of} points: {told.en}")
        yield Piece(
            "scorecard", item.clause, str(item.key), (item.text, item.names, item.gloss), said, follows=(item.of, item.score),
            title=item.names,
        )  # fmt: skip
    yield Piece("scorecard", card.clause, "total", (card.total, card.text, card.note, card.grades), _NONE)
    for name, lines in (("grade", card.grade), ("stars", card.stars)):
        if lines is not None:
            yield Piece("scorecard", card.clause, name, name, sentence(lines, checked), follows=lines)


def _clauses_by_name(*documents: Checked | None) -> dict[str, tuple[str, ...]]:
    """The numbers of the clauses that speak of a reading or a parameter."""
    found: dict[str, dict[str, None]] = {}
    for checked in documents:
        for number, names in _uses(checked) if checked else ():
            for name in names:
                found.setdefault(name, {})[number] = None
    return {name: tuple(numbers) for name, numbers in found.items()}


def _uses(checked: Checked) -> Iterator[tuple[str, tuple[str, ...]]]:
    ladder = checked.ladder
    clauses = [clause for step in ladder.steps for clause in step.clauses] + [*ladder.demotions] if ladder else []
    for clause in clauses + ([checked.applies] if checked.applies else []):
        for rule in clause.rules:
            yield clause.number, (*map(str, rule.readings), *map(str, rule.parameters))
    for pay in checked.pay:
        yield pay.clause, tuple(map(str, pay.readings))


def grouped(
    changes: list[Change], by: Callable[[Change], str] = lambda change: change.part
) -> list[tuple[str, list[Change]]]:
    """Changes under their parts, in their order."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(by(change), []).append(change)
    return list(found.items())
