"""``make demo``'s supervisor with real processes; the demo company itself has tests of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import home
from config.embedded import postgres, processes, valkey

#: Names the folder of what the run of the tests has compiled, where it has one (config/testing.py).
COMPILED = "PYTHONPYCACHEPREFIX"
DRIVER = """
import sys
from config import house
house.PREPARATION = house.PREPARATION[:1]
sys.exit(house.main([sys.argv[1]]))
"""


class Demo:
    """One run of the supervisor in a process group of its own, as a terminal starts it."""

    def __init__(self, base: Path, port: int) -> None:
        self.base, self.port = base, port
        self.log = (base.parent / "demo.log").open("a+")
        self.process = self.run("demo")

    def run(self, command: str) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", COMPILED}}
        environment = {**kept, "PROMOTION_HOME": str(self.base), "PORT": str(self.port)}
        line = [sys.executable, "-c", DRIVER, command]
        return subprocess.Popen(
            line, cwd=home.CHECKOUT, env=environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait(self) -> None:
        assert processes.until(lambda: self.ready() or self.process.poll() is not None, 60), self.text()
        assert self.process.poll() is None, self.text()

    def left(self) -> list[str]:
        ours = processes.marked(self.base)
        ours += processes.residents((self.base / "postgres").resolve() / "data", {"postgres"})
        ours += processes.residents(self.base / "broker", valkey.PROGRAM)
        return [" ".join(process.cmdline()) for process in ours]

    def text(self) -> str:
        self.log.seek(0)
        return self.log.read()


@pytest.fixture
def demo(shared_base: Path) -> Iterator[Demo]:
    shared_base.mkdir(mode=0o711, exist_ok=True)
    run = Demo(shared_base, processes.free_port())
    yield run
    processes.end(processes.marked(shared_base), [])
    if run.process.poll() is None:
        os.killpg(run.process.pid, signal.SIGKILL)
    run.log.close()


def test_it_serves_and_ctrl_c_ends_all_of_it_even_after_a_kill(demo: Demo) -> None:
    demo.wait()
    os.killpg(demo.process.pid, signal.SIGKILL)
    demo.process.wait()
    assert demo.left()  # what a killed supervisor could not end

    demo.process = demo.run("demo")
    assert processes.until(lambda: "An earlier run of this home" in demo.text(), 30), demo.text()
    demo.wait()
    time.sleep(0.5)
    os.killpg(demo.process.pid, signal.SIGINT)
    assert demo.process.wait(30) == 0, demo.text()
    assert demo.left() == []


def test_stop_ends_what_a_killed_run_left(demo: Demo) -> None:
    demo.wait()
    os.killpg(demo.process.pid, signal.SIGKILL)
    demo.process.wait()
    assert demo.run("stop").wait(30) == 0
    assert demo.left() == []


def test_a_taken_port_is_named_with_the_way_out(base: Path) -> None:
    base.mkdir(mode=0o711)
    url = valkey.ensure(base)
    demo = Demo(base, int(url.rpartition(":")[2].partition("/")[0]))
    assert demo.process.wait(30) == 1
    assert f"Port {demo.port} is taken" in demo.text()
    assert "PORT=8001 make demo" in demo.text()
    assert postgres.stop(base) is False
    demo.log.close()
