"""What a whole module's tests find: made once, on a day of its own, and taken back after the last of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")
#: Constraints that may be put off and are not, unless somebody asks.
_AT_ONCE = """
DO $$ DECLARE found text; BEGIN
    SELECT string_agg(quote_ident(conname), ', ') INTO found FROM pg_constraint WHERE condeferrable AND NOT condeferred;
    EXECUTE 'SET CONSTRAINTS ' || found || ' IMMEDIATE';
END $$
"""


def kept(make: Callable[[], Made], day: date) -> Callable[..., Iterator[Made]]:
    """A fixture of a module: ``make`` makes it on that day. A test's own fixture names it and gives out a deep copy."""

    @pytest.fixture(scope="module")
    def once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
        with held(make, day, django_db_blocker) as made:
            yield made

    return once


@contextmanager
def held(make: Callable[[], Made], day: date, blocker: DjangoDbBlocker) -> Iterator[Made]:
    """What ``make`` makes on that day, until the end of the block."""
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(timezone, "localdate", lambda *args, **options: day)
        made = make()
        # Each test's end holds what is still unchecked against the constraints; all of this need not be, over and over.
        connection.check_constraints()
        with connection.cursor() as cursor:  # that leaves all deferred, also those that are so only on demand
            cursor.execute(_AT_ONCE)
        yield made
        transaction.set_rollback(True)
