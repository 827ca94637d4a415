"""What the room of corrections tells the product: what waits for a second person."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models.corrections import Correction, CorrectionState
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.todos import Todo, register_todos
from staff.models import Employee


def declare() -> None:
    register_todos("corrections", _todos)


def _todos(access: Access) -> Iterable[Todo]:
    """One query. Of those in scope, what another has asked for and is not about the reader."""
    if not access.may(Thing.MONTH, Verb.DECIDE):
        return
    people = Employee.objects.visible_to(access, Verb.DECIDE, Thing.MONTH)
    rows = Correction.objects.filter(state=CorrectionState.REQUESTED, employee__in=people.values("pk"))
    rows = rows.exclude(requested_by__in=access.accounts)
    if access.employee_id is not None:
        rows = rows.exclude(employee=access.employee_id)
    for row in rows.select_related("employee").order_by("pk")[:100]:
        text = _("Correct %(month)s of %(name)s: look at what follows, approve or decline") % {
            "month": row.month, "name": row.employee.name,
        }  # fmt: skip
        yield Todo(
            f"correction:{row.pk}", text, reverse("admin:correction", args=[row.pk]),
            since=timezone.localdate(row.requested_at),
        )  # fmt: skip
