"""A policy's scorecard as its results are shown: items, full marks, names of grades, what a reader of totals should know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from policy.language import Checked, Faults
from policy.language.checked import NO_TEXT, Item, Text
from policy.models import Adoption, PolicyVersion
from policy.selectors import checked, values_digest


@dataclass(frozen=True, slots=True)
class Column:
    """An item 考核项 of the table. ``of`` is its full marks."""

    key: str
    names: Text
    of: Decimal


@dataclass(frozen=True)
class Card:
    """What every version of a policy that assessed somebody in a period has together; ``versions`` are their documents.

    ``full_marks`` is None where the total is no sum, or where versions differ. ``names``: what a month's result rests on.
    """

    policy: str
    title: Text
    versions: tuple[tuple[PolicyVersion, Checked | None], ...]
    columns: tuple[Column, ...]
    grades: tuple[tuple[str, Text], ...]
    names: Mapping[str, Text]
    note: Text
    full_marks: Decimal | None
    has_total: bool
    has_grade: bool
    has_stars: bool

    @property
    def most(self) -> Decimal:
        """The highest total there can be; 0 where there is none to tell."""
        if self.full_marks is not None:
            return self.full_marks
        return max((one.of for one in self.columns), default=Decimal(0))


def cards_of(applied: Iterable[tuple[int, str]]) -> dict[str, Card]:
    """By policy, from (version's id, digest of values). One query, whatever the number."""
    wanted = set(applied)
    adoptions = Adoption.objects.filter(version__in={version for version, _ in wanted}).select_related("version")
    found: dict[tuple[int, str], tuple[PolicyVersion, Checked | None]] = {}
    for adoption in adoptions.order_by("pk") if wanted else ():
        key = adoption.version_id, values_digest(adoption.values)
        if key in wanted and key not in found:
            found[key] = adoption.version, _read(adoption)
    by_policy: dict[str, list[tuple[PolicyVersion, Checked | None]]] = {}
    for key in sorted(found):
        by_policy.setdefault(found[key][0].key, []).append(found[key])
    return {policy: _card(policy, versions) for policy, versions in by_policy.items()}


def _read(adoption: Adoption) -> Checked | None:
    """None: the document does not fit the catalogue any more."""
    try:
        return checked(adoption.version, adoption.values)
    except Faults:
        return None


def _card(policy: str, versions: list[tuple[PolicyVersion, Checked | None]]) -> Card:
    documents = [document for _version, document in versions if document is not None]
    cards = [document.scorecard for document in documents if document.scorecard is not None]
    items: dict[str, Item] = {str(item.key): item for card in cards for item in card.items}
    marks = {card.full_marks for card in cards}
    return Card(
        policy=policy,
        title=documents[-1].title if documents else Text(versions[-1][0].title_zh, versions[-1][0].title_en),
        versions=tuple(versions),
        columns=tuple(Column(key, item.names, item.of) for key, item in items.items()),
        grades=tuple({str(key): names for card in cards for key, names in card.grades}.items()),
        names=_names(documents),
        note=next((card.note for card in reversed(cards) if card.note.zh), NO_TEXT),
        full_marks=marks.pop() if len(marks) == 1 else None,
        has_total=any(card.items for card in cards),
        has_grade=any(card.grade is not None for card in cards),
        has_stars=any(card.stars is not None for card in cards),
    )


def _names(documents: list[Checked]) -> dict[str, Text]:
    """The catalogue's metrics by key, a document's own words for its inputs before them."""
    found: dict[str, Text] = {}
    for document in documents:
        found |= {key: Text(one.names.zh, one.names.en) for key, one in document.catalogue.metrics.items()}
    for document in documents:
        found |= {str(key): one.names for key, one in document.inputs.items()}
    return found
