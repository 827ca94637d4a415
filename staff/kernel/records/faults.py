"""What is wrong with a file, each at its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

#: Faults of one kind that are spelled out; the rest is counted.
MOST_OF_A_KIND = 1_000
#: Faults of a file that are spelled out.
MOST_OF_A_FILE = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """``file:line:column: what is wrong and what is expected``. Lines and columns count from 1; the header is line 1.

    ``absent``: a row refers to something that is not there; another file may bring it.
    """

    file: str
    line: int
    column: int
    message: str
    absent: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Faulty(Exception):
    """A file is refused. ``faults`` in order of place, at most ``MOST_OF_A_FILE``; ``total`` counts all."""

    def __init__(self, faults: Iterable[Fault], total: int = 0) -> None:
        found = sorted(set(faults))
        self.faults = found[:MOST_OF_A_FILE]
        self.total = max(total, len(found))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @property
    def waits(self) -> bool:
        """Whether nothing is wrong but that rows refer to what is not there yet."""
        return all(fault.absent for fault in self.faults)
