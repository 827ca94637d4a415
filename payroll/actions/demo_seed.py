"""The demonstration's company is loaded like any other: files of records, an adoption, transitions, months sealed and swept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.utils.translation import gettext as _

from payroll.actions.demo_accounts import Login, open_accounts
from payroll.actions.demo_bands import open_bands
from payroll.actions.demo_months import work_months
from payroll.actions.demo_process.promotions import before_the_last_seal
from payroll.actions.demo_process.seed import play_story
from payroll.actions.demo_process.stage import Stage
from payroll.demo import tables
from payroll.demo.company import Company, demo_company
from payroll.demo.departments import AFTER_SALES, AFTER_SALES_SERVICE, COLLECTION, INFO_SERVICE, ONLINE_SERVICE, SIGNING
from payroll.demo.desks import after_sales, collection, online, signing
from policy.actions.policy_adopt import adopt
from promotion.ledger.actions.record_transition import record_transition
from staff.actions.records_load import load_records
from staff.kernel.access import Access, Refused
from staff.kernel.periods import Month
from staff.models import Department, Employee

#: The policy's own first day.
IN_FORCE = date(2017, 1, 1)
#: Months that are swept, the last one included.
SWEPT = 13
#: Months for which the other ladders are in force, the last one included.
NEW_LADDERS = 4
#: The ladder it is about.
LADDER = "info-service"


@dataclass(frozen=True, slots=True)
class Seeded:
    company: Company
    logins: list[Login]


def seed_demo(
    *, access: Access, now: datetime, tell: Callable[[str], object], keep: Callable[[list[Login]], object]
) -> Seeded | None:
    """All of it or nothing, in one transaction. None, and nothing changed, where there are people already.

    ``access.day`` is the day the company is made for. ``tell`` is given each step in words; ``keep`` the logins, before the
    transaction ends: what it raises undoes everything. Raises ``Refused``, ``Forbidden``.
    """
    with transaction.atomic():
        _wait_for_others()
        if Employee.objects.exists():
            return None
        company = demo_company(access.day)
        with TemporaryDirectory() as folder:
            _load(access, company, Path(folder), tell)
        _adopt(access, company.last, tell)
        _promote(access, company, tell)
        logins = open_accounts(access=access, now=now, since=rated_from(company.last).first_day)
        swept = company.last - (SWEPT - 1)
        stage = Stage(access, company.last, now)
        work_months(
            access=access, sealed=rated_from(company.last), swept=swept, last=company.last, now=now, tell=tell,
            before_the_last=partial(before_the_last_seal, stage),
        )  # fmt: skip
        tell(_("%(count)d acts of applications, rounds, notices, cases and corrections") % {"count": play_story(stage)})
        open_bands(access=access, now=now, ladder=LADDER)
        keep(logins)
    return Seeded(company, logins)


def rated_from(last: Month) -> Month:
    """Since when scorecards are in force: a whole year and its quarters lie before the last month."""
    return Month.of(date(last.year - 1, 1, 1))


def _wait_for_others() -> None:
    """Of two at once the second finds the people of the first."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE staff_employee IN SHARE ROW EXCLUSIVE MODE")


def _load(access: Access, company: Company, folder: Path, tell: Callable[[str], object]) -> None:
    """Two loads, as a company would: everybody and what has happened, then who moved and who leads."""
    for name, found in (("first", tables.first_load(company)), ("second", tables.second_load(company))):
        files = folder / name
        files.mkdir()
        tables.write(found, files)
        for report in load_records(access=access, paths=[files], reason=_("Demonstration")):
            if report.refused:
                raise Refused("\n".join(str(fault) for fault in report.faults))
            for table in report.tables:
                tell(
                    _("%(table)s: %(rows)d rows, %(added)d added, %(changed)d changed")
                    % {"table": table.table, "rows": table.rows, "added": table.added, "changed": table.changed}
                )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _adopt(access: Access, last: Month, tell: Callable[[str], object]) -> None:
    """info-service of old; scorecards with the year before the last month's; the other ladders of late."""
    year, late = rated_from(last).first_day, (last - (NEW_LADDERS - 1)).first_day
    for key, where, day, values in (
        (LADDER, INFO_SERVICE, IN_FORCE, None),
        (after_sales.LADDER, AFTER_SALES_SERVICE, late, None),
        (after_sales.ITEMISED, AFTER_SALES[0], year, None),
        (after_sales.BY_SCORE, AFTER_SALES[1], year, None),
        (collection.POLICY, COLLECTION, year, None),
        (signing.POLICY, SIGNING, year, signing.PARAMETERS),
        (signing.LADDER, SIGNING, late, None),
        (online.POLICY, ONLINE_SERVICE, year, None),
        (online.LADDER, ONLINE_SERVICE, late, online.PARAMETERS),
    ):
        department = Department.objects.get(name=where)
        adoption = adopt(access=access, key=key, department=department, starts_on=day, values=values)
        tell(
            _("%(policy)s is in force in %(department)s from %(day)s")
            % {"policy": adoption.version.title, "department": department.name, "day": day}
        )


def _promote(access: Access, company: Company, tell: Callable[[str], object]) -> None:
    """The ledger's lines after everybody's first, in the order in which they came."""
    people = dict(Employee.objects.values_list("employee_no", "pk"))
    steps = sorted(
        (step.day, person.no, person.ladder, step) for person in company.people for step in person.transitions
    )
    for _day, number, ladder, step in steps:
        record_transition(
            access=access,
            employee_id=people[number],
            kind=step.kind,
            ladder=ladder,
            to_tier=step.tier,
            effective_on=step.day,
            reason=step.reason,
        )
    tell(_("%(count)d promotions and demotions in the ledger") % {"count": len(steps)})
