"""Departments as a tree, in the order in which a list shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from staff.models import Department


@dataclass(frozen=True, slots=True)
class Node:
    """A department and how deep it lies among those that are shown."""

    department: Department
    depth: int


def tree(departments: Iterable[Department]) -> list[Node]:
    """Depth first, each level by name. A department whose parent is not among them stands at the root.

    One query: the departments themselves.
    """
    known = {department.pk: department for department in departments}
    children: dict[int | None, list[Department]] = {}
    for department in known.values():
        parent = department.parent_id if department.parent_id in known else None
        children.setdefault(parent, []).append(department)

    def walk(parent: int | None, depth: int) -> Iterator[Node]:
        for department in sorted(children.get(parent, []), key=lambda one: one.name):
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
