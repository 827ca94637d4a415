"""Makes ``.venv`` and puts the pinned dependencies into it, when that is not up to date. Standard library alone.

Run by ``make setup`` with whatever Python the machine has, so it is written for an old one too: that one gets a
clear answer.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LIST = os.path.join(ROOT, "requirements-dev.txt")
STAMP = os.path.join(VENV, "up-to-date")
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def main():
    if sys.version_info < OLDEST:
        other = next((found for found in map(shutil.which, NEWER) if found), None)
        if other:
            os.execv(other, [other, os.path.abspath(__file__)])
        stop(
            "Python %d.%d is too old; 3.11 or later is needed." % sys.version_info[:2],
            "Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv; macOS: brew install python@3.13",
        )
    if not up_to_date():
        begun = time.time()
        make_environment()
        install()
        with open(STAMP, "w", encoding="ascii") as handle:
            handle.write(wanted())
        say("Ready after %.0f s." % (time.time() - begun))
    run("Translations", [PYTHON, "-m", "deploy.messages", "compile"], quiet=True)


def up_to_date():
    try:
        with open(STAMP, encoding="ascii") as handle:
            return handle.read() == wanted() and works()
    except OSError:
        return False


def wanted():
    """Changes when a pinned version does, or when the checkout was moved (scripts in ``.venv/bin`` hold its path)."""
    with open(LIST, "rb") as handle:
        return hashlib.sha256(handle.read() + VENV.encode()).hexdigest()


def works():
    test = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.call([PYTHON, "-c", test], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment():
    if works() and same_place():
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = "%d.%d" % sys.version_info[:2]
        stop("Python's venv module is missing.", "Debian, Ubuntu: apt-get install python%s-venv" % version)
    run("Virtual environment", [sys.executable, "-m", "venv", "--clear", VENV])


def same_place():
    """Whether the environment's scripts still point to where it lies."""
    try:
        with open(os.path.join(VENV, "bin", "pip"), encoding="utf-8", errors="replace") as handle:
            return VENV in handle.read(1000)
    except OSError:
        return False


def install():
    installer = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    only_uv = os.path.join(VENV, "uv.txt")
    with open(only_uv, "w", encoding="utf-8") as handle:
        handle.write(block("uv"))
    if run("Installer (uv)", [*installer, "-r", only_uv], may_fail=True):
        uv = [os.path.join(VENV, "bin", "uv"), "pip", "install", "--python", PYTHON, "--require-hashes", "-r", LIST]
        if run("Dependencies", uv, may_fail=True, environment=uv_environment()):
            return
        say("uv could not install them; pip tries, which takes some minutes.")
    if not run("Dependencies", [*installer, "--progress-bar", "on", "-r", LIST], may_fail=True):
        stop(
            "The dependencies could not be installed; the reason stands above.",
            "A package index must be reachable (PIP_INDEX_URL names another, HTTPS_PROXY a proxy).",
        )


def block(name):
    """The lines of one pinned package with its hashes."""
    with open(LIST, encoding="utf-8") as handle:
        lines = handle.read().split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith(name + "=="))
    last = first
    while lines[last].endswith("\\"):
        last += 1
    return "\n".join(lines[first : last + 1]) + "\n"


def uv_environment():
    """What pip was told about the index holds for uv too, which has other names for it."""
    settings = pip_settings()
    told = {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "copy",
        "UV_SYSTEM_CERTS": "1",  # a company's proxy signs with a certificate that only the machine knows
        "UV_DEFAULT_INDEX": os.environ.get("PIP_INDEX_URL") or settings.get("global.index-url"),
        "SSL_CERT_FILE": os.environ.get("PIP_CERT") or settings.get("global.cert"),
    }
    return dict({name: value for name, value in told.items() if value}, **os.environ)


def pip_settings():
    """pip's own settings, merged from all of its files."""
    command = [PYTHON, "-m", "pip", "config", "list"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {name: value.strip("'") for name, equals, value in pairs if equals}


def run(title, command, may_fail=False, environment=None, quiet=False):
    if not quiet:
        say("%s …" % title)
    status = subprocess.call(command, cwd=ROOT, env=environment)
    if status and not may_fail:
        stop("%s failed with status %d." % (title, status), "Its message stands above.")
    return status == 0


def say(text):
    print(text, flush=True)


def stop(problem, remedy):
    sys.exit("%s\n%s" % (problem, remedy))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
