"""Tables of the language's own words: units, functions and their Chinese names."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

UNIT_WORDS: Final = {
    "%": "%", "\uff05": "%",
    "month": "month", "months": "month", "个月": "month", "月": "month",
    "year": "year", "years": "year", "年": "year",
    "quarter": "quarter", "quarters": "quarter", "季度": "quarter",
    "day": "day", "days": "day", "天": "day",
    "hour": "hour", "hours": "hour", "小时": "hour",
    "minute": "minute", "minutes": "minute", "分钟": "minute",
    "yuan": "yuan", "元": "yuan",
    "point": "point", "points": "point", "分": "point",
}  # fmt: skip
"""Every spelling of a unit → its English singular."""

BASE: Final[dict[str, tuple[str, Decimal]]] = {
    "year": ("month", Decimal(12)),
    "quarter": ("month", Decimal(3)),
}
"""Units that are another unit times a factor. Months and days do not convert."""

UNIT_ZH: Final = {
    "%": "%", "month": "个月", "year": "年", "quarter": "个季度", "day": "天", "hour": "小时", "minute": "分钟",
    "yuan": "元", "point": "分", "number": "", "count": "", "date": "", "text": "", "yes_no": "",
}  # fmt: skip

FUNCTIONS_ZH: Final = {
    "合计": "sum", "平均": "mean", "最低": "lowest", "最高": "highest", "月数": "months", "每月": "each", "连续": "streak",
    "次数": "count", "不同": "distinct", "缺勤天数": "absent_days", "满": "completed", "首个": "first",
    "取大": "max", "取小": "min", "取整": "floor", "四舍五入": "round", "曾发生": "raised",
}  # fmt: skip
FUNCTIONS: Final = frozenset(FUNCTIONS_ZH.values())
BUILTINS_ZH: Final = {"评定日": "as_of", "目标级别": "target", "级别": "tier", "总分": "total", "等级": "grade", "名次": "rank",
                      "星数": "stars", "是": "yes", "否": "no"}  # fmt: skip
MONTHLY: Final = frozenset({"sum", "mean", "lowest", "highest", "months", "each", "streak"})
CONDITIONAL: Final = frozenset({"months", "each", "streak"})

LEVEL_CHECK: Final = "level_check"
OF_LADDERS: Final = frozenset({"demotion", LEVEL_CHECK})
"""Cases that a ladder raises: by its demotions and its checks."""

MAX_EXPRESSION: Final = 600
MAX_DEPTH: Final = 60
MAX_TITLE: Final = 200
MAX_WINDOW: Final = 60
"""Months that a window may reach back: a mask of months is one bigint."""
