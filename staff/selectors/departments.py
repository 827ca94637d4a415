"""Departments by the names that people use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from staff.kernel.access import Refused
from staff.kernel.words import in_english
from staff.models import Department


def department_named(name: str) -> Department:
    """The department called ``客服部``, or ``总部/客服部`` where names repeat. Raises ``Refused`` for none or several."""
    *ancestors, last = [part.strip() for part in name.split("/")]
    found = [d for d in Department.objects.filter(name=last).select_related("parent") if _lies_under(d, ancestors)]
    if not found:
        raise Refused(_("There is no department `%(name)s`.") % {"name": name}, code="unknown_department")
    if len(found) > 1:
        raise Refused(
            _("Several departments are called `%(name)s`; write the way to it, such as %(path)s.")
            % {"name": name, "path": department_path(found[0])},
            code="ambiguous_department",
        )
    return found[0]


def department_path(department: Department) -> str:
    """``总部/客服部``, from the root down."""
    names = [department.name]
    while department.parent is not None:
        department = department.parent
        names.append(department.name)
    return "/".join(reversed(names))


def policy_in_department(detail: Mapping[str, Any]) -> str:
    """An adoption as the triggers that keep two apart give it (``title_zh``, ``title_en``, ``department_id``, ``since``):
    the policy, where and since when, in the reader's language.
    """
    english = in_english()
    return _("%(policy)s (%(department)s, since %(day)s)") % {
        "policy": (english and detail["title_en"]) or detail["title_zh"],
        "department": department_path(Department.objects.get(pk=detail["department_id"])),
        "day": detail["since"],
    }


def _lies_under(department: Department, ancestors: list[str]) -> bool:
    """Whether the names above, from the nearest up, are these."""
    node = department.parent
    for name in reversed(ancestors):
        if node is None or node.name != name:
            return False
        node = node.parent
    return True
