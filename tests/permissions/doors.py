"""Reading tables of doors: a line is ``[POST] route words-of-the-address answers``, an answer for each account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests.permissions.canaries import Secret, leaks

#: The methods that neither read nor post; no page of the product takes them.
OTHER_METHODS = ("PUT", "PATCH", "DELETE")
_SIGN_IN = ("/accounts/login/", "/admin/login/")


@dataclass(frozen=True, slots=True)
class Line:
    """``answers`` are those to the accounts in the order of the head of the table."""

    method: str
    route: str
    words: tuple[str, ...]
    answers: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.method, self.route, *self.words))

    def path(self, known: Mapping[str, Any], prefix: str = "") -> str:
        """A word that ``known`` does not know stands for itself; what begins with ``?`` is the query."""
        query = "".join(word.format(**known) for word in self.words if word.startswith("?"))
        return reverse(prefix + self.route, args=[known.get(w, w) for w in self.words if not w.startswith("?")]) + query


def lines(table: str) -> list[Line]:
    head, *rest = table.strip().splitlines()
    return list(_lines(rest, len(head.split())))


def _lines(rest: list[str], accounts: int) -> Iterator[Line]:
    for line in rest:
        words = line.split()
        method = words.pop(0) if words[0] == "POST" else "GET"
        yield Line(method, words[0], tuple(words[1:-accounts]), tuple(words[-accounts:]))


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside leaves no row behind: each line finds the same company."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, path: str) -> Any:
    """A POST sends nothing."""
    with undone():
        return client.generic(method, path, content_type="application/x-www-form-urlencoded")


def seen(response: Any) -> str:
    """``in`` where it leads to the sign-in page, by whichever address, else the status."""
    if response.status_code == 302 and response.headers["Location"].startswith(_SIGN_IN):
        return "in"
    return str(response.status_code)


def faults(
    client: Client, who: str, expected: Mapping[Line, str], path: Callable[[Line], str], secrets: list[Secret]
) -> list[str]:
    """Each line that answers otherwise, and each answer that tells what the account may not know."""
    wrong = []
    for line, answer in expected.items():
        response = ask(client, line.method, path(line))
        if (found := seen(response)) != answer:
            wrong.append(f"{line}: {found} instead of {answer}")
        wrong += [f"{line} tells {secret}" for secret in leaks(response, who, secrets, line.route)]
    return wrong


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(path, name) of every route below."""
    for pattern in resolver.url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, here)
        elif isinstance(pattern, URLPattern):
            yield here, pattern.name or ""
