"""Whose turn it is before a panel, and who is reminded of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from promotion.applications.actions.owners_remind import Reminded, remind_owners
from promotion.applications.models import Application
from promotion.applications.owners import accounts_at
from promotion.applications.selectors import PipelineFilter, pipeline
from promotion.applications.turns import turns
from promotion.panels.actions.judge_declare import declare
from promotion.panels.actions.recusal_settle import settle_recusal
from promotion.panels.actions.round_close import close_round
from promotion.panels.models import Recusal, Round
from staff.kernel.access import Access, Forbidden, Refused
from staff.models import Account, AuditEntry, OutboxMessage
from tests.panels.conftest import BEFORE, JUDGES, NOW, Panel
from tests.panels.test_rounds import COMPETITION
from tests.web.company import TODAY
from tests.web.conftest import Visitor


def acts(round: Round, day: date = TODAY) -> tuple[str, set[str]]:
    """Of the first candidate: what the pipeline says (empty: the step's own role, HR), and whose accounts those are."""
    candidate = round.candidates.order_by("ordinal").first()
    assert candidate is not None
    row = pipeline(Access.system(day, "test"), PipelineFilter(step=round.step)).get(pk=candidate.application_id)
    names = Account.objects.filter(pk__in=accounts_at(row, row.step, day)).values_list("username", flat=True)
    return turns([row], day).get(row.pk, ""), set(names)


def remind(access: Access, *rows: Application) -> Reminded:
    return remind_owners(access=access, applications=[row.pk for row in rows])


def test_it_is_hrs_turn_before_a_round_the_panels_in_it_and_hrs_again_to_open_and_close(panel: Panel) -> None:
    row = panel.applying("K2031")
    assert turns(list(pipeline(panel.hr, PipelineFilter())), TODAY) == {}
    round = panel.arrange([row])
    assert acts(round) == ("the panel", set(JUDGES))
    for name in JUDGES:
        declare(
            access=panel.of(name), round_id=round.pk, conflict=name == "judge-a", words="a cousin", now=BEFORE,
        )  # fmt: skip
    assert acts(round) == ("", {"hr"}), "a conflict is HR's to settle"
    settle_recusal(
        access=panel.hr, round_id=round.pk, recusal_id=Recusal.objects.get().pk, upheld=False, answer="far", now=BEFORE
    )
    assert acts(round) == ("", {"hr"}), "HR opens it"
    round = panel.open(round)
    for name in JUDGES[:-1]:
        panel.score(round, name, 1, "90")
        assert acts(round) == ("the panel", set(JUDGES)), "whoever has scored is told to nobody"
    assert acts(round, TODAY + timedelta(days=1)) == ("", {"hr"}), "its time is over: HR replaces or repeats"
    panel.score(round, JUDGES[-1], 1, "90")
    assert acts(round) == ("", {"hr"}), "HR closes it"


def test_a_tie_is_the_general_managers(panel: Panel) -> None:
    rows = [panel.applying(no, **COMPETITION) for no in ("K2031", "K2032")]
    round = panel.open(panel.arrange(rows, vacancies=1, judges=3))
    panel.score_all(round, ("80", "80", "80"), ("80", "80", "80"))
    close_round(access=panel.hr, round_id=round.pk, minutes="equal", now=NOW)
    assert acts(round) == ("general manager", {"gm"})
    assert remind(panel.hr, *rows).now == (str(panel.company.accounts["gm"]),)
    assert OutboxMessage.objects.get(key__contains="reminded").kind == "tie_to_decide"


def test_whose_turn_it_is_comes_with_the_rows(panel: Panel) -> None:
    rows = [panel.applying(no) for no in ("K2031", "K2032", "K2033")]
    panel.arrange(rows[:2])
    hr = panel.hr
    with CaptureQueriesContext(connection) as queries:
        assert turns(list(pipeline(hr, PipelineFilter())), TODAY) == {row.pk: "the panel" for row in rows[:2]}
    assert len(queries) == 1


def test_many_are_reminded_at_once_and_each_person_once_a_day(panel: Panel) -> None:
    asked = panel.applying("K2031", step="review")
    judged = [panel.applying(no) for no in ("K2032", "K2033")]
    round = panel.arrange(judged)
    hr = panel.hr
    first = remind(hr, asked, *judged)
    judges = tuple(str(panel.company.accounts[name]) for name in JUDGES)
    assert first == Reminded((str(panel.company.accounts["K1000"]), *judges), (), ())
    told = OutboxMessage.objects.filter(key__contains="reminded").order_by().values_list("kind", "payload").distinct()
    assert sorted(told, key=str) == [
        ("application_reminded", {"application": asked.pk}),
        ("round_reminded", {"round": round.pk}),
    ]
    assert remind(hr, asked, *judged) == Reminded((), first.now, ())
    assert AuditEntry.objects.filter(action="owners_reminded").count() == 3
    tomorrow = remind(panel.of("hr", TODAY + timedelta(days=1)), asked)
    assert (tomorrow.now, tomorrow.before) == ((str(panel.company.accounts["K1000"]),), ())


def test_a_reminder_goes_to_nobody_where_only_the_reader_acts_and_where_it_goes_on_by_itself(panel: Panel) -> None:
    waits = panel.applying("K2031")
    coming = panel.applying("K2032")
    Application.objects.filter(pk=coming.pk).update(step="effect", effective_on=TODAY + timedelta(days=3))
    found = remind(panel.hr, waits, coming)
    assert (found.now, found.before, {row.pk for row in found.nobody}) == ((), (), {waits.pk, coming.pk})
    assert not OutboxMessage.objects.filter(key__contains="reminded").exists()


def test_what_is_settled_or_out_of_scope_is_refused_and_only_hr_reminds(panel: Panel) -> None:
    row = panel.applying("K2031", step="review")
    for chosen in ([], [row.pk, 0], list(range(1, 300))):
        with pytest.raises(Refused):
            remind_owners(access=panel.hr, applications=chosen)
    with pytest.raises(Forbidden):
        remind(panel.of("K1000"), row)
    Application.objects.filter(pk=row.pk).update(state="halted", step="", reason="r", closed_at=NOW)
    with pytest.raises(Refused, match="settled"):
        remind(panel.hr, row)


def test_the_pipeline_reminds_and_says_whom_and_sends_to_a_round_only_who_waits_for_one(
    panel: Panel, visitor: Visitor
) -> None:
    asked, free, seated = (
        panel.applying("K2031", step="review"),
        panel.applying("K2032"),
        panel.applying("K2033"),
    )
    panel.arrange([seated])
    hr, url = visitor("hr"), "/admin/applications/chosen/"
    head = str(panel.company.accounts["K1000"])

    def post(act: str, *rows: Application) -> Any:
        given = {"act": act, "pick": [row.pk for row in rows], "filters": "step=review&q="}
        return hr.post(url, given)

    answer = post("remind", asked)
    assert answer.headers["Location"] == "/admin/applications/?step=review"
    assert f"1 person has been reminded: {head}." in hr.get(answer.headers["Location"]).content.decode()
    post("remind", asked)
    assert f"1 person was reminded today already: {head}." in hr.get("/admin/applications/").content.decode()
    answer = post("round", free, seated)
    assert answer.headers["Location"] == f"/admin/rounds/new/?pick={free.pk}"
    assert "1 of those chosen is in a round already" in hr.get(answer.headers["Location"]).content.decode()
    assert post("round", seated).headers["Location"].startswith("/admin/applications/")
