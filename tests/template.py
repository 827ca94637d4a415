"""The migrations are run once for all workers of a run: by whoever leads it, while they collect. Theirs are copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from pytest_django.plugin import blocking_manager_key

#: Under which a worker is told of the database to copy.
TOLD = "database_to_copy"
_BEFORE: pytest.StashKey[str] = pytest.StashKey()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Also of a worker that takes the place of one that died, when the database to copy is already there."""
    if _made_anew(node.config):
        there = _BEFORE in node.config.stash
        node.workerinput[TOLD] = connection.settings_dict["NAME"] if there else connection.creation._get_test_db_name()


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """The workers have been started; their first test waits until this is over."""
    yield
    if _leads(session.config) and _made_anew(session.config):
        with session.config.stash[blocking_manager_key].unblock():
            session.config.stash[_BEFORE] = connection.settings_dict["NAME"]
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()  # nobody copies what somebody is connected to


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    yield
    if before := session.config.stash.get(_BEFORE, ""):
        with session.config.stash[blocking_manager_key].unblock():
            connection.creation.destroy_test_db(before, verbosity=0)


def told(config: pytest.Config) -> None:
    """A worker makes its database from the one that it was told of."""
    if name := getattr(config, "workerinput", {}).get(TOLD):
        settings.DATABASES[DEFAULT_DB_ALIAS]["TEST"]["TEMPLATE"] = name


def _leads(config: pytest.Config) -> bool:
    """Whether this process has workers."""
    return bool(getattr(config.option, "tx", None)) and not hasattr(config, "workerinput")


def _made_anew(config: pytest.Config) -> bool:
    return bool(config.getvalue("create_db") or not config.getvalue("reuse_db"))
