"""What the mutants take away still stands where they take it; the tables are as large as they say."""

from __future__ import annotations

import ast

import pytest

from tests.admin import answers
from tests.permissions import portal_answers, test_actions, test_matrix
from tests.permissions.doors import lines
from tests.permissions.mutants import MUTANTS, ROOT, TABLES, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_applies_and_is_python_that_differs(mutant: Mutant) -> None:
    source = mutant.source()
    assert ast.dump(ast.parse(source)) != ast.dump(ast.parse((ROOT / mutant.path).read_text(encoding="utf-8")))


def test_mutants_are_many_and_each_has_its_own_name_and_a_table_that_is_there() -> None:
    assert len(MUTANTS) >= 25
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    assert {mutant.table for mutant in MUTANTS} <= set(TABLES)
    assert all((ROOT / table).is_file() for table in TABLES)


def test_the_tables_hold_thousands_of_cells() -> None:
    """Of the admin, each line for the six roles that work there, the four that do not, and whoever is not signed in."""
    admin = 11 * len(lines(answers.READ) + lines(answers.SENT))
    portal = 11 * len(lines(portal_answers.READ) + lines(portal_answers.SENT))
    verbs = 5 * len(test_matrix.CELLS)
    assert admin + portal + verbs + len(test_actions.CELLS) > 5_000
