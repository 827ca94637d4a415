"""Every name by which a department can be told from the others."""

from __future__ import annotations

from staff.models import Department

#: id → name, parent
Nodes = dict[int, tuple[str, int | None]]


def department_names() -> tuple[dict[str, int | None], dict[int, str]]:
    """(name or path → id, None where several are called so), (id → the shortest name that is its own).

    A path may begin anywhere above: ``客服部``, ``中心/客服部``, ``总部/中心/客服部``; ``/总部/…`` begins at the root.
    """
    nodes: Nodes = {
        pk: (name, parent) for pk, name, parent in Department.objects.values_list("pk", "name", "parent_id")
    }
    names: dict[str, int | None] = {}
    for pk in nodes:
        for tail in _tails(nodes, pk):
            names[tail] = None if tail in names else pk
        names[f"/{tail}"] = pk
    return names, {pk: _own_name(nodes, names, pk) for pk in nodes}


def _tails(nodes: Nodes, pk: int) -> list[str]:
    """``客服部``, ``中心/客服部`` … up to the root."""
    found, node = [nodes[pk][0]], nodes[pk][1]
    while node is not None:
        name, above = nodes[node]
        found.append(f"{name}/{found[-1]}")
        node = above
    return found


def _own_name(nodes: Nodes, names: dict[str, int | None], pk: int) -> str:
    tails = _tails(nodes, pk)
    return next((tail for tail in tails if names[tail] == pk), f"/{tails[-1]}")
