"""The tree of departments, who leads each, and how many ordinary people it has."""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """A department. ``head`` leads it and is the superior of those directly in it; ``crowd`` more people are drawn."""

    name: str
    parent: str
    head: str
    crowd: int = 0
    work: str = ""


#: Parents before children. The heads are cast in ``leaders``.
UNITS = (
    Unit("总部", "", "沈岳"),
    Unit("总经办", "总部", "梁驰", 4, "行政专员"),
    Unit("人力资源部", "总部", "杜若", 4, "人事专员"),
    Unit("财务部", "总部", "葛清", 5, "会计"),
    Unit("运营部", "总部", "梁驰", 6, "运营专员"),
    Unit("客服中心", "总部", "季川"),
    Unit("信息客服部", "客服中心", "程砚"),
    Unit("信息客服一组", "信息客服部", "周岚", 17, "信息客服"),
    Unit("信息客服二组", "信息客服部", "贺宁", 17, "信息客服"),
    Unit("信息客服三组", "信息客服部", "罗蔓", 17, "信息客服"),
    Unit("信息客服四组", "信息客服部", "谭越", 16, "信息客服"),
    Unit("信息客服五组", "信息客服部", "阮晴", 16, "信息客服"),
    Unit("信息客服六组", "信息客服部", "裴朗", 16, "信息客服"),
    Unit("售后客服部", "客服中心", "庄蕾"),
    Unit("售后客服一组", "售后客服部", "向东", 8, "售后客服"),
    Unit("售后客服二组", "售后客服部", "倪佳", 7, "售后客服"),
    Unit("客户关系部", "客服中心", "凌波", 9, "物业客服"),
    Unit("签约客服部", "客服中心", "柳青", 6, "签约客服"),
    Unit("在线客服部", "客服中心", "钟意"),
    Unit("在线客服一组", "在线客服部", "唐果", 5, "在线客服"),
    Unit("在线客服二组", "在线客服部", "骆冰", 5, "在线客服"),
    Unit("在线客服三组", "在线客服部", "冯越", 4, "在线客服"),
)
#: Where info-service is in force, with all below.
INFO_SERVICE = "信息客服部"
TEAMS = tuple(unit.name for unit in UNITS if unit.parent == INFO_SERVICE)
AFTER_SALES_SERVICE, ONLINE_SERVICE = "售后客服部", "在线客服部"
AFTER_SALES = tuple(unit.name for unit in UNITS if unit.parent == AFTER_SALES_SERVICE)
ONLINE = tuple(unit.name for unit in UNITS if unit.parent == ONLINE_SERVICE)
COLLECTION, SIGNING = "客户关系部", "签约客服部"

#: Name, employee number, department, position, superior. Superiors before their people. Who leads people that a scorecard
#: rates has a place above them, but for the leads of 在线客服部, whom it rates too.
LEADERS = (
    ("沈岳", "G0001", "总部", "总经理", None),
    ("梁驰", "G0002", "运营部", "运营总监", "沈岳"),
    ("杜若", "G0003", "人力资源部", "人事经理", "沈岳"),
    ("葛清", "G0004", "财务部", "财务经理", "沈岳"),
    ("邵敏", "G0005", "财务部", "薪酬专员", "葛清"),
    ("季川", "G0006", "客服中心", "客服总监", "沈岳"),
    ("程砚", "G0007", "信息客服部", "部门经理", "季川"),
    ("庄蕾", "G0008", "售后客服部", "部门经理", "季川"),
    ("凌波", "G0009", "客服中心", "部门经理", "季川"),
    ("柳青", "G0010", "客服中心", "部门经理", "季川"),
    ("钟意", "G0011", "客服中心", "部门经理", "季川"),
    ("周岚", "K0101", "信息客服一组", "主管", "程砚"),
    ("贺宁", "K0102", "信息客服二组", "主管", "程砚"),
    ("罗蔓", "K0103", "信息客服三组", "主管", "程砚"),
    ("谭越", "K0104", "信息客服四组", "主管", "程砚"),
    ("阮晴", "K0105", "信息客服五组", "主管", "程砚"),
    ("裴朗", "K0106", "信息客服六组", "主管", "程砚"),
    ("向东", "S0101", "售后客服部", "主管", "庄蕾"),
    ("倪佳", "S0102", "售后客服部", "主管", "庄蕾"),
    ("唐果", "O0101", "在线客服部", "主管", "钟意"),
    ("骆冰", "O0102", "在线客服部", "主管", "钟意"),
    ("冯越", "O0103", "在线客服部", "主管", "钟意"),
)
#: 六组 was 罗蔓's until half a year ago: supervisors change too.
FORMER_LEAD = ("信息客服六组", "罗蔓", 6)

_NUMBERS = {name: no for name, no, *_ in LEADERS}


def number_of(leader: str) -> str:
    return _NUMBERS[leader]


def head_of(department: str) -> str:
    """The employee number of whoever leads a department."""
    return next(number_of(unit.head) for unit in UNITS if unit.name == department)
