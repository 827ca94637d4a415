"""Teams, months and an account for each role in a company made for measuring."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from psycopg2.extras import DateRange

from assessment.models import AssessmentMonth
from promotion.ledger.models import TierPeriod
from staff.kernel.periods import Month
from staff.models import Account, Employee, RoleGrant
from tests.benchmarks.company import Made

#: People of a team, its supervisor not counted.
TEAM = 30
ROLES = ("hr", "payroll", "gm", "auditor", "operator")

_TEAMS = f"""
INSERT INTO staff_supervisorperiod (employee_id, supervisor_id, period)
SELECT e.id, lead.id, daterange(greatest(e.hired_on, lead.hired_on), NULL)
FROM staff_employee e
JOIN staff_employee lead ON lead.id = %(low)s + 1 + (e.id - %(low)s - 1) / {TEAM + 1} * {TEAM + 1}
WHERE e.id > %(low)s AND e.id <= %(high)s AND e.id <> lead.id
"""
_PAY = """
INSERT INTO payroll_payrecord (employee_id, starts_on, base, post_wage, performance)
SELECT id, hired_on, 4000 + id %% 2500, 600, 800 FROM staff_employee WHERE id > %(low)s AND id <= %(high)s
"""


def furnish(made: Made, today: date) -> dict[str, Account]:
    """Role → account; ``employee`` and ``supervisor`` are of the first team, ``head`` heads the root; the employee has a tier
    above.

    The last month of the facts is open and may be entered for a month to come.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (_TEAMS, _PAY):
            cursor.execute(statement, {"low": made.low, "high": made.high})
        AssessmentMonth.objects.update_or_create(month=made.last, defaults={"intake_until": today + timedelta(days=31)})
    people = list(Employee.objects.filter(pk__gt=made.low).order_by("pk")[:TEAM])
    top = set(TierPeriod.objects.filter(employee__in=people, tier="crown").values_list("employee", flat=True))
    employee = next(person for person in people[1:] if person.pk not in top)
    accounts = {
        "supervisor": _account("supervisor", people[0]),
        "employee": _account("employee", employee),
        "head": _account("head", next(person for person in people[1:] if person != employee), "head", made),
        **{role: _account(role, None, role) for role in ROLES},
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return accounts


def _account(name: str, person: Employee | None, role: str = "", made: Made | None = None) -> Account:
    account = Account(username=name, employee=person, display_name=name)
    account.set_unusable_password()
    account.save()
    if role:
        RoleGrant.objects.create(
            account=account, role=role, department=made.root if made else None, period=DateRange(date(2020, 1, 1), None),
            by_operator_command=True, reason="benchmark",
        )  # fmt: skip
    return account


def session_of(account: Account) -> str:
    """The key of a session in which the account is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def month_before(today: date) -> Month:
    """The month that supervisors enter now."""
    return Month.of(today).previous
