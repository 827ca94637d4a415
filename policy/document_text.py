"""A policy as plain text: the source's clauses beside their rules in words, readings marked."""

from __future__ import annotations

from collections.abc import Iterator

from policy.compiler.say import pay_sentence, rule_sentence, sentence
from policy.language import Checked
from policy.language.checked import Clause, Text
from policy.language.faults import Language

_WORDS = {
    "in_force": Text("施行", "in force from"),
    "from_adoption": Text("采用之日起（原文未载明）", "its adoption on (the source names no day)"),
    "tiers": Text("级别", "Tiers"),
    "source": Text("原文", "Source"),
    "demotion": Text("降级", "Demotion"),
    "pay": Text("工资", "Pay"),
    "readings": Text("口径", "Readings"),
    "parameters": Text("参数", "Parameters"),
    "unset": Text("未设定", "not set"),
    "lost": Text("原文缺失", "Lost from the source"),
    "attest": Text("由人评定", "judged by"),
    "scope": Text("适用", "Scope"),
}
_JUDGES = {
    "head": Text("部门负责人", "the head of department"),
    "supervisor": Text("主管", "the supervisor"),
    "panel": Text("评审团", "the panel"),
}


def as_text(checked: Checked, language: Language) -> str:
    """The document whole, one clause after the other."""
    return "\n".join(_lines(checked, language))


def _say(text: Text, language: Language) -> str:
    return (text.en if language == "en" else text.zh) or text.zh


def _lines(checked: Checked, language: Language) -> Iterator[str]:
    def word(key: str) -> str:
        return _say(_WORDS[key], language)

    yield f"{_say(checked.title, language)} ({checked.key})"
    yield f"{word('in_force')} {checked.in_force or word('from_adoption')}"
    if checked.passages:
        yield from ("", f"# {word('source')}")
        yield from (f"{p.clause}\t{p.text}" for p in checked.passages)
    if checked.applies:
        yield from ("", f"# {word('scope')}", *_clause(checked.applies, checked, language))
    if checked.ladder:
        names = {tier.key: _say(tier.names, language) for tier in checked.ladder.tiers}
        yield from ("", f"# {word('tiers')}: {' → '.join(names.values())}")
        for step in checked.ladder.steps:
            yield from ("", f"# {names[step.source]} → {names[step.target]}")
            for clause in step.clauses:
                yield from _clause(clause, checked, language)
        if checked.ladder.demotions:
            yield from ("", f"# {word('demotion')}")
        for clause in checked.ladder.demotions:
            yield from _clause(clause, checked, language)
    if checked.pay:
        yield from ("", f"# {word('pay')}")
    for component in checked.pay:
        yield f"{component.clause}\t{component.text}"
        yield f"\t= {component.key}: {_say(pay_sentence(component, checked), language)}"
    yield from _open_points(checked, language)


def _clause(clause: Clause, checked: Checked, language: Language) -> Iterator[str]:
    yield f"{clause.number}\t{clause.text}"
    if clause.attest:
        yield f"\t[{_say(_WORDS['attest'], language)}] {_say(_JUDGES[clause.attest], language)}"
    for rule in clause.rules:
        yield f"\t= {rule.key}: {_say(rule_sentence(rule, checked), language)}"


def _open_points(checked: Checked, language: Language) -> Iterator[str]:
    """What the source leaves open, what the adoption must set, and what is lost."""
    if checked.readings:
        yield from ("", f"# {_say(_WORDS['readings'], language)}")
    for reading in checked.readings.values():
        value = _say(sentence(reading.typed, checked), language)
        yield f"{reading.clause}\t{reading.name} = {value}\t{_say(reading.why, language)}"
    if checked.parameters:
        yield from ("", f"# {_say(_WORDS['parameters'], language)}")
    for parameter in checked.parameters.values():
        value = _say(sentence(parameter.typed, checked) if parameter.typed else _WORDS["unset"], language)
        yield f"{parameter.clause}\t{parameter.name} = {value}\t{_say(parameter.why, language)}"
    if checked.lost:
        yield from ("", f"# {_say(_WORDS['lost'], language)}")
    yield from (f"{lost.clause}\t{_say(lost.note, language)}" for lost in checked.lost)
