"""Runs the whole product of one home on one machine: ``python -m config.house demo | stop``. The Makefile is its door.

The three processes are kept together by honcho. They and their children carry the home's name in their environment,
by which whatever a killed run left is found and ended at the next start, and by ``stop``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from honcho.manager import Manager

from config import env, home
from config.embedded import postgres, processes, valkey
from config.embedded.places import EmbeddedError

MANAGE = [sys.executable, str(home.CHECKOUT / "manage.py")]
PREPARATION = (("Tables", ["migrate", "--no-input"]), ("Demo company", ["seed_demo"]))


class CannotStart(RuntimeError):
    """The demo cannot start; the text says why and what to do."""


def demo() -> int:
    """Bring up the site of this home and stay until it is ended; the exit status."""
    base, port = home.path().resolve(), os.environ.get("PORT", "8000")
    with ExitStack() as ending:
        for last_first in (partial(_stop_servers, base), partial(_stop_processes, base), _ignore_interrupts):
            ending.callback(last_first)
        if _stop_processes(base):
            say("An earlier run of this home was still there: stopped.")
        if not port.isdigit() or processes.listens(int(port)):
            raise CannotStart(f"Port {port} is taken or no port. Choose another: PORT=8001 make demo")
        environment = _environment(base)
        for title, command in PREPARATION:
            say(f"{title} …")
            _manage(command, environment)
        manager = Manager()
        for name, line in _processes(port).items():
            manager.add_process(name, f"exec {line}", env=environment, cwd=str(home.CHECKOUT))
        say(f"The site: http://127.0.0.1:{port}/ and HR's admin: http://127.0.0.1:{port}/admin/ (Ctrl-C stops all)")
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        manager.loop()
        return 0 if manager.returncode in {130, 143} else int(manager.returncode or 0)


def stop() -> int:
    """End whatever of ours still runs on this home, and on the tests' home inside it."""
    base = home.path().resolve()
    ended = False
    for each in (base, base / "test"):
        ended = (_stop_processes(each) if each.is_dir() else False) or ended
        ended = _stop_servers(each) or ended
    say("Stopped." if ended else "Nothing of ours was running.")
    return 0


def say(text: str) -> None:
    print(text, flush=True)


def _environment(base: Path) -> dict[str, str]:
    """Ours, with the servers' addresses found once for all processes."""
    given = dict(os.environ)
    if not env.given("DATABASE_URL"):
        say("PostgreSQL …")
        running = postgres.ensure(base)
        given |= {"DATABASE_URL": running.app_url, "DATABASE_OWNER_URL": running.owner_url}
    if not env.given("REDIS_URL"):
        given["REDIS_URL"] = valkey.ensure(base)
    return given | {
        "PROMOTION_HOME": str(base),
        processes.MARK: str(base),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:::celery.platforms",  # a demo run by root: Celery warns at length
    }


def _processes(port: str) -> dict[str, str]:
    """The same three commands as in docker-compose.yml, sized for a desk."""
    celery = f"{sys.executable} -m celery --quiet -A config"
    return {
        "web": f"{sys.executable} -m gunicorn --config python:config.gunicorn config.wsgi --bind 127.0.0.1:{port}"
        " --workers 2 --threads 4 --preload --no-control-socket --log-level warning",
        "worker": f"{celery} worker --loglevel WARNING --concurrency 2 --without-mingle --without-gossip",
        "beat": f"{celery} beat --loglevel WARNING --pidfile=",
    }


def _ignore_interrupts() -> None:
    """A second Ctrl-C while it is stopping shall not leave half of it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _manage(command: list[str], environment: dict[str, str]) -> None:
    if subprocess.run([*MANAGE, *command], env=environment, cwd=home.CHECKOUT, check=False).returncode:
        raise CannotStart(f"`manage.py {' '.join(command)}` failed; its message stands above.")


def _stop_processes(base: Path) -> bool:
    found = processes.marked(base)
    processes.end(found, [(signal.SIGTERM, 5.0)])
    return bool(found)


def _stop_servers(base: Path) -> bool:
    return any([valkey.stop(base), postgres.stop(base)])


COMMANDS: dict[str, Callable[[], int]] = {"demo": demo, "stop": stop}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python -m config.house {' | '.join(COMMANDS)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return COMMANDS[arguments[0]]()
    except (CannotStart, EmbeddedError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
