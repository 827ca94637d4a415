"""What the records suggest of art. 42, for HR's eyes. A hint answers nothing: HR answers each item, with evidence."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from promotion.cases.models import ProtectedBy
from staff.kernel.access import Access, Thing
from staff.models import Absence, Employee

_OF_KIND = {
    "sick": ProtectedBy.TREATMENT, "medical": ProtectedBy.TREATMENT, "maternity": ProtectedBy.MATERNITY,
    "nursing": ProtectedBy.MATERNITY, "injury": ProtectedBy.INJURY,
}  # fmt: skip
#: Years of service, and years before the earliest age of retirement, from which the item may apply.
_SERVICE, _BEFORE, _EARLIEST = 15, 5, 50


def hints(access: Access, person: Employee, day: date) -> dict[str, str]:
    """Item → what the records say. Empty for whoever does not read sensitive facts of the person."""
    if not Employee.objects.visible_to(access.others(), thing=Thing.SENSITIVE).filter(pk=person.pk).exists():
        return {}
    found: dict[str, str] = {}
    for absence in Absence.objects.filter(employee=person, last_day__gte=day.replace(year=day.year - 1)):
        item = _OF_KIND.get(absence.kind)
        if item is None:
            continue
        found[item] = _("%(kind)s, %(first)s to %(last)s") % {
            "kind": absence.get_kind_display(), "first": absence.first_day, "last": absence.last_day,
        }  # fmt: skip
    service = _years(person.hired_on, day)
    age = _years(person.birth_date, day) if person.birth_date else None
    if service >= _SERVICE and (age is None or age >= _EARLIEST - _BEFORE):
        found[ProtectedBy.LONG_SERVICE] = _("%(years)s years of service; look at the age of retirement.") % {
            "years": service
        }
    return found


def _years(since: date, day: date) -> int:
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
