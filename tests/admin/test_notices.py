"""A notice is a grid: words that stand in it bare fall into its icon's narrow column, one character a line."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

_BARE = re.compile(r'<(?:p|div) class="notice[^>]*>(?!<|\{% icon )')


def test_the_words_of_a_notice_stand_in_an_element_of_their_own() -> None:
    pages = list((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    assert sum('class="notice' in page.read_text() for page in pages) > 5
    assert [page.name for page in pages if _BARE.search(page.read_text())] == []
