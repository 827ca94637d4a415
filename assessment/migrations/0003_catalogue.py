"""The catalogue as it begins: the metrics, items and kinds of event that records are exchanged under."""

from decimal import Decimal

from django.db import migrations

#: key, Chinese, English, unit, counting word, lowest, highest, decimals
VALUES = [
    ("excellent_cases", "优秀发布案例", "excellent cases", "count", "篇", 0, None, 0),
    ("keywords_online", "在线核心词数", "core keywords online", "count", "个", 0, None, 0),
    ("collection_rate", "收费率", "collection rate", "%", "", 0, None, 2),
    ("satisfaction_rate", "客户满意度", "customer satisfaction", "%", "", 0, 100, 2),
    ("avg_response_minutes", "平均响应分钟", "mean response time", "minute", "", 0, None, 2),
    ("resolution_rate", "问题解决率", "resolution rate", "%", "", 0, 100, 2),
    ("complaint_resolution_rate", "投诉解决率", "complaint resolution rate", "%", "", 0, 100, 2),
    ("avg_handling_minutes", "平均处理分钟", "mean handling time", "minute", "", 0, None, 2),
    ("sales", "销售额", "sales", "yuan", "", 0, None, 2),
    ("individual_commission", "个人绩效提成", "individual commission", "yuan", "", 0, None, 2),
    ("public_commission", "公共绩效提成", "public commission", "yuan", "", 0, None, 2),
    ("calls_answered", "接听量", "calls answered", "count", "个", 0, None, 0),
    ("calls_satisfied", "满意量", "satisfied calls", "count", "个", 0, None, 0),
    ("calls_unrated", "未评价量", "unrated calls", "count", "个", 0, None, 0),
    ("assessment_score", "考核得分", "assessment score", "point", "", 0, 100, 2),
]
#: Bounds that differ from policy to policy are the policy's; here only what holds for all.
ITEMS = [
    ("sales_result", "销售业绩", "sales result", "point", "", 0, None, 2),
    ("tasks", "任务完成", "tasks", "number", "", 0, None, 2),
    ("ability", "工作能力", "ability", "point", "", 0, None, 2),
    ("attitude", "工作态度", "attitude", "point", "", 0, None, 2),
    ("peer_review", "成员互评", "peer review", "point", "", 1, 4, 2),
    ("leader_rating", "领导评价", "leader's rating", "point", "", 1, 4, 2),
    ("leader_tasks", "交办事项", "tasks from leaders", "yes_no", "", 0, 1, 0),
    ("service_attitude", "服务态度", "service attitude", "yes_no", "", 0, 1, 0),
    ("discipline", "遵守制度", "discipline", "yes_no", "", 0, 1, 0),
    ("proactive", "积极主动", "proactive", "yes_no", "", 0, 1, 0),
    ("satisfaction", "满意度", "satisfaction", "%", "", 0, 100, 2),
    ("speed", "处理速度", "hours over the limit", "hour", "", 0, None, 2),
    ("accuracy", "准确性", "errors", "count", "次", 0, None, 0),
    ("norms", "服务规范", "breaches of norms", "count", "次", 0, None, 0),
    ("knowledge", "业务知识", "knowledge test", "point", "", 0, 100, 2),
    ("overtime", "加班", "overtime", "yes_no", "", 0, 1, 0),
    ("attendance", "出勤", "attendance", "number", "", 0, None, 0),
    ("initiative", "积极性", "initiative", "yes_no", "", 0, 1, 0),
    ("peers", "同事评价", "peers' opinion", "yes_no", "", 0, 1, 0),
    ("collaboration", "协同解决问题", "collaboration", "yes_no", "", 0, 1, 0),
    ("sharing", "分享经验", "sharing of experience", "yes_no", "", 0, 1, 0),
    ("daily", "日常表现", "daily work", "point", "", 0, None, 2),
]
FINDING = ["", "alleged", "upheld", "dismissed", "withdrawn"]
RESULT = ["", "passed", "failed", "withdrawn"]
PLAIN = ["", "withdrawn"]
#: key, Chinese, English, English plural, counting word, only upheld count, statuses, subject zh/en, quantity zh/en
KINDS = [
    ("complaint", "投诉", "complaint", "complaints", "件", True, FINDING, "对象", "subject", "", ""),
    ("violation", "违纪", "violation", "violations", "次", True, FINDING, "程度", "degree", "", ""),
    (
        "major_misconduct",
        "重大行为失误",
        "case of major misconduct",
        "cases of major misconduct",
        "次",
        True,
        FINDING,
        "对象",
        "subject",
        "",
        "",
    ),
    ("exam", "考试", "exam", "exams", "次", False, RESULT, "级别", "tier", "分数", "score"),
    ("certificate", "证书", "certificate", "certificates", "个", False, PLAIN, "级别", "tier", "", ""),
    (
        "keyword_online",
        "关键词上线",
        "keyword online",
        "keywords online",
        "个",
        False,
        PLAIN,
        "客户",
        "customer",
        "百度页数",
        "Baidu page",
    ),
    ("praise", "表扬", "praise", "praises", "次", False, PLAIN, "对象", "subject", "", ""),
    ("training", "培训", "training", "trainings", "次", False, RESULT, "课程", "course", "", ""),
    ("inspection", "检查", "inspection", "inspections", "次", False, PLAIN, "项目", "item", "", ""),
]


def fill(apps, schema_editor):
    Metric = apps.get_model("assessment", "Metric")
    EventKind = apps.get_model("assessment", "EventKind")
    rows = [("value", *row) for row in VALUES] + [("item", *row) for row in ITEMS]
    Metric.objects.bulk_create(
        Metric(
            kind=kind,
            key=key,
            zh=zh,
            en=en,
            unit=unit,
            word_zh=word,
            slot=slot,
            decimals=decimals,
            lowest=None if lowest is None else Decimal(lowest),
            highest=None if highest is None else Decimal(highest),
        )
        for slot, (kind, key, zh, en, unit, word, lowest, highest, decimals) in enumerate(rows, start=1)
    )
    EventKind.objects.bulk_create(
        EventKind(
            key=key,
            zh=zh,
            en=en,
            en_plural=plural,
            word_zh=word,
            upheld_by_default=upheld,
            statuses=statuses,
            subject_zh=subject_zh,
            subject_en=subject_en,
            quantity_zh=quantity_zh,
            quantity_en=quantity_en,
        )
        for key, zh, en, plural, word, upheld, statuses, subject_zh, subject_en, quantity_zh, quantity_en in KINDS
    )


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_rules")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
