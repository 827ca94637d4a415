"""Doubts: who raises, answers, passes on and withdraws them; who sees them; what each step leaves behind."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg2.extras import DateRange

from assessment.actions.doubt_answer import answer_doubt
from assessment.actions.doubt_pass_on import pass_on_doubt
from assessment.actions.doubt_raise import raise_doubt
from assessment.actions.doubt_withdraw import withdraw_doubt
from assessment.models import Doubt, DoubtState, Metric
from staff.kernel.access import Access, Forbidden, Refused
from staff.kernel.periods import Month
from staff.models import Account, AuditEntry, OutboxMessage, SupervisorPeriod
from staff.selectors.access import access_of
from tests.web.company import TODAY, Company
from tests.web.conftest import Visitor
from tests.web.test_standing import words

NOVEMBER, OCTOBER = Month.parse("2026-11"), Month.parse("2026-10")
NOW = datetime(2026, 11, 12, 10, 30, tzinfo=timezone.get_default_timezone())


def of(username: str) -> Access:
    return access_of(Account.objects.get(username=username), TODAY)


def cases() -> Metric:
    return Metric.objects.get(key="excellent_cases")


@pytest.fixture
def reported(company: Company) -> Company:
    company.values("K2031", "excellent_cases", {"2026-11": 2})
    return company


@pytest.fixture
def raised(reported: Company) -> Doubt:
    return raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="应为 3 篇")


def answer(doubt: Doubt, who: str, text: str = "已更正") -> Doubt:
    return answer_doubt(access=of(who), doubt=Doubt.objects.get(pk=doubt.pk), text=text, now=NOW)


def told(kind: str) -> set[str]:
    return set(OutboxMessage.objects.filter(kind=kind).values_list("recipient__username", flat=True))


# ---- raising


def test_a_doubt_lies_with_whoever_leads_the_person_today(raised: Doubt) -> None:
    assert raised.state == DoubtState.RAISED
    assert raised.shown == "2"
    assert told("doubt_to_answer") == {"K1001"}
    assert AuditEntry.objects.filter(action="doubt_raised", employee=raised.employee).count() == 1


def test_the_trail_keeps_no_words_of_a_doubt(raised: Doubt) -> None:
    entry = AuditEntry.objects.get(action="doubt_raised")
    assert "应为" not in f"{entry.before} {entry.after} {entry.reason}"


def test_a_sealed_month_goes_to_hr_at_once(company: Company) -> None:
    doubt = raise_doubt(access=of("K2031"), about=cases(), month=OCTOBER, text="不对")
    assert doubt.state == DoubtState.WITH_HR
    assert told("doubt_to_answer") == {"hr"}


def test_where_nobody_leads_the_person_it_goes_to_hr(reported: Company) -> None:
    SupervisorPeriod.objects.filter(employee=reported.people["K2031"], supervisor=reported.people["K1001"]).delete()
    assert raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="不对").state == DoubtState.WITH_HR


def test_a_supervisor_who_cannot_sign_in_is_not_waited_for(reported: Company) -> None:
    Account.objects.filter(username="K1001").update(is_active=False)
    assert raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="不对").state == DoubtState.WITH_HR


@pytest.mark.parametrize("text", ["", "  \n", "长" * 2001])
def test_without_words_or_with_too_many_it_is_refused(reported: Company, text: str) -> None:
    with pytest.raises(Refused) as refused:
        raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text=text)
    assert refused.value.code == "text"


def test_what_is_not_reported_cannot_be_doubted(company: Company) -> None:
    with pytest.raises(Refused, match="没有填报"):
        raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="不对")


def test_the_same_is_not_doubted_twice_at_once(raised: Doubt) -> None:
    with pytest.raises(Refused) as refused:
        raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="还是不对")
    assert refused.value.code == "one_open_doubt_a_value"


def test_somebody_elses_event_is_not_ones_own_to_doubt(company: Company) -> None:
    event = company.event("K2032", "2026-11-03", "complaint", status="upheld")
    with pytest.raises(Forbidden):
        raise_doubt(access=of("K2031"), about=event, month=NOVEMBER, text="不对")


def test_an_event_is_doubted_as_it_stood(company: Company) -> None:
    event = company.event("K2031", "2026-11-03", "complaint", status="upheld", note="保密的备注")
    doubt = raise_doubt(access=of("K2031"), about=event, month=NOVEMBER, text="不是我接的")
    assert doubt.shown.startswith("2026-11-03")
    assert "保密" not in doubt.shown


@pytest.mark.parametrize("who", ["hr", "auditor", "operator", "gm", "payroll"])
def test_whoever_is_no_employee_raises_none(reported: Company, who: str) -> None:
    with pytest.raises(Forbidden):
        raise_doubt(access=of(who), about=cases(), month=NOVEMBER, text="不对")


# ---- answering


def test_the_supervisor_answers_and_the_person_is_told(raised: Doubt) -> None:
    found = answer(raised, "K1001")
    assert found.state == DoubtState.ANSWERED
    assert found.may_go_on
    assert found.supervisor_answered_by == found.answered_by == Account.objects.get(username="K1001")
    assert told("doubt_answered") == {"K2031"}


def test_the_head_answers_too(raised: Doubt) -> None:
    assert answer(raised, "K1000").may_go_on


def test_hr_answers_what_a_supervisor_leaves_lying_and_that_is_the_last_word(raised: Doubt) -> None:
    found = answer(raised, "hr")
    assert not found.may_go_on
    assert found.supervisor_answered_at is None


@pytest.mark.parametrize("who", ["K2031", "K2032", "K1002", "hr-two", "gm", "auditor", "payroll", "operator"])
def test_nobody_else_answers(raised: Doubt, who: str) -> None:
    with pytest.raises(Forbidden):
        answer(raised, who)
    assert Doubt.objects.get(pk=raised.pk).state == DoubtState.RAISED


def test_nobody_answers_their_own(company: Company) -> None:
    company.values("K1001", "excellent_cases", {"2026-11": 2})
    doubt = raise_doubt(access=of("K1001"), about=cases(), month=NOVEMBER, text="不对")
    with pytest.raises(Forbidden):
        answer(doubt, "K1001")


def test_hr_does_not_answer_a_superior(company: Company) -> None:
    company.grant(company.accounts["K2032"], "hr")
    company.values("K1001", "excellent_cases", {"2026-11": 2})
    doubt = raise_doubt(access=of("K1001"), about=cases(), month=NOVEMBER, text="不对")
    with pytest.raises(Forbidden, match="K1001"):
        answer(doubt, "K2032")


def test_of_two_answers_the_second_is_told_who_was_first(raised: Doubt) -> None:
    seen_by_both = Doubt.objects.get(pk=raised.pk)
    answer(raised, "K1001")
    for doubt in (seen_by_both, Doubt.objects.get(pk=raised.pk)):
        with pytest.raises(Refused, match="周岚") as refused:
            answer_doubt(access=of("K1000"), doubt=doubt, text="我的答复", now=NOW)
        assert not isinstance(refused.value, Forbidden)
    assert Doubt.objects.get(pk=raised.pk).answer == "已更正"


# ---- passing on and withdrawing


def test_passed_on_it_lies_with_hr_who_has_the_last_word(raised: Doubt) -> None:
    pass_on_doubt(access=of("K2031"), doubt=answer(raised, "K1001", "按规定就是 2 篇"))
    assert told("doubt_to_answer") == {"K1001", "hr"}
    with pytest.raises(Forbidden):
        answer(raised, "K1001")
    found = answer(raised, "hr", "查过了，是 2 篇")
    assert (found.supervisor_answer, found.answer) == ("按规定就是 2 篇", "查过了，是 2 篇")
    with pytest.raises(Refused, match="最终"):
        pass_on_doubt(access=of("K2031"), doubt=found)


def test_whoever_answered_first_does_not_answer_in_the_end(company: Company, raised: Doubt) -> None:
    company.grant(company.accounts["K1001"], "hr")
    pass_on_doubt(access=of("K2031"), doubt=answer(raised, "K1001"))
    with pytest.raises(Forbidden):
        answer(raised, "K1001")


def test_what_nobody_has_answered_is_not_passed_on(raised: Doubt) -> None:
    with pytest.raises(Refused):
        pass_on_doubt(access=of("K2031"), doubt=raised)


@pytest.mark.parametrize("act", [pass_on_doubt, withdraw_doubt])
@pytest.mark.parametrize("who", ["K1001", "K2032", "hr"])
def test_only_whoever_raised_it_passes_it_on_or_withdraws_it(raised: Doubt, act: Any, who: str) -> None:
    with pytest.raises(Forbidden):
        act(access=of(who), doubt=raised)


def test_withdrawn_it_is_settled_and_whoever_had_it_is_told(raised: Doubt) -> None:
    found = withdraw_doubt(access=of("K2031"), doubt=raised)
    assert found.state == DoubtState.WITHDRAWN
    assert told("doubt_withdrawn") == {"K1001"}
    with pytest.raises(Refused):
        answer(raised, "K1001")
    with pytest.raises(Refused):
        withdraw_doubt(access=of("K2031"), doubt=found)
    raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="又想起来了")


def test_an_answer_that_was_faster_keeps_it_from_being_withdrawn(raised: Doubt) -> None:
    stale = Doubt.objects.get(pk=raised.pk)
    answer(raised, "K1001")
    with pytest.raises(Refused, match="周岚"):
        withdraw_doubt(access=of("K2031"), doubt=stale)


def test_a_settled_one_is_not_passed_on_beside_a_new_one(raised: Doubt) -> None:
    first = answer(raised, "K1001")
    raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="重新提出")
    with pytest.raises(Refused) as refused:
        pass_on_doubt(access=of("K2031"), doubt=first)
    assert refused.value.code == "one_open_doubt_a_value"


# ---- pages


@pytest.mark.parametrize(
    ("who", "status"),
    [("K2031", 200), ("K1001", 200), ("K1000", 200), ("hr", 200), ("gm", 200), ("auditor", 200),
     ("K2032", 404), ("K1002", 404), ("hr-two", 404), ("payroll", 404), ("operator", 404)],
)  # fmt: skip
def test_a_doubt_is_open_to_both_sides_and_nobody_else(raised: Doubt, visitor: Visitor, who: str, status: int) -> None:
    assert visitor(who).get(f"/doubts/{raised.pk}/").status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("hr", 200), ("gm", 200), ("auditor", 200), ("hr-two", 404), ("payroll", 403), ("operator", 403), ("K1001", 403)],
)
def test_in_the_administration_hr_works_and_others_read(raised: Doubt, visitor: Visitor, who: str, status: int) -> None:
    client = visitor(who)
    assert client.get(f"/admin/doubts/{raised.pk}/").status_code == status
    assert client.get("/admin/doubts/").status_code == (200 if status == 404 else status)
    offered = b"Send the answer" in client.get(f"/admin/doubts/{raised.pk}/").content
    assert offered == (who == "hr")


@pytest.mark.parametrize(
    ("who", "status"), [("K1001", 200), ("K1000", 200), ("K1002", 403), ("K2031", 403), ("payroll", 403), ("hr", 403)]
)
def test_the_list_is_for_whoever_leads(raised: Doubt, visitor: Visitor, who: str, status: int) -> None:
    assert visitor(who).get("/doubts/").status_code == status


def test_a_list_shows_the_people_one_leads_and_what_waits_first(raised: Doubt, visitor: Visitor) -> None:
    assert "林晓" in words(visitor("K1001"), "/doubts/")
    assert "waits for you" in words(visitor("K1001"), "/doubts/")
    assert "with 周岚" in words(visitor("K1000"), "/doubts/")
    assert "林晓" not in words(visitor("hr-two"), "/admin/doubts/")


def test_the_navigation_counts_what_waits_for_oneself(raised: Doubt, visitor: Visitor) -> None:
    def counted(who: str) -> bool:
        page = visitor(who).get("/settings/").content.decode()
        return '<i class="due">' in page.partition('href="/doubts/"')[2].partition("</a>")[0]

    assert counted("K1001")
    assert not counted("K1000")
    answer(raised, "K1001")
    assert not counted("K1001")


def raise_by_page(
    client: Client, text: str = "应为 3 篇", path: str = "/my/months/2026-11/doubt/?value=excellent_cases"
) -> Any:
    return client.post(path, {"text": text})


def test_a_doubt_goes_its_whole_way_through_the_pages(reported: Company, visitor: Visitor) -> None:
    lin, zhou, hr = visitor("K2031"), visitor("K1001"), visitor("hr")
    assert "I doubt this" in words(lin, "/my/months/2026-11/")
    assert "It goes to 周岚" in words(lin, "/my/months/2026-11/doubt/?value=excellent_cases")
    page = raise_by_page(lin).headers["Location"]
    assert "周岚, who leads 林晓 today, answers next." in words(lin, page)
    assert zhou.post(page, {"text": "就是 2 篇"}).status_code == 302
    assert "pass it on to HR" in words(lin, page)
    assert lin.post(f"{page}pass-on/").status_code == 302
    admin = f"/admin{page}"
    assert "the last word" in words(hr, admin)
    assert hr.post(admin, {"text": "查实为 2 篇"}).status_code == 302
    text = words(lin, page)
    assert text.index("应为 3 篇") < text.index("就是 2 篇") < text.index("查实为 2 篇")
    assert "pass it on to HR" not in text


def test_what_was_put_right_stands_beside_what_was_doubted(reported: Company, raised: Doubt, visitor: Visitor) -> None:
    reported.values("K2031", "excellent_cases", {"2026-11": 3})
    text = words(visitor("K2031", "zh-hans"), f"/doubts/{raised.pk}/")
    assert "2 篇" in text
    assert "3 篇" in text


def test_a_form_without_words_says_so(reported: Company, visitor: Visitor) -> None:
    response = raise_by_page(visitor("K2031"), "  ")
    assert response.status_code == 422
    assert "Say it in words" in response.content.decode()


def test_a_second_answer_is_an_error_of_its_form_that_names_the_first(raised: Doubt, visitor: Visitor) -> None:
    answer(raised, "K1001")
    response = visitor("K1000").post(f"/doubts/{raised.pk}/", {"text": "我的答复"})
    assert response.status_code == 422
    assert "周岚" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/my/months/2026-11/doubt/", "/my/months/2026-11/doubt/?value=nothing", "/my/months/2026-11/doubt/?event=E-9999",
     "/my/months/2026-12/doubt/?value=excellent_cases"],
)  # fmt: skip
def test_what_is_not_of_ones_own_month_is_not_there_to_doubt(reported: Company, visitor: Visitor, path: str) -> None:
    assert visitor("K2031").get(path).status_code == 404


def test_an_event_of_another_is_not_there_to_doubt(company: Company, visitor: Visitor) -> None:
    event = company.event("K2032", "2026-11-03", "complaint", status="upheld")
    assert visitor("K2031").get(f"/my/months/2026-11/doubt/?event={event.event_no}").status_code == 404


def test_a_supervisor_of_before_no_longer_sees_it(company: Company, raised: Doubt, visitor: Visitor) -> None:
    led = SupervisorPeriod.objects.filter(employee=raised.employee, supervisor=company.people["K1001"])
    led.filter(period__contains=TODAY).update(period=DateRange(date(2026, 9, 1), date(2026, 11, 12)))
    SupervisorPeriod.objects.create(
        employee=raised.employee, supervisor=company.people["K1002"], period=DateRange(date(2026, 11, 12), None)
    )
    assert visitor("K1001").get(f"/doubts/{raised.pk}/").status_code == 404
    assert "waits for you" in words(visitor("K1002"), "/doubts/")


def _four_more(company: Company) -> None:
    for no in ("K2032", "K2033", "K2041", "K2042"):
        event = company.event(no, "2026-11-04", "complaint", status="upheld")
        company.values(no, "excellent_cases", {"2026-11": 1})
        raise_doubt(access=of(no), about=event, month=NOVEMBER, text="不对")
        raise_doubt(access=of(no), about=cases(), month=NOVEMBER, text="不对")


def test_the_list_takes_as_many_queries_for_one_as_for_many(reported: Company, raised: Doubt, visitor: Visitor) -> None:
    counts = []
    for several in (False, True):
        if several:
            _four_more(reported)
        for path, who in (("/doubts/", "K1001"), ("/admin/doubts/", "hr")):
            client = visitor(who)
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12, counts


def test_decimals_of_a_value_are_told_as_they_stood(company: Company) -> None:
    metric = Metric.objects.get(key="satisfaction_rate")
    company.values("K2031", "satisfaction_rate", {"2026-11": Decimal("92.50")})  # type: ignore[dict-item]
    assert raise_doubt(access=of("K2031"), about=metric, month=NOVEMBER, text="不对").shown == "92.5"


def test_a_supervisor_finds_where_to_put_it_right_while_the_month_takes_it(
    company: Company, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.values("K2031", "excellent_cases", {"2026-11": 2})
    doubt = raise_doubt(access=of("K2031"), about=cases(), month=NOVEMBER, text="应为 3 篇")
    link = 'href="/intake/2026-11/"'
    assert link not in visitor("K1001").get(f"/doubts/{doubt.pk}/").content.decode()
    monkeypatch.setattr(timezone, "localdate", lambda *args, **options: date(2026, 12, 3))
    assert link in visitor("K1001").get(f"/doubts/{doubt.pk}/").content.decode()
    assert link not in visitor("K2031").get(f"/doubts/{doubt.pk}/").content.decode()
