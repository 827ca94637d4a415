"""Pages of lists whose length and rows are read elsewhere."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class Counted(Paginator):
    """A paginator that has been told how many there are, and leaves the rows to the reader."""

    def __init__(self, rows: int, per_page: int) -> None:
        super().__init__((), per_page)
        self.rows = rows

    @cached_property
    def count(self) -> int:
        return self.rows
