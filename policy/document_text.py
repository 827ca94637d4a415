"""A policy as plain text: the source's clauses beside their rules in words, readings marked."""

from __future__ import annotations

from collections.abc import Iterator

from policy.compiler.process import long_lines
from policy.compiler.say import intake_sentence, pay_sentence, rule_sentence, sentence
from policy.language import Checked
from policy.language.checked import Clause, Ladder, Text
from policy.language.faults import Language
from policy.language.nodes import plain_number

_WORDS = {
    "in_force": Text("施行", "in force from"),
    "from_adoption": Text("采用之日起（原文未载明）", "its adoption on (the source names no day)"),
    "tiers": Text("级别", "Tiers"),
    "source": Text("原文", "Source"),
    "process": Text("晋升流程", "Process of a promotion"),
    "demotion": Text("降级", "Demotion"),
    "pay": Text("工资", "Pay"),
    "readings": Text("口径", "Readings"),
    "parameters": Text("参数", "Parameters"),
    "unset": Text("未设定", "not set"),
    "lost": Text("原文缺失", "Lost from the source"),
    "attest": Text("由人评定", "judged by"),
    "scope": Text("适用", "Scope"),
    "scorecard": Text("考核表", "Scorecard"),
    "total": Text("总分", "total"),
    "sum": Text("各项之和，满分", "sum of the items, full marks"),
    "mean": Text("各项平均", "mean of the items"),
    "grade": Text("等级", "grade"),
    "stars": Text("星级", "stars"),
    "cases": Text("个案", "Cases"),
    "top": Text("最多者", "whoever has most"),
    "month": Text("每月", "every month"),
    "quarter": Text("每季度", "every quarter"),
    "year": Text("每年", "every year"),
    "team": Text("团队", "team"),
    "restart": Text("之后重新起算", "then starts anew"),
    "promotion_pay": Text("晋升时", "on promotion"),
    "checks": Text("晋升后的检查", "Checks after a promotion"),
    "every": Text("每隔月数", "every so many months"),
    "review": Text("评审表", "Sheet of the review"),
    "points": Text("分", "points"),
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
        yield from _ladder(checked, checked.ladder, language)
    yield from _results(checked, language)
    if checked.pay:
        yield from ("", f"# {word('pay')}")
    for component in checked.pay:
        on = f" [{word('promotion_pay')}]" if component.on else ""
        yield f"{component.clause}\t{component.text}"
        yield f"\t= {component.key}{on}: {_say(pay_sentence(component, checked), language)}"
    if checked.review:
        yield from ("", f"# {word('review')}")
    for line in checked.review:
        yield f"{line.clause}\t{line.text}\t{line.key}: {plain_number(line.of)} {word('points')}"
    yield from _open_points(checked, language)


def _ladder(checked: Checked, ladder: Ladder, language: Language) -> Iterator[str]:
    """Tiers, the steps between them, what leads down, and what is looked at after a promotion."""

    def word(key: str) -> str:
        return _say(_WORDS[key], language)

    names = {tier.key: _say(tier.names, language) for tier in ladder.tiers}
    yield from ("", f"# {word('tiers')}: {' → '.join(names.values())}")
    for step in ladder.steps:
        yield from ("", f"# {names[step.source]} → {names[step.target]}")
        for clause in step.clauses:
            yield from _clause(clause, checked, language)
    if checked.process:
        yield from ("", f"# {word('process')}")
    for one in checked.process.values():
        yield f"{one.clause}\t{one.text}"
        yield from (f"\t= {one.name}: {_say(line, language)}" for line in long_lines(one))
    if ladder.demotions:
        yield from ("", f"# {word('demotion')}")
    for clause in ladder.demotions:
        yield from _clause(clause, checked, language)
    if ladder.checks:
        yield from ("", f"# {word('checks')}")
    for check in ladder.checks:
        yield from (f"{check.clause}\t{check.text}", f"\t= {check.case}: {word('every')} {check.every}")


def _results(checked: Checked, language: Language) -> Iterator[str]:
    """The scorecard and the cases that its results raise."""

    def word(key: str) -> str:
        return _say(_WORDS[key], language)

    card = checked.scorecard
    if card:
        yield from ("", f"# {word('scorecard')}")
        for item in card.items:
            score = _say(sentence(item.score, checked), language)
            yield f"{item.clause}\t{item.text}"
            yield f"\t= {item.key} {_say(item.names, language)} ({plain_number(item.of)} {word('points')}): {score}"
        if card.items:
            full = f" {plain_number(card.full_marks)}" if card.full_marks is not None else ""
            yield f"\t= {word('total')}: {word(card.total)}{full}"
        if card.note.zh:
            yield f"\t{_say(card.note, language)}"
        if card.text:
            yield f"{card.clause}\t{card.text}"
        for name, lines in (("grade", card.grade), ("stars", card.stars)):
            if lines is not None:
                yield f"\t= {word(name)}: {_say(sentence(lines, checked), language)}"
    yield from _intake(checked, language)
    if checked.cases:
        yield from ("", f"# {word('cases')}")
    for case in checked.cases:
        marks = [word(case.every), *([word("team")] if case.subject == "team" else [])]
        marks += [word("top")] if case.top is not None else []
        marks += [word("restart")] if case.restart else []
        rule = case.when if case.when is not None else case.top
        yield f"{case.clause}\t{case.text}"
        if rule is not None:
            yield f"\t= {case.kind} [{', '.join(marks)}]: {_say(sentence(rule, checked), language)}"


def _intake(checked: Checked, language: Language) -> Iterator[str]:
    if checked.intake:
        yield f"{checked.intake.clause}\t= {_say(intake_sentence(checked.intake), language)}"


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
