"""The band on a person's page: its name to HR, the amounts to whoever may read what this person is paid."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from payroll.admin.sheet import place_names
from payroll.selectors.bands import band_held, pay_tables
from payroll.selectors.sheet import sheet_of
from promotion.web.tiers import views_of
from staff.admin.people import Panel, add_panel
from staff.kernel.access import Access, Thing
from staff.kernel.admin import may_in_admin
from staff.models import Employee


@add_panel
def band_panel(access: Access, person: Employee) -> Panel | None:
    held = band_held(person.pk, access.day) if may_in_admin(access, Thing.LEDGER) else None
    if held is None:
        return None
    ladder, tier = held
    context: dict[str, Any] = {"tier": views_of([ladder]).get((ladder, tier)), "key": tier}
    if may_in_admin(access, Thing.BAND) and may_in_admin(access, Thing.PAY):
        context |= _amounts(access, person, ladder)
    return Panel(_("Pay band"), "admin/payroll/_band.html", context)


def _amounts(access: Access, person: Employee, ladder: str) -> dict[str, Any]:
    """Empty where the person's pay is out of scope."""
    table = next((one for one in pay_tables(access, access.day) if one.ladder == ladder), None)
    line = sheet_of(access, table).line_of(person.pk) if table else None
    if table is None or line is None:
        return {}
    return {"line": line, "band": table.bands.get(line.tier), "place": place_names()[line.place_after]}
