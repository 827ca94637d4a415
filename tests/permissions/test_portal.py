"""Every page of the portal × role: what opens, what leads to the sign-in, what is refused, what does not exist there.

A line is a route, what stands in its address, and the answer to each account. ``in``: the sign-in page; ``+``: reached
(shown, redirected, or refused for what was sent and not for who sent it). A line that begins with ``POST`` sends nothing:
whoever may is told what is missing, whoever may not is refused before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessment.models import Doubt, Metric
from staff.models import ApiToken
from tests.web.company import MONTH, Company

#: An account for each role; the first is nobody. ``K2031`` reports to ``K1001``, who reports to ``K1000``, the head of the
#: department. ``hr-two`` is HR of another team, where ``K1002`` is. ``K2052`` is of another department.
ACCOUNTS = (
    "nobody", "K2031", "K1001", "K1000", "hr", "hr-two", "payroll", "gm", "judge", "auditor", "operator",
)  # fmt: skip
TABLE = """
                                nobody K2031 K1001 K1000 hr  hr-two payroll gm  judge auditor operator
home                            in     +     +     +     +   +      +       +   +     +       +
me                              in     +     +     +     +   +      +       +   +     +       +
people                          in     403   +     +     +   +      403     +   403   +       403
person K2031                    in     +     +     +     +   404    403     +   404   +       404
person K2032                    in     404   +     +     +   404    403     +   404   +       404
person K1001                    in     404   +     +     +   404    403     +   404   +       404
person K1002                    in     404   404   +     +   +      403     +   404   +       404
person K2052                    in     404   404   404   +   404    403     +   404   +       404
person nobody                   in     404   404   404   404 404    404     404 404   404     404
my-months                       in     +     +     +     +   +      +       +   +     +       +
my-month month                  in     +     +     +     +   +      +       +   +     +       +
POST doubt-raise month          in     404   404   404   +   +      +       +   +     +       +
doubts                          in     403   +     +     403 403    403     403 403   403     403
doubt doubt_own                 in     +     +     +     +   404    404     +   404   +       404
doubt doubt_other               in     404   404   404   +   404    404     +   404   +       404
doubt 999999                    in     404   404   404   404 404    404     404 404   404     404
POST doubt-pass-on doubt_own    in     +     403   403   403 404    404     403 404   403     404
POST doubt-withdraw doubt_own   in     +     403   403   403 404    404     403 404   403     404
POST doubt-pass-on doubt_other  in     404   404   404   403 404    404     403 404   403     404
POST doubt-withdraw doubt_other in     404   404   404   403 404    404     403 404   403     404
settings                        in     +     +     +     +   +      +       +   +     +       +
POST language                   +      +     +     +     +   +      +       +   +     +       +
POST theme                      +      +     +     +     +   +      +       +   +     +       +
password                        in     +     +     +     +   +      +       +   +     +       +
second-factor                   in     +     +     +     +   +      +       +   +     +       +
second-factor-set-up            in     +     +     +     +   +      +       +   +     +       +
recovery-codes                  in     +     +     +     +   +      +       +   +     +       +
POST second-factor-remove       in     +     +     +     +   +      +       +   +     +       +
devices                         in     +     +     +     +   +      +       +   +     +       +
POST devices-end-others         in     +     +     +     +   +      +       +   +     +       +
POST device-end 999999          in     404   404   404   404 404    404     404 404   404     404
tokens                          in     +     +     +     +   +      +       +   +     +       +
token-new                       in     +     +     +     +   +      +       +   +     +       +
POST token-revoke token_own     in     +     404   404   404 404    404     404 404   404     404
POST token-revoke token_hr      in     404   404   404   +   404    404     404 404   404     404
invitation nonsense             +      +     +     +     +   +      +       +   +     +       +
"""


def lines() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """(method, route, words of the address, answers)."""
    for line in TABLE.strip().splitlines()[1:]:
        words = line.split()
        method = words.pop(0) if words[0] == "POST" else "GET"
        yield method, words[0], words[1 : -len(ACCOUNTS)], words[-len(ACCOUNTS) :]


LINES = list(lines())
#: Routes that are no page of the portal's own, each with where it is proved.
ELSEWHERE = {
    "healthz": "tests/house", "readyz": "tests/house", "set_language": "Django's; asks nothing of anybody",
}  # fmt: skip


@pytest.fixture
def door(company: Company) -> Company:
    company.account("judge", role="judge")
    return company


def words_of(company: Company) -> dict[str, Any]:
    """What a word of the table stands for in an address."""
    metric = Metric.objects.get(key="keywords_online")

    def doubt(no: str) -> int:
        person = company.people[no]
        return Doubt.objects.create(employee=person, month=MONTH.next, metric=metric, text="three were online", shown="2").pk

    def token(username: str) -> int:
        return ApiToken.objects.create(
            account=company.accounts[username], name="feed", hint="jsk_", digest=username, scopes=["people:read"],
            expires_at=timezone.now() + timedelta(days=1),
        ).pk  # fmt: skip

    return {
        "month": str(MONTH), "open": str(MONTH.next), "doubt_own": doubt("K2031"), "doubt_other": doubt("K2052"),
        "token_own": token("K2031"), "token_hr": token("hr"),
    }  # fmt: skip


def client_of(company: Company, username: str) -> Client:
    client = Client()
    if username != "nobody":
        client.force_login(company.accounts[username])
    return client


def seen(response: Any) -> str:
    status = response.status_code
    if status == 302 and "/accounts/login/" in response.headers["Location"]:
        return "in"
    if status in {401, 403, 404} or status >= 500:
        return str(status)
    return "+"


@pytest.mark.parametrize("username", ACCOUNTS)
def test_each_door_opens_for_whom_the_table_says_and_for_nobody_else(door: Company, username: str) -> None:
    at = ACCOUNTS.index(username)
    known, wrong, client = words_of(door), [], client_of(door, username)
    for method, route, words, answers in LINES:
        path = reverse(route, args=[known.get(word, word) for word in words])
        found = seen(client.get(path) if method == "GET" else client.post(path))
        if found != answers[at]:
            wrong.append(f"{method} {route} {' '.join(words)}: {found} instead of {answers[at]}")
    assert not wrong, "\n".join(wrong)


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, here)
        elif isinstance(pattern, URLPattern):
            yield here, pattern.name or ""


def test_no_route_of_the_portal_is_missing_from_the_table() -> None:
    portal = {name for path, name in routes(get_resolver()) if not path.startswith(("admin/", "api/", "accounts/", "^"))}
    assert portal - {route for _method, route, _words, _answers in LINES} - ELSEWHERE.keys() == set()

