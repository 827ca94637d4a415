from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import broker, databases, env, home


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "secret"))
    assert env.text("THING") == "s3cret"
    assert env.given("THING")


def test_a_variable_that_is_needed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THING", raising=False)
    with pytest.raises(ImproperlyConfigured, match="THING is not set, nor THING_FILE"):
        env.text("THING")


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("Yes", True), ("0", False), ("", False), ("off", False)])
def test_a_flag_is_read(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("THING", written)
    assert env.flag("THING", not meant) is meant


@pytest.mark.parametrize("written", ["maybe", "2", "ja"])
def test_a_wrong_flag_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("THING", written)
    with pytest.raises(ImproperlyConfigured, match=f"THING is `{written}`"):
        env.flag("THING", True)


@pytest.mark.parametrize("written", ["-1", "1.5", "１２", "", "1e3"])
def test_a_wrong_number_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("THING", written)
    with pytest.raises(ImproperlyConfigured, match="write a whole number"):
        env.integer("THING", 5)


def test_a_list_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", " a.example , b.example,")
    assert env.words("THING") == ["a.example", "b.example"]


def test_a_database_url_is_taken_apart() -> None:
    facts = databases.parsed("postgresql://us%40er:p%2Fw@db.example:6543/na%20me?sslmode=require")
    assert [facts[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "us@er", "p/w", "db.example", "6543", "na me",
    ]  # fmt: skip
    assert facts["OPTIONS"] == {"application_name": "promotion", "sslmode": "require"}


def test_a_database_password_may_stand_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from file")
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db/promotion")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner:other@db/promotion")
    assert databases.configured(owner=False)["PASSWORD"] == "from file"
    assert databases.configured(owner=True)["USER"] == "owner"
    assert databases.configured(owner=True)["PASSWORD"] == "other"


@pytest.mark.parametrize("address", ["mysql://db/x", "postgres://db", "postgres://db/", "db.example"])
def test_what_is_no_database_url_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must read"):
        databases.parsed(address)


@pytest.mark.parametrize(
    ("arguments", "owner"),
    [(["manage.py", "migrate"], True), (["manage.py", "sweep"], False), (["manage.py"], False), ([], False)],
)
def test_only_what_changes_the_tables_signs_in_as_their_owner(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], owner: bool
) -> None:
    monkeypatch.delenv("DATABASE_AS_OWNER")
    assert databases.as_owner(arguments) is owner


def test_the_brokers_password_is_put_into_its_address() -> None:
    assert broker.with_password("redis://redis:6379/0", "a/b") == "redis://:a%2Fb@redis:6379/0"
    assert broker.with_password("redis://:own@redis:6379/0", "x") == "redis://:own@redis:6379/0"
    assert broker.with_password("redis://redis:6379/0", "") == "redis://redis:6379/0"


def test_without_a_broker_a_command_still_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("PROMOTION_HOME", str(tmp_path))
    assert broker.url() == broker.NONE
    assert "locmem" in broker.cache(broker.url())["BACKEND"]


def test_a_home_does_not_depend_on_the_current_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROMOTION_HOME")
    assert home.path() == home.CHECKOUT / "var"
    monkeypatch.setenv("PROMOTION_HOME", "elsewhere")
    assert home.path() == home.CHECKOUT / "elsewhere"


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = home.secret("thing", tmp_path / "home")
    assert len(first) >= 64
    assert home.secret("thing", tmp_path / "home") == first
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["thing"]
