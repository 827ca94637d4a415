"""Before a round is closed no page, list, file or message of anybody's tells that, what or when somebody else has scored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from promotion.panels.actions.round_close import close_round
from promotion.panels.actions.sheet_save import save_sheet
from promotion.panels.models import Round
from staff.models import AuditEntry, OutboxMessage, RowChange
from tests.panels.conftest import NOW, Panel
from tests.permissions.canaries import told
from tests.permissions.doors import routes

POINTS = {"speech": "37.31", "questions": "23.17", "material": "19.73"}
TOTAL, COMMENT = "80.21", "canary-of-judge-a"
#: Whoever reads rounds and the trail, another judge, the candidate; those who read most try every door.
READERS = {"hr": True, "auditor": True, "gm": False, "K1000": False, "K2031": False, "judge-b": False}
#: A workbook holds when it was made, a secret is made anew each time, an account says when it was last seen.
MADE = ("export", "template", ".ics", "set-up", "staff/account")
_CHANCE = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|"X-CSRFToken": "[^"]+"|(?m:^(Set-Cookie|X-Request-ID|Expires): .*$)'
)


def doors(round: Round, *, every: bool) -> list[str]:
    """Every page without words in its address, and every page of the round."""
    alike = {
        "/" + path
        for path, _name in routes(get_resolver())
        if "<" not in path and "(" not in path and not re.search("logout|autocomplete", path)
    } - {"/metrics", "/healthz", "/readyz", "/api/v1/schema/", "/api/schema/"}
    candidate, judge = round.candidates.get(ordinal=1), round.judges.get(account__username="judge-a")
    own = [
        reverse("judging-round", args=[round.pk]),
        reverse("judging-sheet", args=[round.pk, 1]),
        reverse("judging-file", args=[round.pk, 1]),
        reverse("my-round", args=[round.pk]),
        reverse("round-minutes", args=[round.pk]),
        reverse("tie", args=[round.pk]),
        reverse("admin:round", args=[round.pk]),
        reverse("admin:round-close", args=[round.pk]),
        reverse("admin:round-cancel", args=[round.pk]),
        reverse("admin:round-replace", args=[round.pk, judge.pk]),
        reverse("admin:staff_employee_change", args=[candidate.application.employee_id]),
        reverse("person", args=[candidate.application.employee.employee_no]),
    ]
    return [*(sorted(alike) if every else ["/"]), *own]


def seen(panel: Panel, round: Round) -> Iterator[tuple[str, str, str]]:
    """(reader, door, all that it answers), without what differs from request to request."""
    for who, every in READERS.items():
        client = Client(raise_request_exception=True)
        client.force_login(panel.company.accounts[who])
        for door in doors(round, every=every):
            yield who, door, _CHANCE.sub("", told(client.get(door)))


def test_no_door_tells_of_a_sheet_that_was_saved_or_handed_in(panel: Panel) -> None:
    round = panel.open(panel.arranged("K2031", "K2032"))
    trail = AuditEntry.objects.count(), RowChange.objects.count(), OutboxMessage.objects.count()
    before = list(seen(panel, round))
    save_sheet(
        access=panel.of("judge-a"), round_id=round.pk, ordinal=2, points=POINTS, comment=COMMENT,
        typed=NOW - timedelta(minutes=3), now=NOW,
    )  # fmt: skip
    sheet = panel.score(round, "judge-a", 1, "80.21")
    assert str(sheet.total) == TOTAL
    assert (AuditEntry.objects.count(), RowChange.objects.count(), OutboxMessage.objects.count()) == trail
    after = list(seen(panel, round))
    assert [
        then[:2]
        for then, now in zip(before, after, strict=True)
        if then != now and not re.search("|".join(MADE), now[1])
    ] == []
    assert [now[:2] for now in after if COMMENT in now[2] or TOTAL in now[2] or POINTS["speech"] in now[2]] == []


def test_a_refusal_to_close_says_no_more_than_that_it_is_not_complete(panel: Panel) -> None:
    round = panel.open(panel.arranged("K2031"))
    client = Client()
    client.force_login(panel.company.accounts["hr"])
    said = []
    for judge in ("judge-a", "judge-b", "judge-c"):
        panel.score(round, judge, 1, "90")
        answer = client.post(reverse("admin:round-close", args=[round.pk]), {"minutes": "m"})
        said.append((answer.status_code, _CHANCE.sub("", told(answer))))
    assert said[0][0] == 422
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("who", ["hr", "auditor"])
def test_after_closing_the_points_are_there_for_whoever_reads_rounds(panel: Panel, who: str) -> None:
    round = panel.open(panel.arranged("K2031"))
    panel.score_all(round, ("80.21", "90", "90", "90", "90"))
    close_round(access=panel.hr, round_id=round.pk, minutes="m", now=NOW)
    client = Client()
    client.force_login(panel.company.accounts[who])
    for door in (reverse("admin:round", args=[round.pk]), reverse("round-minutes", args=[round.pk])):
        assert TOTAL in told(client.get(door))
    own = Client()
    own.force_login(panel.company.accounts["K2031"])
    page = told(own.get(reverse("my-round", args=[round.pk])))
    assert "88.04" in page
    assert TOTAL not in page
    assert "judge-a says" not in page
    assert own.get(reverse("round-minutes", args=[round.pk])).status_code in {403, 404}
