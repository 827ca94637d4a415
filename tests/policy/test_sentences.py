"""Sentences in both languages, as the reference has them."""

# ruff: noqa: E501 - a table of sentences is read by its lines
from __future__ import annotations

from decimal import Decimal as D

import pytest

from policy.compiler import explain, pay_sentence, rule_sentence, sentence
from policy.compiler.outcome import Finding, Verdict, plain
from policy.compiler.say import rounded
from policy.compiler.trace import gap_of
from policy.language.checked import Clause
from policy.language.nodes import plain_number
from staff.kernel.periods import Month
from tests.policy.test_documents import VALUES, bind, compile_sweep, document, rules
from tests.policy.test_info_service import POLICY
from tests.policy.world import World, day, probe

TABLE = {
    ("四.1.1", "regularised"): ("转正日期不晚于评定日", "regularisation on or before the day of evaluation"),
    ("四.1.1", "tenure"): ("自上岗日期（无则入职日期）起满 3 个月", "3 months completed since the first day at the post (else hiring)"),
    ("四.1.2", "violations"): ("入职以来无成立的违纪", "no upheld violations since hiring"),
    ("四.1.2", "misconduct"): ("入职以来无成立的重大行为失误", "no upheld cases of major misconduct since hiring"),
    ("四.1.6", "exam"): ("近 12 个月、本级别期间考试（级别为目标级别，且结果为合格） ≥ 1 次",
                       "exams (tier is the target tier and result is passed) in 12 months and in the present tier ≥ 1"),
    ("四.2.1", "tenure"): ("自上岗日期（无则入职日期）起满 1 年", "1 year completed since the first day at the post (else hiring)"),
    ("四.2.7", "cases"): ("近 6 个月优秀发布案例合计 ≥ 4 篇", "total excellent cases in 6 months ≥ 4"),
    ("四.2.8", "customers"): ("近 6 个月关键词上线（百度页数 ≤ 3）的不同客户 ≥ 5 个",
                            "different customers of keywords online (Baidu page ≤ 3) in 6 months ≥ 5"),
    ("四.2.9", "complaints"): ("近 12 个月成立的投诉 ≤ 1 件", "upheld complaints in 12 months ≤ 1"),
    ("四.2.9", "misconduct"): ("近 12 个月无成立的重大行为失误", "no upheld cases of major misconduct in 12 months"),
    ("四.3.1", "tenure"): ("自上岗日期（无则入职日期）起满 2 年", "2 years completed since the first day at the post (else hiring)"),
    ("四.3.9", "cases"): ("近 12 个月每月优秀发布案例 ≥ 1 篇", "excellent cases ≥ 1 in each of 12 months"),
    ("八.1", "dry"): ("自上次降级日期（无则入职日期）起连续 3 个月在线核心词数 = 0 个",
                     "core keywords online = 0 for 3 months running, since the last demotion (else hiring)"),
    ("八.2", "complaints"): ("近 12 个月、自上次降级日期（无则入职日期）起成立的投诉 > 2 件",
                            "upheld complaints in 12 months and since the last demotion (else hiring) > 2"),
    ("八.3", "misconduct"): ("当月、自上次降级日期（无则入职日期）起成立的重大行为失误（按认定日期） ≥ 1 次",
                            "upheld cases of major misconduct (by the day of the finding) in the month and since the last demotion "
                            "(else hiring) ≥ 1"),
}  # fmt: skip


def test_every_rule_of_the_main_policy_says_itself() -> None:
    assert POLICY.ladder is not None
    clauses = [c for step in POLICY.ladder.steps for c in step.clauses] + list(POLICY.ladder.demotions)
    said = {(c.number, str(r.key)): rule_sentence(r, POLICY) for c in clauses for r in c.rules}
    assert {key: (said[key].zh, said[key].en) for key in TABLE} == TABLE
    assert said["四.3.11", "exam"] == said["四.1.6", "exam"]


def test_level_pay_says_itself() -> None:
    said = pay_sentence(POLICY.pay[0], POLICY)
    assert said.zh == "级别为星级客服：1000 元；级别为钻级客服：1200 元；级别为皇冠级客服：1300 元；其余：无"
    assert (
        said.en == "1000 yuan if tier is Star; 1200 yuan if tier is Diamond; 1300 yuan if tier is Crown; none otherwise"
    )


RULES = [
    ("mean(satisfaction_rate, 6 months) >= 90%", "近 6 个月客户满意度平均 ≥ 90%", "mean satisfaction in 6 months ≥ 90%"),
    ("mean(avg_handling_minutes, 6 months) <= 5", "近 6 个月平均处理分钟的平均 ≤ 5 分钟", "mean handling time in 6 months ≤ 5 minutes"),
    ("lowest(sales, 3 months) > 1000 yuan", "近 3 个月销售额最低 > 1000 元", "lowest sales in 3 months > 1000 yuan"),
    ("highest(sales, 3 months) < 1 yuan", "近 3 个月销售额最高 < 1 元", "highest sales in 3 months < 1 yuan"),
    ("months(keywords_online = 0, 6 months) != 2", "近 6 个月中在线核心词数 = 0 个的月数 ≠ 2 个月",
     "months with core keywords online = 0 in 6 months ≠ 2 months"),
    ("streak(keywords_online = 0) >= 1 quarter", "连续 1 个季度在线核心词数 = 0 个", "core keywords online = 0 for 1 quarter running"),
    ("each(excellent_cases >= 1 and keywords_online >= 1 or sales > 5, 3 months)",
     "近 3 个月每月（优秀发布案例 ≥ 1 篇，且在线核心词数 ≥ 1 个），或销售额 > 5 元",
     "(excellent cases ≥ 1 and core keywords online ≥ 1) or sales > 5 yuan in each of 3 months"),
    ("each(not keywords_online = 0, 3 months, since post_since)", "近 3 个月、上岗日期以来每月非（在线核心词数 = 0 个）",
     "not (core keywords online = 0) in each of 3 months, since the first day at the post"),
    ("count(violation where subject in (serious, major), 6 months) < 1", "近 6 个月无成立的违纪（程度为较严重、重大之一）",
     "no upheld violations (degree is one of serious, major) in 6 months"),
    ("count(complaint where status != dismissed, 1 month) <= 2", "当月投诉（状态不为不成立） ≤ 2 件",
     "complaints (status is not dismissed) in the month ≤ 2"),
    ("count(complaint where subject = internal, 1 month) = 0", "当月无成立的投诉（对象为内部）",
     "no upheld complaints (subject is internal) in the month"),
    ("count(complaint where subject = acme, 1 month) = 0", "当月无成立的投诉（对象为acme）",
     "no upheld complaints (subject is acme) in the month"),
    ("mean(min(first(total, assessment_score), 100 points), 3 months) >= 80", "近 3 个月总分（无则考核得分，至多 100 分）平均 ≥ 80 分",
     "mean total (else assessment score, at most 100 points) in 3 months ≥ 80 points"),
    ("sum(max(sales, 5 yuan), 3 months) > 0", "近 3 个月销售额（至少 5 元）合计 > 0 元",
     "total sales (at least 5 yuan) in 3 months > 0 yuan"),
    ("sum(min(calls_satisfied, calls_unrated), 3 months) > 0", "近 3 个月取小(满意量,未评价量)合计 > 0",
     "total min(satisfied calls, unrated calls) in 3 months > 0"),
    ("absent_days(12 months) <= 60", "近 12 个月缺勤天数 ≤ 60 天", "days of absence in 12 months ≤ 60 days"),
    ("completed(hired_on) < 6 months", "自入职日期起的整月数 < 6 个月", "completed months since hiring < 6 months"),
    ("hired_on > 2020-01-31", "入职日期晚于2020-01-31", "hiring after 2020-01-31"),
    ("competition_won", "竞聘胜出", "won the competition"),
    ("competition_won = no", "非竞聘胜出", "not: won the competition"),
    ("review_total >= 80", "评审总分 ≥ 80 分", "review total ≥ 80 points"),
    ("count(complaint, 6 months) + count(violation, 6 months) <= 2",
     "近 6 个月成立的投诉 + 近 6 个月成立的违纪 ≤ 2", "upheld complaints in 6 months + upheld violations in 6 months ≤ 2"),
    ("sum((calls_satisfied + calls_unrated) * 2 - calls_answered / 80%, 3 months) >= -5",
     "近 3 个月(满意量 + 未评价量) × 2 - 接听量 ÷ 80%合计 ≥ -5",
     "total (satisfied calls + unrated calls) × 2 - calls answered ÷ 80% in 3 months ≥ -5"),
    ("sum(first(total, assessment_score), 3 months) >= 80", "近 3 个月总分（无则考核得分）合计 ≥ 80 分",
     "total total (else assessment score) in 3 months ≥ 80 points"),
    ("sum(round(max(0, -sales + 5), 1), 3 months) > 0", "近 3 个月四舍五入((-销售额 + 5 元，至少 0 元), 1)合计 > 0 元",
     "total round((-sales + 5 yuan, at least 0 yuan), 1) in 3 months > 0 yuan"),
    ("sum(floor(sales if sales > 5 else 1 yuan), 3 months) > 0", "近 3 个月取整(销售额 > 5 元：销售额；其余：1 元)合计 > 0 元",
     "total floor(sales if sales > 5 yuan; 1 yuan otherwise) in 3 months > 0 yuan"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "zh", "en"), RULES, ids=[str(n) for n in range(len(RULES))])
def test_rules_of_every_kind_say_themselves(text: str, zh: str, en: str) -> None:
    policy = probe({"a": text})
    said = rule_sentence(rules(policy)["a"], policy)
    assert (said.zh, said.en) == (zh, en)


def test_a_filter_on_a_tier_uses_the_documents_names() -> None:
    policy = document("tiered")
    said = rule_sentence(rules(policy)["certificate"], policy)
    assert said.zh == "入职以来证书（级别为二级客服、三级客服之一） ≥ 1 张"
    assert said.en == "certificates (tier is one of Level 2, Level 3) since hiring ≥ 1"


def test_a_scorecard_says_itself() -> None:
    policy = document("scorecard")
    assert policy.scorecard is not None
    said = {str(item.key): sentence(item.score, policy) for item in policy.scorecard.items}
    assert said["satisfaction"].zh == "((满意量 + 未评价量) ÷ 接听量 ÷ 80%，至多 1) × 20"
    assert said["speed"].en == "(10 hours - 5 × floor(hours over the limit), at least 0 hours)"
    assert said["overtime"].zh == "加班：5；其余：0"
    assert policy.scorecard.grade is not None
    assert sentence(policy.scorecard.grade, policy).zh == "总分 ≥ 3.5 分：excellent；总分 ≥ 2.5 分：good；其余：fail"
    assert sentence(policy.cases[0].when, policy).en == "rank = 1 for 3 months running"  # type: ignore[arg-type]
    assert [sentence(c.amount, policy).zh for c in policy.pay] == [
        "固定工资 × 15% × 总分 ÷ 100", "星数 = 2：-50% × 绩效工资；星数 = 1：-100% × 绩效工资；其余：无", "当月触发个案“奖金”：200 元；其余：无",
    ]  # fmt: skip


def test_what_was_seen_says_itself_for_every_kind_of_rule(world: World) -> None:
    policy = bind(document("parametric"), VALUES)
    world.person(tier="p1", hired_on="2024-11-15")
    world.month("2026-10", s3=80)
    world.event("complaint", "2026-10-01", subject="internal", status="upheld")
    statement = compile_sweep(policy)
    found = explain(statement, world.rows(statement, "2026-10")[1], Month.parse("2026-10"))
    said = {c.rule: (c.standing.zh, c.standing.en) for c in found.conditions}
    assert said["tenure"] == ("已有 23 个月，还差 1 个月", "23 months so far, 1 month to go")
    assert said["internal"] == ("已有 1 件，超出 1 件", "1 so far, 1 too many")
    months = "2026-05, 2026-06, 2026-07, 2026-08, 2026-09"
    assert said["satisfaction"] == (
        f"已有 80%，等待 {months.replace(', ', '、')} 的数据",
        f"80% so far, waiting for {months}",
    )
    assert said["handling"][1] == f"no data yet, waiting for {months}, 2026-10"
    tenure = next(c for c in found.conditions if c.rule == "tenure")
    assert [(r.name, r.value.zh) for r in tenure.readings] == [("tenure_years", "2 年")]


def test_dates_yes_no_and_each_say_what_was_seen(world: World) -> None:
    policy = probe(
        {"a": "regularised_on <= as_of", "b": "competition_won", "c": "each(excellent_cases >= 1, 2 months)"}
    )
    statement = compile_sweep(policy)
    world.person(tier="low", regularised_on="2026-12-01")
    world.person(2, tier="low")
    world.months("2026-10", 1, s1=2)
    rows = world.rows(statement, "2026-10")
    first, second = (explain(statement, rows[id_], Month.parse("2026-10")).conditions for id_ in (1, 2))
    assert [c.standing.zh for c in first] == [
        "2026-12-01",
        "流程尚未产生结果",
        "2 个月中 1 个月符合，等待 2026-09 的数据",
    ]
    assert second[0].standing.en == "no date yet"
    assert (first[0].observed, first[0].threshold) == (day("2026-12-01"), day("2026-10-31"))


@pytest.mark.parametrize(
    ("op", "seen", "fixed", "unit", "gap"),
    [(">=", 3, 4, "count", 1), (">", 4, 4, "count", 1), (">", 4, 4, "%", None), ("<=", 3, 1, "count", 2), ("<", 4, 4, "day", 1),
     ("=", 2, 0, "count", 2), ("<", 5, 4, "%", 1)],
)  # fmt: skip
def test_the_gap_is_how_far_a_number_is_from_its_threshold(
    op: str, seen: int, fixed: int, unit: str, gap: int | None
) -> None:
    clause = Clause("一", "条款")
    unmet = Finding(clause, "a", D(seen), op, D(fixed), unit, Verdict.UNMET)
    assert gap_of(unmet) == gap
    assert gap_of(Finding(clause, "a", D(seen), op, D(fixed), unit, Verdict.MET)) is None


@pytest.mark.parametrize(
    ("seen", "bound", "shown"),
    [("73.3167", "80", "73.32"), ("79.9967", "80", "79.99"), ("5.0012", "5", "5.01"), ("80", "80", "80"), ("0.0033", "0", "0.01"),
     ("4.5", None, "4.5"), ("4.5678", None, "4.57"), ("79.996", "80.001", "80")],
)  # fmt: skip
def test_a_shown_number_stays_on_its_side_of_the_bound(seen: str, bound: str | None, shown: str) -> None:
    assert plain_number(rounded(D(seen), bound and D(bound))) == shown


def test_numbers_are_plain_on_the_wire() -> None:
    assert [plain(v) for v in (D("4.00"), D("88.50"), D("0.1"), None, True, day("2026-01-31"))] == [
        4, 88.5, 0.1, None, True, "2026-01-31",
    ]  # fmt: skip
    assert isinstance(plain(D("4.00")), int)
