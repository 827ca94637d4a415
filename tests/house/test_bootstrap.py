"""``make setup`` before anything is installed: what is missing is named with the command that installs it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from deploy import bootstrap


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without an environment."""
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(bootstrap, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / ".venv" / "up-to-date"))
    return tmp_path


def test_an_old_python_is_refused_with_the_way_to_a_new_one(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"Python 3\.9 is too old.*\n.*apt-get install python3 python3-venv"):
        bootstrap.main()


def test_a_python_without_venv_is_told_the_package(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    with pytest.raises(SystemExit, match=f"venv module is missing.\n.*apt-get install python{version}-venv"):
        bootstrap.make_environment()


def test_an_environment_is_up_to_date_only_for_this_list_in_this_place(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty / ".venv" / "bin").mkdir(parents=True)
    (empty / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert not bootstrap.up_to_date()
    Path(bootstrap.STAMP).write_text(bootstrap.wanted())
    assert bootstrap.up_to_date()
    monkeypatch.setattr(bootstrap, "VENV", str(empty / "moved" / ".venv"))
    assert not bootstrap.up_to_date()


def test_the_installer_is_pinned_with_hashes() -> None:
    first, *hashes = bootstrap.block("uv").splitlines()
    assert first.startswith("uv==")
    assert any(line.strip().startswith("--hash=sha256:") for line in hashes)
    assert not hashes[-1].endswith("\\")


def test_what_pip_was_told_holds_for_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/company.pem")
    told = bootstrap.uv_environment()
    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert told["SSL_CERT_FILE"] == "/etc/company.pem"
    assert told["UV_PYTHON_DOWNLOADS"] == "never"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example/simple")
    assert bootstrap.uv_environment()["UV_DEFAULT_INDEX"] == "https://uv.example/simple"
