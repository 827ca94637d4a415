"""The web server as the demo runs it, on the benchmark's database."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from config.home import CHECKOUT

PORT = 8997


@contextmanager
def site() -> Iterator[None]:
    """It listens on ``PORT`` until the block ends."""
    child = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "2", "--threads",
         "4", "--preload", "--no-control-socket", "--log-level", "warning"],
        cwd=CHECKOUT, env=os.environ.copy(),
    )  # fmt: skip
    try:
        _wait_until_up(child)
        yield
    finally:
        child.terminate()
        child.wait(30)


def _wait_until_up(child: subprocess.Popen[bytes]) -> None:
    for _try in range(120):
        if child.poll() is not None:
            raise SystemExit(f"the site ended with {child.returncode}")
        try:
            link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the site did not come up")
