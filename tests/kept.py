"""What a whole module's tests find: made once, on a day of its own, and taken back after the last of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")


def kept(make: Callable[[], Made], day: date) -> Callable[..., Iterator[Made]]:
    """A fixture of a module: ``make`` makes it on that day. A test's own fixture names it and gives out a deep copy."""

    @pytest.fixture(scope="module")
    def once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
            patch.setattr(timezone, "localdate", lambda *args, **options: day)
            yield make()
            transaction.set_rollback(True)

    return once
