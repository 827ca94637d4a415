"""Names of people and of customers, drawn without repeats."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文"
)
_FIRST = "子思雨文嘉晓佳俊欣梓明雅志宇诗一家心建国海丽秀春美玉金立永德成长云飞天"
_SECOND = "涵怡轩琪睿萱浩妍豪婷辰然杰敏磊倩强静伟娜军艳勇洁涛玲鹏丹超霞波燕辉莉斌芳"

_HOUSES = (
    "瑞丰 华阳 恒泰 明德 青禾 金石 远航 宏图 百川 顺达 天工 汇通 东篱 卓越 联创 星源 "
    "博雅 诚信 万里 鼎盛 新锐 中原 海纳 立信 众合 朗润 嘉禾 永固 三江 四方"
)
_TRADES = "电缆 泵业 阀门 包装 建材 轴承 仪表 家具 纺织 食品 化工 塑胶 模具 机械 物流 环保 照明 电气 陶瓷 农机"


def people(chance: Random, taken: set[str]) -> Iterator[str]:
    """Names that nobody bears yet, without end."""
    while True:
        name = chance.choice(_SURNAMES) + chance.choice(_FIRST)
        if chance.random() < 0.55:
            name += chance.choice(_SECOND)
        if name not in taken:
            taken.add(name)
            yield name


def customers(chance: Random, count: int) -> list[str]:
    """That many different customers."""
    pairs = [house + trade for house in _HOUSES.split() for trade in _TRADES.split()]
    return chance.sample(pairs, count)
