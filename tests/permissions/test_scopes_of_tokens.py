"""A token reaches what its scopes and its account's roles reach together, and never more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from staff.kernel.access import MATRIX, Access, Forbidden, Thing, Verb
from staff.kernel.programs import RESOURCES, SCOPES, allows, reach_of_scopes, scopes_open_to
from staff.models import Role
from tests.permissions.test_matrix import DAY, ROLES, of

EVERY = [(thing, verb) for thing in Thing for verb in Verb]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_leaves_of_a_role_only_what_both_have(role: str, scope: str) -> None:
    person, program = of(role), replace(of(role), only=reach_of_scopes([scope]))
    for thing, verb in EVERY:
        both = person.may(thing, verb) and (thing, verb) in SCOPES[scope]
        assert program.may(thing, verb) is both
        assert program.roles_for(thing, verb) == (person.roles_for(thing, verb) if both else frozenset())
        assert both or program.scope(thing, verb).empty
        if both:
            program.require(thing, verb)
        else:
            with pytest.raises(Forbidden):
                program.require(thing, verb)


@pytest.mark.parametrize("scope", SCOPES)
def test_no_scope_reaches_accounts_roles_approvals_or_exports(scope: str) -> None:
    reached = SCOPES[scope]
    assert not {thing for thing, _verb in reached} & {Thing.ACCOUNT, Thing.GRANT, Thing.JOB, Thing.AUDIT, Thing.BAND}
    assert not {verb for _thing, verb in reached} & {Verb.EXPORT}
    assert not reached & {(Thing.POLICY, Verb.DECIDE), (Thing.PAY, Verb.DECIDE)}


def test_even_a_job_of_the_server_keeps_to_the_scopes_it_was_given() -> None:
    job = replace(Access.system(DAY, "test"), only=reach_of_scopes(["values:read"]))
    assert job.scope(Thing.VALUE).company
    assert job.scope(Thing.PAY).empty
    assert not job.may(Thing.VALUE, Verb.UPDATE)


def test_a_token_without_scopes_or_with_one_that_is_no_more_reaches_nothing() -> None:
    for scopes in ([], ["gone:read"], ["pay:approve"]):
        program = replace(of("gm"), only=reach_of_scopes(scopes))
        assert not [pair for pair in EVERY if program.may(*pair)]


def test_writing_brings_reading_and_reading_brings_nothing() -> None:
    assert allows(["values:write"], "values", "read")
    assert allows(["values:write"], "values", "write")
    assert not allows(["values:read"], "values", "write")
    assert not allows(["values:write"], "items", "read")
    for name in RESOURCES:
        assert SCOPES[f"{name}:read"] <= SCOPES.get(f"{name}:write", SCOPES[f"{name}:read"])


@pytest.mark.parametrize(
    ("role", "offered", "withheld"),
    [
        ("employee", {"pay:read", "standings:read", "absences:read"}, {"values:write", "pay:write", "runs:read"}),
        ("supervisor", {"values:write", "events:write"}, {"pay:read", "absences:read", "people:write"}),
        ("hr", {"people:write", "absences:write", "months:write", "runs:write"}, {"pay:read", "pay:write"}),
        ("payroll", {"pay:write", "people:read"}, {"values:read", "events:read", "people:write"}),
        ("gm", {"pay:read", "policies:read"}, {"policies:write", "pay:write"}),
        ("operator", {"runs:read", "runs:write"}, {"people:read", "values:read"}),
    ],
)
def test_only_scopes_that_the_roles_could_use_are_offered(role: str, offered: set[str], withheld: set[str]) -> None:
    found = set(scopes_open_to(of(role)))
    assert offered <= found
    assert not found & withheld


def test_what_concerns_ones_own_sign_in_takes_the_person() -> None:
    of("hr").require_person()
    for nobody in (replace(of("hr"), only=reach_of_scopes(["people:write"])), Access(None, None, DAY)):
        with pytest.raises(Forbidden):
            nobody.require_person()


def test_every_scope_is_of_a_thing_of_the_table() -> None:
    assert all(thing in MATRIX for reached in SCOPES.values() for thing, _verb in reached)
    assert {role for role in ROLES if scopes_open_to(of(role))} == set(Role.values)
