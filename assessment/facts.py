"""The facts of a month, as the catalogue's rows have them at this moment."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import override

from assessment.models import CaseKind
from assessment.models import EventKind as EventKindRow
from assessment.models import Metric as MetricRow
from policy.catalogue import CaseName, Column, EventKind, Fact, Field, Key, Metric, Names

_DEGREES = {
    "minor": Names("轻微", "minor"),
    "serious": Names("较严重", "serious"),
    "major": Names("重大", "major"),
}
_STATUSES = {
    "alleged": Names("待核实", "alleged"),
    "upheld": Names("成立", "upheld"),
    "dismissed": Names("不成立", "dismissed"),
    "passed": Names("合格", "passed"),
    "failed": Names("不合格", "failed"),
    "withdrawn": Names("撤销", "withdrawn"),
}
#: Kinds whose subject is one of a few words.
_WORDS = {"violation": _DEGREES}
#: Kinds whose subject may be anything, but for words that documents ask for.
_KNOWN = {"complaint": {"internal": Names("内部", "internal")}}
#: Kinds whose subject is a tier's key.
_FOR_A_TIER = {"exam", "certificate"}


def facts() -> Iterator[Fact]:
    """Every metric under the column of its slot, every kind of event with what its columns mean."""
    for row in MetricRow.objects.all():
        yield Metric(
            key=Key(row.key),
            names=Names(row.zh, row.en, word_zh=row.word_zh),
            unit=row.unit,  # type: ignore[arg-type]
            column=Column(f"s{row.slot}"),
            lo=row.lowest,
            hi=row.highest,
            decimals=row.decimals,
        )
    yield from map(kind_of, EventKindRow.objects.all())
    yield from _cases()


def _cases() -> Iterator[CaseName]:
    for kind in CaseKind:
        with override("zh-hans"):
            zh = str(kind.label)
        with override("en"):
            yield CaseName(Key(kind.value), Names(zh, str(kind.label)))


def kind_of(row: EventKindRow) -> EventKind:
    """A kind of event with what its columns mean."""
    return EventKind(
        key=Key(row.key),
        names=Names(row.zh, row.en_plural, word_zh=row.word_zh),
        fields=tuple(_fields(row)),
        upheld_by_default=row.upheld_by_default,
    )


def _fields(kind: EventKindRow) -> Iterator[Field]:
    names = Names("结果", "result") if "passed" in kind.statuses else Names("状态", "status")
    yield Field("status", names, words={s: _STATUSES[s] for s in kind.statuses if s})
    if kind.subject_zh:
        yield Field(
            "subject",
            Names(kind.subject_zh, kind.subject_en, word_zh="个"),
            words=_WORDS.get(kind.key) or _KNOWN.get(kind.key, {}),
            free=kind.key in _KNOWN,
            tier=kind.key in _FOR_A_TIER,
        )
    if kind.quantity_zh:
        yield Field("quantity", Names(kind.quantity_zh, kind.quantity_en), type="number")
