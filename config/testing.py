"""``python -m config.testing [pytest's arguments]``: pytest with servers of its own, ended when it is done or
interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from config import home
from config.embedded import postgres, valkey


def main(arguments: list[str]) -> int:
    base = home.path() / "test"
    os.environ["PROMOTION_HOME_OF_TESTS"] = str(base)
    if sys.dont_write_bytecode:
        compile_once(base / "compiled")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended by another program: stop the servers all the same
    try:
        return int(pytest.main([f"--rootdir={home.CHECKOUT}", *arguments]))
    finally:
        stop(base)


def compile_once(folder: Path) -> None:
    """A run has a hundred processes. Who wants nothing written beside the sources (``PYTHONDONTWRITEBYTECODE``) has what they
    compile in the tests' own home instead; else each of them compiles everything anew, which takes half of its start.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or python -B
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder)
    sys.dont_write_bytecode = False


def stop(base: Path) -> None:
    valkey.stop(base)
    postgres.stop(base)


if __name__ == "__main__":
    os.chdir(home.CHECKOUT)
    sys.exit(main(sys.argv[1:]))
