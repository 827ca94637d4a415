"""Broken documents: every fault, at its line and column, all at once."""

# ruff: noqa: E501 - a table of faults is read by its lines
from __future__ import annotations

from pathlib import Path

import pytest

from policy.language import Faults, check, load_document
from tests.policy.facts import CATALOGUE
from tests.policy.world import ladder

LIBRARY = Path(__file__).parents[2] / "policy" / "library"
GOOD = (LIBRARY / "info-service.yaml").read_text(encoding="utf-8")


def faults(text: str, language: str = "en") -> list[str]:
    return [fault.text(language) for fault in check(text, CATALOGUE)]  # type: ignore[arg-type]


def broken(old: str, new: str, text: str = GOOD) -> tuple[str, int, int]:
    """The document with one thing changed, and where the change stands."""
    assert text.count(old) >= 1, old
    at = text.index(old)
    line = text.count("\n", 0, at) + 1
    return text[:at] + new + text[at + len(old) :], line, at - text.rfind("\n", 0, at)


def test_the_library_has_no_fault() -> None:
    assert check(GOOD, CATALOGUE) == []


GRADES = (LIBRARY / "grade-and-wage.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("new", "behind", "says"),
    [
        ("intake: {from: 5, to: 31,", 22, "`to` is a day of the next month, a whole number from 1 to 28"),
        ("intake: {from: 12, to: 10,", 23, "to is before from"),
        ("intake: {from: sometime, to: 10,", 15, "`from` must be a plain number or a reading"),
        ("intake: {to: 10,", 8, "`from` is missing"),
    ],
)
def test_days_of_the_intake_are_days_that_every_month_has(new: str, behind: int, says: str) -> None:
    text, line, column = broken("intake: {from: 5, to: 10,", new, GRADES)
    (fault,) = check(text, CATALOGUE)
    assert (fault.line, fault.column) == (line, column + behind)
    assert says in fault.text("en")


def test_days_of_the_intake_may_be_readings_and_belong_to_a_scorecard() -> None:
    text, _line, _column = broken("intake: {from: 5,", "intake: {from: first_rank,", GRADES)
    intake = load_document(text, CATALOGUE).intake
    assert intake is not None
    assert (intake.first, intake.last, intake.clause) == (1, 10, "第6条")
    assert faults(GOOD + "\nintake: {from: 5, to: 10, clause: 第1条}\n") == [
        f"{GOOD.count(chr(10)) + 2}:9: intake goes with a scorecard, and the policy has none"
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("A if total >= a_from", "A" * 42 + " if total >= a_from", "a grade has at most 41 characters"),
        ("      of: sales_points\n", "      of: 99999999999\n", "the items have at most 9999999999.99 points together"),
        ("  grade:\n", "  stars: 32768\n  grade:\n", "stars are from 0 to 32767"),
        ("  - case: bonus\n", "".join(f"  - {{case: bonus, clause: {at:060}, when: total >= 5}}\n" for at in range(10))
         + "  - case: bonus\n", "the clauses of the case `bonus` have at most 600 characters together"),
    ],
)  # fmt: skip
def test_what_a_result_or_a_case_cannot_hold_is_a_fault_at_its_place(old: str, new: str, says: str) -> None:
    text, line, _column = broken(old, new, GRADES)
    found = [fault for fault in check(text, CATALOGUE) if says in fault.text("en")]
    assert len(found) == 1
    assert abs(found[0].line - line) <= 11


# What is replaced by what, how far behind the change the fault stands, and what it says.
BROKEN = [
    ("to: star", "to: sttar", 4, "`sttar` is no tier of this ladder (regular, star, diamond, crown)"),
    ("sum(excellent_cases", "sum(excelent_cases", 4, "`excelent_cases` is not known; did you mean `excellent_cases`?"),
    (">= 3 months", ">= 90%", -23, "cannot compare month with % (write 90%, not 90)"),
    ("each(excellent_cases >= 1,", "each(excellent_cases,", 0,
     "each(…) takes a condition such as each(excellent_cases = 0, …)"),
    ("6 months) >= 4", "6 months) > > 4", 12, "cannot read `>` here; expected (, a date, a name, a number, minus, none"),
    ("complaint_period) <= 1", "complaint_perod) <= 1", 0, "`complaint_perod` is not known; did you mean `complaint_period`?"),
    ("count(complaint, complaint", "count(complant, complaint", 6,
     "`complant` is no kind of event; did you mean `complaint`?"),
    ("keyword_online.subject", "keyword_online.note", 0, "keyword_online has no field `note` (subject, quantity)"),
    ("sum(excellent_cases, 6 months) >= 4", "total(excellent_cases, 6 months) >= 4", 0, "there is no function `total`"),
    ("sum(excellent_cases, 6 months) >= 4", "summ(excellent_cases, 6 months) >= 4", 0,
     "there is no function `summ`; did you mean `sum`?"),
    ("status = passed", "status = pased", 9, "`pased` is no value of status (passed, failed)"),
    ("subject = target", "subject = sta", 10, "`sta` is no tier of this ladder"),
    ("count(complaint, complaint_period) <= 1", "count(complaint) <= 1", 0,
     "events need a window, as in count(complaint, 12 months)"),
    ("sum(excellent_cases, 6 months) >= 4", "excellent_cases >= 4", 0,
     "`excellent_cases` is a monthly value and needs a window, such as sum(excellent_cases, 6 months)"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases, 61 months) >= 4", 21,
     "a window is 1 to 60 whole months, such as 6 months"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases, 6 days) >= 4", 21, "a window is 1 to 60 whole months"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases, 1.5 months) >= 4", 21, "a window is 1 to 60 whole months"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases) >= 4", 0,
     "sum(…) is written like sum(excellent_cases, 6 months)"),
    ("sum(excellent_cases, 6 months) >= 4", "sum() >= 4", 0, "sum(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(3, 6 months) >= 4", 0, "sum(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases = 1, 6 months) >= 4", 0, "sum(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "4 <= sum(excellent_cases, 6 months)", 0,
     "the right side of a rule must be a fixed value"),
    ("sum(excellent_cases, 6 months) >= 4", "1 <= 4", 0, "the left side of a rule must be something observed"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases, 6 months) + 1 >= 4", 0,
     "an aggregate of monthly values stands by itself in a rule"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(excellent_cases, 6 months)", 0, "a condition is expected here"),
    ("sum(excellent_cases, 6 months) >= 4", "position = 前台", 0, "a rule of a ladder cannot compare texts"),
    ("sum(excellent_cases, 6 months) >= 4", "hired_on <= as_of and hired_on <= as_of", 0, "a rule is one comparison"),
    ("sum(excellent_cases, 6 months) >= 4", "each(keywords_online >= 0, 3 months)", 5,
     "within the bounds of the catalogue the condition is always true"),
    ("sum(excellent_cases, 6 months) >= 4", "months(satisfaction_rate > 100%, 3 months) >= 1", 7,
     "within the bounds of the catalogue the condition is never true"),
    ("sum(excellent_cases, 6 months) >= 4", "mean(satisfaction_rate, 6 months) >= 90", 0,
     "cannot compare % with number (write 90%, not 90)"),
    ("sum(excellent_cases, 6 months) >= 4", "hired_on <= 4", 0, "cannot compare date with number"),
    ("sum(excellent_cases, 6 months) >= 4", "competition_won >= yes", 0, "texts and yes/no know = and != only"),
    ("sum(excellent_cases, 6 months) >= 4", "base >= 4 yuan", 0, "`base` may not be used here"),
    ("sum(excellent_cases, 6 months) >= 4", "raised(bonus)", 0, "raised(…) stands in cases and in pay alone"),
    ("sum(excellent_cases, 6 months) >= 4", "first(hired_on) <= as_of", 0, "first(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "max(hired_on, post_since) <= as_of", 0, "max(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "floor(completed(hired_on), 2) >= 4 months", 0, "floor(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "completed(position) >= 1 month", 0, "completed(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "absent_days(since hired_on) <= 5 days", 0, "absent_days(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "absent_days(1 month) * completed(hired_on) <= 5", 0,
     "cannot multiply day by month"),
    ("sum(excellent_cases, 6 months) >= 4", "3 / completed(hired_on) <= 5", 0, "cannot divide number by month"),
    ("sum(excellent_cases, 6 months) >= 4", "completed(hired_on) + absent_days(1 month) <= 5", 0,
     "cannot combine month with day"),
    ("sum(excellent_cases, 6 months) >= 4", "-position <= 5", 1, "a number is expected here"),
    ("sum(excellent_cases, 6 months) >= 4", "(hired_on <= as_of) >= 5", 0, "`hired_on <= as_of` cannot be compared"),
    ("sum(excellent_cases, 6 months) >= 4", "param.x >= 5", 0, "`param.x` is not known"),
    ("sum(excellent_cases, 6 months) >= 4", "complaint.subject >= 5", 0, "`complaint.subject` stands only inside distinct(…)"),
    ("sum(excellent_cases, 6 months) >= 4", "target = star", 0, "a rule of a ladder cannot compare texts"),
    ("sum(excellent_cases, 6 months) >= 4", "since hired_on", 6, "cannot read `hired_on` here"),
    ("sum(excellent_cases, 6 months) >= 4", "sum(since hired_on, 3 months) >= 1", 0, "sum(…) is written like"),
    ("sum(excellent_cases, 6 months) >= 4", "max(since hired_on, 3) >= 1", 4, "where, by and since stand only inside a function"),
    ("sum(excellent_cases, 6 months) >= 4", "each(hired_on <= as_of, 3 months)", 5, "`hired_on` may not be used here"),
    ("count(violation, since clean_since)", "count(violation, since position)", 17, "`position` is no date of the person"),
    ("count(violation, since clean_since)", "count(violation, since as_of)", 17, "`as_of` is no date of the person"),
    ("count(violation, since clean_since)", "count(violation where note = x, since hired_on)", 22, "`note` is not known"),
    ("count(violation, since clean_since)", "count(violation where 5, since hired_on)", 22, "a condition is expected here"),
    ("streak(keywords_online = dry_month, since trigger_start) >= 3 months", "streak(keywords_online = 0) > 2 months", 0,
     "streak(…) is written streak(…) >= N months"),
    ("streak(keywords_online = dry_month, since trigger_start) >= 3 months", "streak(keywords_online = 0, 3 months) >= 3 months", 0,
     "streak(…) is written like"),
    ("by decided_on", "by day", -17, "cannot date events by `day`; use decided_on"),
    ("    - from: star\n      to: diamond", "    - from: star\n      to: crown", 4,
     "promotion is one tier at a time: `crown` is not next above `star`"),
    ("clause: 四.2.2", "clause: 四.2.1", 8, "clause 四.2.1 stands already at line"),
    ("process: [exam, review", "process: [exams, review", 10, "`exams` is no step; did you mean `exam`?"),
    ("attest: head", "attest: heads", 8, "`heads` cannot attest; use head, supervisor, panel"),
    ("          attest: head\n", "", -159, "a clause has either rules or attest"),
    ("key: diamond", "key: star", 5, "tier `star` stands twice"),
    ("in_force: 2017-01-01", "in_force: January", 10, "a date YYYY-MM-DD is expected"),
    ("in_force: 2017-01-01", "in_force: 2017-13-01", 10, "a date YYYY-MM-DD is expected"),
    ("policy: info-service", "policy: Info Service", 8, "`Info Service` is not a key"),
    ("  demotions:", "  demotion:", 2, "`demotion` may not stand here; did you mean `demotions`?"),
    ("approved_by: gm\n", "", None, "`approved_by` is missing"),
    ("value: 5 days", "value: sum(excellent_cases, 6 months)", 7, "a reading is a fixed value or facts of the person"),
    ("  public_notice:\n", "  complaint:\n", 2, "reading `complaint` has the name of a fact or a parameter"),
    ("level_pay_star if tier = star", "1000 points if tier = star", 0, "the lines differ in unit"),
    ("level_pay_star if tier = star", "level_pay_star if tier = sta", 25, "`sta` is no tier of this ladder"),
    ("none otherwise", "none if tier = regular", 0, "the last line must end in otherwise"),
    ("level_pay_star if tier = star", "level_pay_star / 0 if tier = star", 17, "cannot divide by zero"),
    ("title: {zh: 目的, en: Purpose}", "title: {zh: 目的}", 7, "`en` is missing"),
    ("title: {zh: 目的, en: Purpose}", "title: [a]", 7, "{zh: …, en: …} is expected"),
    ("title: {zh: 目的, en: Purpose}", "title: {zh: 目的, en: Purpose, fr: But}", 29, "`fr` may not stand here"),
    ("    amount:\n      - level", "    amount:\n      x:\n      - level", None, "an expression is expected"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "offset", "message"), BROKEN, ids=[str(n) for n in range(len(BROKEN))])
def test_each_fault_is_told_at_its_place(old: str, new: str, offset: int | None, message: str) -> None:
    text, line, column = broken(old, new)
    found = check(text, CATALOGUE)
    told = [fault for fault in found if message in fault.message_en]
    assert told, faults(text)
    if offset is not None and offset > -100 and "\n" not in old:
        assert (told[0].line, told[0].column) == (line, column + offset), told[0]
    assert all(fault.message_zh and fault.message_zh != fault.message_en for fault in found)


def test_all_faults_are_told_at_once_in_order_of_place() -> None:
    text = GOOD
    for old, new in [("to: star", "to: sttar"), ("sum(excellent_cases", "sum(excelent_cases"), (">= 5\n", "> > 5\n"),
                     ("status = passed", "status = pased"), ("- level_pay_diamond", "- level_pay_dimond")]:  # fmt: skip
        text = text.replace(old, new, 1)
    found = check(text, CATALOGUE)
    assert len(found) == 5
    assert found == sorted(found)
    with pytest.raises(Faults) as raised:
        load_document(text, CATALOGUE)
    assert raised.value.text("zh").count("\n") == 4
    assert "不是本晋升体系的级别" in raised.value.text("zh")


def test_two_faults_of_one_expression_are_both_told() -> None:
    found = faults(ladder({"a": "count(complant, 6 months) + count(violaton, 7 days) >= 1"}))
    assert len(found) == 3


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("parameters: {x: {unit: parsec, clause: 一}}", "there is no unit `parsec`"),
        ("parameters: {x: {unit: month, clause: 一, value: 5 days}}", "the value of `x` must be in month"),
        ("parameters: {x: {unit: month, clause: 一, value: hired_on}}", "the value of `x` must be in month"),
        ("inputs: {x: {unit: text, zh: 甲, en: A}}", "there is no unit `text`"),
        ("inputs: {x: {unit: count, zh: 甲, en: A, lo: 5, hi: 2}}", "hi is below lo"),
        ("inputs: {x: {unit: count, zh: 甲, en: A, lo: 5 days}}", "`lo` must be a plain number"),
        ("applies: {clause: 一, text: 甲, rule: excellent_cases = 1}", "`excellent_cases` is a monthly value"),
        ("applies: {clause: 一, text: 甲, rule: hired_on <= as_of and position = a}", "the scope is one comparison"),
        ("scorecard: {total: product}", "total is sum or mean"),
        ("scorecard: {items: {a: {of: 5, score: total, clause: 一, text: 甲}}}", "a score is a number made of inputs"),
        ("scorecard: {items: {a: {of: 5, score: yes, clause: 一, text: 甲}}}", "a score is a number made of inputs"),
        ("scorecard: {items: {a: {of: x, score: 1, clause: 一, text: 甲}}}", "`of` must be a plain number"),
        ("scorecard: {grade: total}", "a grade is written as lines"),
        ("scorecard: {stars: yes}", "stars are a number"),
        ("cases: [{case: a, clause: 一}]", "a case has either when or top"),
        ("cases: [{case: a, clause: 一, when: rank = 1, every: week}]", "`every` is one of month, quarter, year"),
        ("cases: [{case: a, clause: 一, when: rank = 1, for: dog}]", "`for` is one of person, team"),
        ("cases: [{case: bonnus, clause: 一, when: rank = 1}]", "there is no case `bonnus`; did you mean `bonus`?"),
        (f"texts: [{{clause: {'一' * 61}, title: {{zh: 甲, en: A}}, text: 甲}}]", "`clause` has at most 60 characters"),
        ("cases: [{case: demotion, clause: 一, when: rank = 1}]", "the case `demotion` is raised by a ladder"),
        ("cases: [{case: a, clause: 一, when: total}]", "a condition is expected here"),
        ("scorecard: {grade: [good if total >= 80, bad otherwise]}\ncases: [{case: a, clause: 一, when: grade = goood}]",
         "`goood` is not known; did you mean `good`?"),
        ("pay: {a: {clause: 一, text: 甲, amount: 5 days}}", "an amount is in yuan, not in day"),
        ("pay: {a: {clause: 一, text: 甲, amount: 5 yuan / 0}}", "cannot divide by zero"),
        ("pay: {a: {clause: 一, text: 甲, amount: 5 yuan / -0 yuan * 1 yuan}}", "cannot divide by zero"),
        ("pay: {a: {clause: 一, text: 甲, amount: base / none_at_all}}\n"
         "readings: {none_at_all: {value: 0, clause: 一, why: {zh: 甲, en: A}}}", "cannot divide by zero"),
        ("pay: {a: {clause: 一, text: 甲, amount: 5 yuan, needs: love}}", "needs is one of stars, total, cases"),
        ("pay: {a: {clause: 一, text: 甲, amount: 5 yuan, on: whim}}", "only promotion may stand here"),
        ("pay: {a: {clause: 一, text: 甲, amount: \"[5 yuan if raised(bonus), none otherwise]\"}}", "cannot read `[` here"),
        ("pay: {a: {clause: 一, text: 甲, amount: [5 yuan if raised(bonus), none otherwise]}}",
         "`bonus` is no case of a person's month"),
        ("pay: {a: {clause: 一, text: 甲, amount: [5 yuan if target = low, none otherwise]}}",
         "`target` stands only in the conditions of a promotion"),
        ("review: {items: {a: {of: many, text: 甲}}}", "`of` must be a plain number"),
        ("review: {items: 5}", "a mapping is expected here"),
        ("review: 5", "a mapping is expected here"),
        ("lost: 5", "`lost` must be a list"),
        ("lost: [{clause: [], zh: a, en: b}]", "`clause` must be text"),
        ("lost: [{clause: '', zh: a, en: b}]", "`clause` may not be empty"),
        ("readings: {Bad Key: {value: 1, clause: 一, why: {zh: 甲, en: A}}}", "`Bad Key` is not a key"),
        ("readings: {r: {value: yes, clause: 一, why: {zh: 甲, en: A}}}\nparameters: {r: {unit: month, clause: 一}}",
         "reading `r` has the name of a fact or a parameter"),
    ],
)  # fmt: skip
def test_faults_of_the_other_parts_are_told(head: str, message: str) -> None:
    found = faults(ladder(head=head))
    assert any(message in fault for fault in found), found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  promotions:", "  checks: [{case: level_check, clause: 一, text: 甲, every: 6 days, after: promotion}]\n  promotions:",
         "a number of months is expected, such as 6 months"),
        ("  promotions:", "  checks: [{case: bonus, clause: 一, text: 甲, every: 6 months, after: promotion}]\n  promotions:",
         "only level_check may stand here"),
        ("  promotions:", "  checks: [{case: level_check, clause: 一, text: 甲, every: 6 months, after: lunch}]\n  promotions:",
         "only promotion may stand here"),
        ("      to: high\n", "      to: high\n      process: review\n", "a list is expected"),
        ("      to: high\n", "      to: high\n      process: [[review]]\n", "every entry of the list must be text"),
        ("    - {key: high, zh: 高级, en: High}\n", "    - {key: high, zh: 高级, en: High}\n    - {key: top, zh: 顶, en: Top}\n",
         "no promotion leads to tier `top`"),
        ("title: {zh: 试,", f"title: {{zh: {'试' * 201},", "a title has at most 200 characters"),
        ("          rules:\n            a: 'hired_on <= as_of'\n", "          rules: {}\n", "`rules` may not be empty"),
        ("          text: 条款\n", "          text: 条款\n          attest: head\n", "a clause has either rules or attest"),
        ("  promotions:\n", "  demotions: [{clause: 八, text: 甲, attest: head}]\n  promotions:\n",
         "a demotion cannot rest on an attestation"),
        ("  promotions:\n", "  promotions:\n    - {from: low, to: high, require: []}\n", "the step to `high` stands twice"),
    ],
)  # fmt: skip
def test_faults_of_a_ladder_are_told(old: str, new: str, message: str) -> None:
    text = ladder({"a": "hired_on <= as_of"})
    assert old in text
    found = faults(text.replace(old, new))
    assert any(message in fault for fault in found), found


def test_a_tier_has_at_most_31_rules() -> None:
    rules = {f"r{n}": f"count(complaint, {n + 1} months) = 0" for n in range(32)}
    assert "a tier has at most 31 rules" in faults(ladder(rules))[0]
    del rules["r0"]
    assert faults(ladder(rules)) == []


DOCUMENTS = sorted((Path(__file__).with_name("broken")).glob("*.yaml"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.stem for path in DOCUMENTS])
def test_a_broken_document_tells_every_fault_at_its_line(path: Path) -> None:
    """The faults stand beside the document, one a line as ``policy check`` prints them."""
    try:
        found = check(path.read_text(encoding="utf-8"), CATALOGUE)
    except Faults as raised:
        found = list(raised.faults)
    told = "".join(f"{fault.text('en')}\n" for fault in found)
    assert told == path.with_suffix(".faults").read_text(encoding="utf-8")
    assert all(fault.message_zh not in ("", fault.message_en) for fault in found)


def test_there_are_thirty_broken_documents_and_none_has_no_fault() -> None:
    assert len(DOCUMENTS) >= 30
    assert all(path.with_suffix(".faults").stat().st_size for path in DOCUMENTS)
