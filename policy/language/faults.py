"""Faults of a document: where they are and what is wrong, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, order=True)
class At:
    """A place in a document; line and column count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a document."""

    line: int
    column: int
    message_zh: str
    message_en: str

    def text(self, language: Language = "en") -> str:
        """``line:column: what is wrong`` in one language."""
        return f"{self.line}:{self.column}: {self.message_zh if language == 'zh' else self.message_en}"

    def __str__(self) -> str:
        return self.text()


class Faults(Exception):
    """Every fault of a document, in order of place. Never empty."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(self.text())

    def text(self, language: Language = "en") -> str:
        """One fault a line."""
        return "\n".join(fault.text(language) for fault in self.faults)


class Collector:
    """Gathers faults while a document is read, so that all are told at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, at: At, zh: str, en: str, near: str | None = None) -> None:
        """Note a fault at a place; ``near`` is what was probably meant."""
        hint_zh, hint_en = (f";是否为 `{near}`?", f"; did you mean `{near}`?") if near else ("", "")
        self.faults.append(Fault(at.line, at.column, zh + hint_zh, en + hint_en))

    def raise_any(self) -> None:
        """Raise ``Faults`` if there is one."""
        if self.faults:
            raise Faults(self.faults)
