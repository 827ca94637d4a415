"""The departments under the other policies: what their people report, and whom to look at."""

from __future__ import annotations

from payroll.demo.departments import AFTER_SALES, COLLECTION, ONLINE, ONLINE_SERVICE, SIGNING
from payroll.demo.desks import after_sales, collection, online, signing
from payroll.demo.desks.figure import Report, Sight
from payroll.demo.shapes import Person
from staff.kernel.periods import Month

__all__ = ["LADDERS", "REPORTS", "Report", "Sight", "place", "sights"]

#: Department → what its people report of a month.
REPORTS: dict[str, Report] = {
    AFTER_SALES[0]: after_sales.itemised,
    AFTER_SALES[1]: after_sales.by_score,
    COLLECTION: collection.report,
    SIGNING: signing.report,
    **dict.fromkeys((ONLINE_SERVICE, *ONLINE), online.report),
}
#: Department → its ladder, and from how many months of service on the ordinary people of each tier are there.
LADDERS: dict[str, tuple[str, dict[str, int]]] = {
    **dict.fromkeys(
        AFTER_SALES,
        (after_sales.LADDER, {"junior": 0, "intermediate": 16, "senior": 38, "expert": 62}),
    ),
    **dict.fromkeys(ONLINE, (online.LADDER, {"p1": 0, "p2": 26, "p3": 50})),
    SIGNING: (signing.LADDER, {"level1": 0, "level2": 14, "level3": 40}),
}  # fmt: skip


def place(person: Person, last: Month) -> None:
    """Puts an ordinary person on the ladder of the department, if it has one."""
    if person.department in LADDERS:
        served = last.number - Month.of(person.hired_on).number
        person.ladder, tiers = LADDERS[person.department]
        person.tier = [tier for tier, least in tiers.items() if served >= least][-1]
    if person.department in ONLINE:
        online.examine(person, last)


def sights(last: Month) -> list[Sight]:
    """Everybody worth a look, department by department. Pure: the same month gives the same people."""
    return [
        *after_sales.sights(last), *collection.sights(last), *signing.sights(last), *online.sights(last),
    ]  # fmt: skip
