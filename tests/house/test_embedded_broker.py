from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import redis

from config.embedded import processes, valkey


def pid(url: str) -> int:
    return int(redis.Redis.from_url(url).info("server")["process_id"])


def test_it_answers_to_its_password_alone(shared_base: Path) -> None:
    url = valkey.ensure(shared_base)
    assert redis.Redis.from_url(url).ping() is True
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url("redis://" + url.partition("@")[2]).ping()


def test_a_second_call_finds_the_first_server(shared_base: Path) -> None:
    assert pid(valkey.ensure(shared_base)) == pid(valkey.ensure(shared_base))


def test_the_password_stands_in_no_list_of_processes(shared_base: Path) -> None:
    url = valkey.ensure(shared_base)
    (server,) = processes.residents(shared_base / "broker", valkey.PROGRAM)
    assert server.pid == pid(url)
    assert url.split("@")[0].split(":")[-1] not in " ".join(server.cmdline())


def test_a_killed_one_is_replaced(shared_base: Path) -> None:
    os.kill(pid(valkey.ensure(shared_base)), signal.SIGKILL)
    assert processes.until(lambda: valkey.running(shared_base) is None, 5)
    assert redis.Redis.from_url(valkey.ensure(shared_base)).ping() is True


def test_stopping_leaves_nothing(shared_base: Path) -> None:
    valkey.ensure(shared_base)
    assert valkey.stop(shared_base) is True
    assert processes.residents(shared_base / "broker", valkey.PROGRAM) == []
    assert valkey.running(shared_base) is None
    assert valkey.stop(shared_base) is False
