from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import postgres, valkey
from config.embedded.places import SHELTERS


def new_home() -> Path:
    """A home that every account may pass through; short, as a socket's path must be."""
    base = Path(tempfile.mkdtemp(prefix="house-")) / "var"
    base.parent.chmod(0o755)
    return base


def clear(base: Path) -> None:
    valkey.stop(base)
    postgres.stop(base)
    place = (base / "postgres").resolve()
    if SHELTERS in place.parents:
        shutil.rmtree(place.parent)
    shutil.rmtree(base.parent)


@pytest.fixture
def base() -> Iterator[Path]:
    base = new_home()
    yield base
    clear(base)


@pytest.fixture(scope="module")
def shared_base() -> Iterator[Path]:
    """One home for the tests of a module that leave it as usable as they found it."""
    base = new_home()
    yield base
    clear(base)
