"""A department is founded, renamed, moved in the tree, or given a head."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from staff.actions.person_change import reject_strangers
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.refusals import told
from staff.models import Department, Employee
from staff.selectors.departments import policy_in_department


@transaction.atomic
def save_department(
    *,
    access: Access,
    name: str,
    parent: Department | None,
    head: Employee | None = None,
    department: Department | None = None,
) -> Department:
    """``department``: the one to change; None founds one. Moving it takes its people under other policies.

    Nobody makes themselves a head. Raises ``Refused`` (a name that stands twice under one parent, a ring, no name, a place
    where two policies would govern the same people), ``Forbidden`` (outside one's scope; moving asks for the old place and
    the new one, and the root is the whole company's).
    """
    verb = Verb.UPDATE if department else Verb.CREATE
    access.require(Thing.PERSON, verb)
    if department:
        reject_strangers(access, department, verb)
    if department is None or department.parent_id != (parent and parent.pk):
        for end in {parent, department.parent} if department else {parent}:
            _require_end(access, end, verb)
    if head and head.pk == access.employee_id and (department is None or department.head_id != head.pk):
        raise Forbidden(_("Nobody acts on their own record. Ask a colleague with the same role to do it."))
    if not name.strip():
        raise Refused(_("A department needs a name."), code="name")
    row = department or Department()
    before = _facts(row) if department else None
    row.name, row.parent, row.head = name.strip(), parent, head
    if before == _facts(row):
        return row
    with told(
        {
            "department_name_once": _("A department of that name stands there already."),
            "department_tree_has_no_cycle": _("A department cannot lie below itself."),
            "department_not_its_own_parent": _("A department cannot lie below itself."),
            "tree_keeps_adoptions_apart": lambda met: (
                _(
                    "Two policies would govern the same people there: %(above)s and %(below)s. End one of the adoptions first."
                )
                % {"above": policy_in_department(met["above"]), "below": policy_in_department(met["below"])}
            ),
        }
    ):
        row.save()
    audit.record(
        access, "department_saved", object_type="department", object_key=row.pk, before=before, after=_facts(row)
    )
    return row


def _require_end(access: Access, end: Department | None, verb: Verb) -> None:
    """Where a department comes from and goes to lies in one's reach; the root is the whole company's."""
    if end is not None:
        reject_strangers(access, end, verb)
    elif not access.scope(Thing.PERSON, verb).company:
        raise Forbidden(_("A department at the root takes HR of the whole company."))


def _facts(row: Department) -> dict[str, str | None]:
    return {
        "name": row.name,
        "parent": row.parent.name if row.parent else None,
        "head": row.head.employee_no if row.head else None,
    }
