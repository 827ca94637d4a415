"""Pages of rounds: few queries however many stand before a panel, and forms that work without a script."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from promotion.panels.actions.round_close import close_round
from promotion.panels.models import Round, ScoreSheet
from tests.panels.conftest import NOW, Panel
from tests.web.conftest import Visitor


def client_of(panel: Panel, who: str) -> Client:
    client = Client()
    client.force_login(panel.company.accounts[who])
    return client


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.fixture
def crowd(panel: Panel) -> Round:
    """Forty candidates and five judges, all of them scored."""
    for at in range(40):
        panel.company.hire(f"P{at:03}", f"众{at}", "zhong", boss="K1002")
    round = panel.open(panel.arranged(*(f"P{at:03}" for at in range(40))))
    seats = list(round.judges.all())
    ScoreSheet.objects.bulk_create(
        ScoreSheet(judge=seat, candidate=one, points={"speech": "40", "questions": "30", "material": "15"}, comment="c",
                   total=85, submitted_at=NOW)
        for one in round.candidates.all()
        for seat in seats
    )  # fmt: skip
    return round


def test_forty_candidates_and_five_judges_take_twelve_queries_at_most(panel: Panel, crowd: Round) -> None:
    pages = [
        ("hr", "admin:rounds", []), ("hr", "admin:round", [crowd.pk]), ("judge-a", "judging", []),
        ("judge-a", "judging-round", [crowd.pk]), ("judge-a", "judging-sheet", [crowd.pk, 1]),
    ]  # fmt: skip
    found = {name: queries(client_of(panel, who), reverse(name, args=args)) for who, name, args in pages}
    close_round(access=panel.hr, round_id=crowd.pk, minutes="m", now=NOW)
    after = [("hr", "admin:round"), ("hr", "round-minutes"), ("P001", "my-round")]
    panel.company.account("P001", "P001")
    found |= {f"{name} closed": queries(client_of(panel, who), reverse(name, args=[crowd.pk])) for who, name in after}
    assert {name: n for name, n in found.items() if n > 12} == {}


def test_without_a_script_a_form_saves_a_draft_and_hands_in_and_never_writes_over_a_newer_one(panel: Panel) -> None:
    round = panel.open(panel.arranged("K2031", "K2032"))
    client, url = client_of(panel, "judge-a"), reverse("judging-sheet", args=[round.pk, 1])
    sent = {
        "p-speech": "30",
        "p-questions": "",
        "p-material": "",
        "comment": "",
        "typed": "",
        "follows": "0",
        "act": "save",
    }
    assert client.post(url, sent).status_code == 302
    assert ScoreSheet.objects.get().points == {"speech": "30"}
    stale = client.post(url, {**sent, "p-speech": "1"})
    assert stale.status_code == 422
    assert ScoreSheet.objects.get().points == {"speech": "30"}
    saved = client.get(url).context["saved_ms"]
    missing = client.post(url, {**sent, "follows": saved, "act": "submit"})
    assert missing.status_code == 422
    assert b'id="e-questions"' in missing.content
    whole = {**sent, "p-questions": "25", "p-material": "25.5", "comment": "clear", "follows": saved, "act": "submit"}
    assert client.post(url, whole).headers["Location"] == reverse("judging-sheet", args=[round.pk, 2])
    assert str(ScoreSheet.objects.get().total) == "80.50"


def test_a_draft_that_comes_late_is_told_the_newer_one(panel: Panel) -> None:
    round = panel.open(panel.arranged("K2031"))
    client, url = client_of(panel, "judge-a"), reverse("judging-draft", args=[round.pk, 1])

    def typed(minutes: int, speech: str) -> Any:
        at = int((NOW - timedelta(minutes=minutes)).timestamp() * 1000)
        sent = {"points": {"speech": speech}, "comment": "", "typed": at}
        return client.post(url, json.dumps(sent), content_type="application/json")

    assert typed(10, "20").status_code == 200
    late = typed(20, "10")
    assert late.status_code == 409
    assert (late.json()["code"], late.json()["points"]) == ("older", {"speech": "20"})
    assert client.post(url, b"[]", content_type="application/json").status_code == 400


def test_hr_arranges_from_the_page_and_settles_what_a_candidate_challenges(panel: Panel) -> None:
    rows = [panel.applying(no) for no in ("K2031", "K2032")]
    panel.judge_accounts()
    hr = client_of(panel, "hr")
    assert hr.get(reverse("admin:rounds")).content.count(b"?like=") == 1
    sent = {
        "department": panel.company.departments["信息客服部"].pk, "opens_at": "2026-11-13T14:00",
        "closes_at": "2026-11-13T17:00", "place": "三楼", "judges": "judge-a\njudge-b\njudge-c\njudge-d\nnobody-such",
        "applications": [row.pk for row in rows],
    }  # fmt: skip
    url = reverse("admin:round-new") + f"?like={rows[0].pk}"
    assert hr.post(url, sent).status_code == 422
    assert hr.post(url, {**sent, "judges": sent["judges"].replace("nobody-such", "judge-e")}).status_code == 302
    round = Round.objects.get()
    seat = round.judges.get(account__username="judge-c")
    candidate = client_of(panel, "K2031")
    own = reverse("my-round", args=[round.pk])
    assert candidate.post(own, {"judge": seat.pk, "words": ""}).status_code == 422
    assert candidate.post(own, {"judge": seat.pk, "words": "we quarrelled"}).status_code == 302
    recusal = seat.recusals.get()
    settle = reverse("admin:round-settle", args=[round.pk, recusal.pk])
    hr.post(settle, {"upheld": "yes", "answer": "so it is"})
    recusal.refresh_from_db()
    assert (recusal.upheld, recusal.answer) == (True, "so it is")
    assert b"so it is" in candidate.get(own).content


def test_a_seat_on_a_panel_opens_no_round_of_another_scope_nor_minutes(panel: Panel) -> None:
    """Who is HR elsewhere and judges here reads here what a judge reads; a candidate who is HR reads what a candidate reads."""
    panel.company.grant(panel.company.accounts["judge-a"], "hr", "财务部")
    panel.company.grant(panel.company.accounts["K2031"], "hr")
    round = panel.open(panel.arranged("K2031"))
    panel.score_all(round, ("80",) * 5)
    close_round(access=panel.hr, round_id=round.pk, minutes="m", now=NOW)
    for who in ("judge-a", "K2031"):
        client = client_of(panel, who)
        for name in ("admin:round", "round-minutes"):
            assert client.get(reverse(name, args=[round.pk])).status_code == 404
        assert client.get(reverse("admin:rounds")).content.count(b"/admin/rounds/%d/" % round.pk) == 0


def test_hr_adds_to_a_round_from_its_page_and_from_the_pipeline_and_takes_out_with_a_reason(
    panel: Panel, visitor: Visitor
) -> None:
    round, hr = panel.arranged("K2031"), visitor("hr")
    row = panel.applying("K2032")
    page = f"/admin/rounds/{round.pk}/"
    assert f'href="{page}add/"' in hr.get(page).content.decode()
    assert "take-out" not in hr.get(page).content.decode()
    assert f'href="{page}add/?pick={row.pk}"' in hr.get(f"/admin/rounds/new/?pick={row.pk}").content.decode()
    assert re.search(r"<input[^>]*checked", hr.get(f"{page}add/?pick={row.pk}").content.decode())
    judge = visitor("judge-a")
    shown = re.findall(r'name="shown" value="(\d+)"', judge.get(f"/judging/{round.pk}/").content.decode())
    assert hr.post(f"{page}add/", {"applications": [row.pk]}).status_code == 302
    stale = judge.post(f"/judging/{round.pk}/declare/", {"conflict": "no", "shown": shown})
    assert stale.status_code == 422
    assert "have been added meanwhile" in stale.content.decode()
    taken = round.candidates.get(application=row)
    assert f"take-out/{taken.pk}/" in hr.get(page).content.decode()
    assert hr.post(f"{page}take-out/{taken.pk}/", {"reason": "ill that day"}).status_code == 302
    assert "taken out at" in hr.get(page).content.decode()
    assert row.employee.name not in judge.get(f"/judging/{round.pk}/").content.decode()
    assert judge.get(f"/judging/{round.pk}/2/").status_code == 404
