"""The catalogue that the tests of the language use: the facts of the main policy and a few of the others."""

from decimal import Decimal as D

from policy.catalogue import (
    CaseName,
    Catalogue,
    Column,
    EventKind,
    Field,
    Key,
    Metric,
    Names,
    PayFact,
    PersonFact,
    ProcessFact,
)

UPHELD = {
    "alleged": Names("待查", "alleged"),
    "upheld": Names("成立", "upheld"),
    "dismissed": Names("不成立", "dismissed"),
}
DEGREES = {
    "minor": Names("轻微", "minor"),
    "serious": Names("较严重", "serious"),
    "major": Names("重大", "major"),
}
INTERNAL = Field("subject", Names("对象", "subject", "个"), words={"internal": Names("内部", "internal")}, free=True)
RESULT = {"passed": Names("合格", "passed"), "failed": Names("不合格", "failed")}


def status(words: dict[str, Names], zh: str = "状态", en: str = "status") -> Field:
    return Field("status", Names(zh, en), "text", words)


def subject(zh: str, en: str, words: dict[str, Names] | None = None, tier: bool = False) -> Field:
    return Field("subject", Names(zh, en, "个"), "text", words or {}, tier)


def metric(
    key: str, zh: str, en: str, column: str, unit: str = "count", word: str = "", hi: int | None = None
) -> Metric:
    decimals = 0 if unit == "count" else 2
    return Metric(Key(key), Names(zh, en, word), unit, Column(column), None, None if hi is None else D(hi), decimals)


METRICS = (
    metric("excellent_cases", "优秀发布案例", "excellent cases", "s1", word="篇"),
    metric("keywords_online", "在线核心词数", "core keywords online", "s2", word="个"),
    metric("satisfaction_rate", "客户满意度", "satisfaction", "s3", "%", hi=100),
    metric("avg_handling_minutes", "平均处理分钟", "mean handling time", "s4", "minute"),
    metric("calls_answered", "接听量", "calls answered", "s5", word="个"),
    metric("calls_satisfied", "满意量", "satisfied calls", "s6", word="个"),
    metric("calls_unrated", "未评价量", "unrated calls", "s7", word="个"),
    metric("assessment_score", "考核得分", "assessment score", "s8", "point", hi=100),
    metric("collection_rate", "收费率", "collection rate", "s9", "%"),
    metric("leader_rating", "领导评价", "leader's rating", "s10", "number", hi=4),
    metric("sales", "销售额", "sales", "s11", "yuan"),
    metric("avg_response_minutes", "平均响应分钟", "mean response time", "s12", "minute"),
    metric("resolution_rate", "问题解决率", "resolution rate", "s13", "%", hi=100),
    metric("complaint_resolution_rate", "投诉解决率", "complaint resolution rate", "s14", "%", hi=100),
    metric("individual_commission", "个人绩效提成", "individual commission", "s15", "yuan"),
    metric("public_commission", "公共绩效提成", "public commission", "s16", "yuan"),
)
KINDS = (
    EventKind(Key("complaint"), Names("投诉", "complaints", "件"), (status(UPHELD), INTERNAL), True),
    EventKind(
        Key("violation"),
        Names("违纪", "violations", "次"),
        (status(UPHELD), subject("程度", "degree", DEGREES)),
        True,
    ),
    EventKind(
        Key("major_misconduct"), Names("重大行为失误", "cases of major misconduct", "次"), (status(UPHELD),), True
    ),
    EventKind(
        Key("exam"),
        Names("考试", "exams", "次"),
        (
            status(RESULT, "结果", "result"),
            subject("级别", "tier", tier=True),
            Field("quantity", Names("分数", "score"), "point"),
        ),
    ),
    EventKind(Key("certificate"), Names("证书", "certificates", "张"), (subject("级别", "tier", tier=True),)),
    EventKind(
        Key("keyword_online"),
        Names("关键词上线", "keywords online", "次"),
        (subject("客户", "customers"), Field("quantity", Names("百度页数", "Baidu page"), "number")),
    ),
)


def person(key: str, zh: str, en: str, type_: str = "date", since_zh: str = "", since_en: str = "") -> PersonFact:
    return PersonFact(Key(key), Names(zh, en, since_zh=since_zh, since_en=since_en), type_, Column(key))


PERSONS = (
    person("hired_on", "入职日期", "hiring", since_zh="入职以来"),
    person("regularised_on", "转正日期", "regularisation"),
    person("post_since", "上岗日期", "the first day at the post"),
    person("tier_since", "级别起始日", "the present tier", since_zh="本级别期间", since_en="in the present tier"),
    person("demoted_on", "上次降级日期", "the last demotion"),
    person("position", "岗位", "position", "text"),
)
PROCESSES = (
    ProcessFact(Key("competition_won"), Names("竞聘胜出", "won the competition"), "yes_no"),
    ProcessFact(Key("review_total"), Names("评审总分", "review total"), "point"),
)
PAYS = (
    PayFact(Key("base"), Names("固定工资", "fixed pay"), Column("base")),
    PayFact(Key("post_wage"), Names("岗位工资", "post wage"), Column("post_wage")),
    PayFact(Key("performance"), Names("绩效工资", "performance pay"), Column("performance")),
)
#: Those of the library, and those of the documents of tests.
CASES = (
    CaseName(Key("bonus"), Names("奖金", "bonus")),
    *(
        CaseName(Key(key), Names(key, key))
        for key in (
            "praise", "certificate", "team_fund", "training", "warning_or_dismissal", "dismissal", "resignation_clause",
            "improvement_plan", "reorganisation", "annual_excellent", "raise_priority", "demotion", "level_check",
            "a", "best", "early", "longest", "prize", "quarterly", "richest", "since", "team", "yearly",
        )
    ),
)  # fmt: skip
CATALOGUE = Catalogue.of((*METRICS, *KINDS, *PERSONS, *PROCESSES, *PAYS, *CASES))
