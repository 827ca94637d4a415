"""The administration's icon font holds what its pages name, and weighs what it should."""

from __future__ import annotations

from deploy.icons import FONT, TARGET, held, named


def test_every_icon_that_a_page_names_is_in_the_font() -> None:
    """If not: ``python -m deploy.icons`` cuts it anew."""
    assert named() <= held()


def test_the_font_is_small_and_comes_with_its_licence() -> None:
    assert (TARGET / FONT).stat().st_size < 20_000
    assert "Apache License" in (TARGET / "LICENSE").read_text(encoding="utf-8")
