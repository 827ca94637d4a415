"""Departments as a tree, in the order in which a list shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from staff.kernel.pinyin import sort_key
from staff.models import Department

#: 一组, 二组, 三组 stand in the order of their numbers.
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")


@dataclass(frozen=True, slots=True)
class Node:
    """A department and how deep it lies among those that are shown."""

    department: Department
    depth: int


def tree(departments: Iterable[Department]) -> list[Node]:
    """Depth first, each level by pinyin. A department whose parent is not among them stands at the root.

    One query: the departments themselves.
    """
    known = {department.pk: department for department in departments}
    children: dict[int | None, list[Department]] = {}
    for department in known.values():
        parent = department.parent_id if department.parent_id in known else None
        children.setdefault(parent, []).append(department)

    def walk(parent: int | None, depth: int) -> Iterator[Node]:
        for department in sorted(children.get(parent, []), key=lambda one: sort_key(one.name.translate(_NUMERALS))):
            yield Node(department, depth)
            yield from walk(department.pk, depth + 1)

    return list(walk(None, 0))


def below(departments: Iterable[Department], root_id: int) -> set[int]:
    """Ids of a department and all below it, among those given."""
    children: dict[int | None, list[int]] = {}
    for department in departments:
        children.setdefault(department.parent_id, []).append(department.pk)
    found, open_ = set(), [root_id]
    while open_:
        node = open_.pop()
        found.add(node)
        open_ += children.get(node, [])
    return found
