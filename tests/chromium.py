"""Which Chromium looks at the pages."""

from __future__ import annotations

import shutil

#: The one without windows starts its pages sooner and draws the same.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def program() -> str | None:
    """Where the first of them lies that this machine has; none where it has none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
