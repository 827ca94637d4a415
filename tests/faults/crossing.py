"""Two acts that cross: the first has read what it rests on when the second comes. A lock says who waits, no luck."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from tests.faults.harness import PATIENCE, together

#: Seconds in which whoever comes second is done, unless it waits for the first.
MEANWHILE = 1.0
Act = Callable[[], object]


def crossing(where: tuple[Any, str], first: Act, second: Act) -> list[object]:
    """The first stops before the named function of a module; the second then begins, and the first goes on once that is done
    or waits for it. What came of both, errors too.
    """
    (module, name), was, reached, done = where, getattr(*where), threading.Event(), threading.Event()
    here: list[int] = []

    def pausing(*args: Any, **options: Any) -> Any:
        if threading.get_ident() in here and not reached.is_set():
            reached.set()
            done.wait(MEANWHILE)
        return was(*args, **options)

    def run(at: int) -> object:
        if at == 0:
            here.append(threading.get_ident())
            return first()
        assert reached.wait(PATIENCE)
        try:
            return second()
        finally:
            done.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, pausing)
        return together(2, run)


def unlocked(model: type[models.Model]) -> Any:
    """The model for a module that shall read rows as they stand, and hold none."""

    class Rows:
        def select_for_update(self, **options: Any) -> Any:
            return model._default_manager.all()

        def __getattr__(self, name: str) -> Any:
            return getattr(model._default_manager, name)

    return type("Unlocked", (), {"objects": Rows()})
