"""``policy check``: faults and exit status 1, or notices and none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policy_commands.conftest import TEMPLATE, Run


@pytest.mark.parametrize(
    ("language", "notices"),
    [
        ("en", ("parameter `tenure_years` has no value: the adoption must give one",
                "parameter `satisfaction_rate` has no value: the adoption must give one",
                "no rule uses the parameter `leave_days`",
                "there is no section `process`: owners and days of the steps are as is usual")),
        ("zh-hans", ("参数 `tenure_years` 没有值:须由采用时给出", "参数 `satisfaction_rate` 没有值:须由采用时给出",
                     "参数 `leave_days` 没有规则使用", "没有 `process` 一节:流程各步的负责人、期限按通常办理")),
    ],
)  # fmt: skip
def test_a_template_is_whole_and_its_open_parameters_are_told(
    db: None, folder: Path, run: Run, language: str, notices: tuple[str, ...]
) -> None:
    status, out, _err = run("check", folder / "template.yaml", "--language", language)
    lines = out.splitlines()
    places = [f"6:{TEMPLATE.splitlines()[5].index('{') + 1}", f"7:{TEMPLATE.splitlines()[6].index('{') + 1}"]
    places += [f"8:{TEMPLATE.splitlines()[7].index('{') + 1}", "10:3"]
    assert lines[:-1] == [f"{place}: {notice}" for place, notice in zip(places, notices, strict=True)]
    assert str(folder / "template.yaml") in lines[-1]
    assert status == 0


def test_the_library_has_nothing_to_tell(db: None, folder: Path, run: Run) -> None:
    path = folder / "info-service.yaml"
    assert run("check", path, "--language", "en") == (0, f"{path}: no fault.\n", "")


def test_a_fault_makes_the_exit_status_1(db: None, folder: Path, run: Run) -> None:
    path = folder / "broken.yaml"
    path.write_text(TEMPLATE.replace("completed(hired_on)", "complete(hired_on)"), encoding="utf-8")
    status, out, _err = run("check", path, "--language", "en")
    assert status == 1
    assert out == "21:21: there is no function `complete`; did you mean `completed`?\n"


@pytest.mark.parametrize(
    ("language", "message"), [("en", "the document is not UTF-8."), ("zh-hans", "文件不是 UTF-8 编码。")]
)
def test_another_encoding_is_refused_in_the_readers_language(
    db: None, folder: Path, run: Run, language: str, message: str
) -> None:
    path = folder / "gbk.yaml"
    path.write_bytes(TEMPLATE.encode("gbk"))
    status, out, err = run("check", path, "--language", language)
    assert (status, out) == (1, "")
    assert message in err
