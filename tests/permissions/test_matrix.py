"""Who may do what: every thing × role × verb, the refusals too, against the table as it was agreed."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from staff.kernel.access import MATRIX, Access, Forbidden, Thing, Verb
from staff.models import Role

DAY = date(2026, 11, 12)
ROLES = ["employee", "supervisor", "head", "hr", "payroll", "gm", "judge", "auditor", "operator"]
#: c create, r read, u update, d decide, x export; · none. Of an employee's own row: see the scopes.
TABLE = """
              employee supervisor head hr    payroll gm   judge auditor operator
person        r        r          r    crux  r       r    ·     rx      ·
sensitive     r        ·          ·    crux  ·       ·    ·     rx      ·
grant         r        ·          r    cr    ·       crd  ·     r       cr
account       u        ·          ·    cr    ·       ·    ·     r       cru
month         r        r          r    crud  r       r    ·     r       ·
value         r        cru        cru  crux  ·       r    ·     rx      ·
event         r        cr         cru  crudx ·       r    ·     rx      ·
doubt         cr       ru         ru   rd    ·       r    ·     r       ·
feedback      cru      cru        cru  rd    ·       r    ·     r       ·
case          r        r          rd   crux  ·       rd   ·     r       ·
proceeding    cr       ru         rd   ru    ·       rd   ·     r       ·
absence       r        ·          ·    crux  ·       ·    ·     rx      ·
standing      r        r          r    rx    ·       r    ·     rx      ·
ledger        r        r          r    rux   r       r    ·     rx      ·
policy        r        r          r    cru   r       rd   r     rx      ·
pay           r        ·          ·    ·     crux    rd   ·     rx      ·
band          ·        ·          ·    ·     crux    rd   ·     rx      ·
run           ·        ·          ·    cr    ·       r    ·     r       cr
job           ·        ·          ·    r     ·       ·    ·     r       cru
audit         r        ·          ·    r     r       r    ·     rx      r
application   cr       r          r    crux  ·       rd   ·     rx      ·
opinion       ·        c          c    ·     ·       ·    ·     ·       ·
review        ·        ·          c    ·     ·       ·    ·     ·       ·
round         ·        ·          r    cru   ·       r    ·     r       ·
score         ·        ·          r    r     ·       r    c     r       ·
notice        r        r          r    crd   r       r    r     r       r
objection     c        ·          ·    rd    ·       rd   ·     r       ·
vacancy       ·        ·          r    cru   ·       rd   ·     r       ·
delegation    r        cr         cr   rud   ·       crd  ·     r       ·
"""
CELLS = [
    (thing, role, "" if verbs == "·" else verbs)
    for line in TABLE.strip().splitlines()[1:]
    for thing, *row in [line.split()]
    for role, verbs in zip(ROLES, row, strict=True)
]


def of(role: str) -> Access:
    """Somebody with that role alone."""
    return Access(account_id=1, employee_id=1, day=DAY, roles=frozenset({role}), departments={role: None})


def test_the_table_covers_every_thing_and_every_role() -> None:
    assert {thing for thing, _role, _verbs in CELLS} == {str(thing) for thing in Thing} == {str(t) for t in MATRIX}
    assert set(ROLES) == set(Role.values)


@pytest.mark.parametrize(("thing", "role", "verbs"), CELLS)
def test_a_role_has_these_verbs_and_no_others(thing: str, role: str, verbs: str) -> None:
    access = of(role)
    assert {verb for verb in Verb if access.may(Thing(thing), verb)} == {Verb(letter) for letter in verbs}
    for verb in Verb:
        if verb in verbs:
            access.require(Thing(thing), verb)
        else:
            with pytest.raises(Forbidden):
                access.require(Thing(thing), verb)


@pytest.mark.parametrize("thing", list(Thing))
def test_nobody_without_a_role_has_any_verb(thing: Thing) -> None:
    access = Access(account_id=1, employee_id=None, day=DAY)
    assert not [verb for verb in Verb if access.may(thing, verb)]
    assert access.scope(thing).empty


@pytest.mark.parametrize("thing", list(Thing))
@pytest.mark.parametrize("verb", list(Verb))
def test_nobody_acts_on_themselves(thing: Thing, verb: Verb) -> None:
    everything = Access(account_id=1, employee_id=7, day=DAY, roles=frozenset(ROLES), departments=dict.fromkeys(ROLES))
    if not everything.may(thing, verb):
        return
    everything.require_about(8, thing, verb)
    if verb is Verb.READ:
        everything.require_about(7, thing, verb)
    else:
        with pytest.raises(Forbidden):
            everything.require_about(7, thing, verb)


def test_a_refusal_names_the_roles_that_may() -> None:
    with translation.override("en"), pytest.raises(Forbidden, match="payroll"):
        of("hr").require(Thing.PAY, Verb.UPDATE)
    with translation.override("zh-hans"), pytest.raises(Forbidden, match="薪酬专员"):
        of("hr").require(Thing.PAY, Verb.UPDATE)


def test_the_employees_own_row_is_to_be_read_and_not_to_be_written() -> None:
    access = Access(account_id=1, employee_id=7, day=DAY, roles=frozenset({"employee"}))
    assert access.scope(Thing.VALUE).own == 7
    assert access.scope(Thing.VALUE, Verb.UPDATE).empty
    assert access.scope(Thing.ACCOUNT, Verb.UPDATE).own is None
