"""Two at the same moment, and a process that is killed between two writes: each guard is taken away once to see it fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connections, models

from promotion.applications.models import EFFECT
from promotion.notices.actions import notice_end, notice_post, objection_raise
from promotion.notices.actions.notice_end import end_due_notices
from promotion.notices.actions.objection_answer import answer_objection
from promotion.notices.models import Notice, Objection
from staff.kernel.access import Access, Refused
from tests.faults.harness import SETUP, alone, holding, kill, start, together, waiting
from tests.notices.conftest import Office
from tests.web.company import make_company

LAST, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)
END = SETUP + (
    "from datetime import date; from staff.kernel.access import Access; "
    "from promotion.notices.actions.notice_end import end_due_notices; "
    "end_due_notices(access=Access.system(date(2026, 11, 20), 'nightly'))"
)


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office(make_company())


@pytest.fixture
def url(process_environment: dict[str, str]) -> str:
    return process_environment["DATABASE_URL"]


def job() -> Access:
    return Access.system(FRIDAY, "nightly")


def without_lock(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
    """The rooms read the row as it stands, and wait for nobody."""
    for module in modules:
        monkeypatch.setattr(module, "Notice", type("Unlocked", (), {"objects": _Unlocked()}))


class _Unlocked:
    def select_for_update(self, **options: Any) -> models.QuerySet[Notice]:
        return Notice.objects.all()

    def __getattr__(self, name: str) -> Any:
        return getattr(Notice.objects, name)


def meeting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> threading.Event:
    """The named function of the module waits there until the event is set, or a moment: whoever is second comes meanwhile."""
    come, was = threading.Event(), getattr(module, name)

    def slowly(*args: Any, **options: Any) -> Any:
        come.wait(2)
        return was(*args, **options)

    monkeypatch.setattr(module, name, slowly)
    return come


def objected_while_ending(office: Office, monkeypatch: pytest.MonkeyPatch) -> tuple[Notice, list[Any]]:
    """The last day's objection is under way when the night begins: it has looked, and writes after the end has looked too."""
    notice = office.posted("K2032")
    meeting(monkeypatch, objection_raise, "told")
    meeting(monkeypatch, notice_end, "finish_step")
    acts: list[Callable[[], Any]] = [lambda: office.object(notice, day=LAST), lambda: end_due_notices(access=job())]
    return notice, together(2, lambda at: acts[at]())


def contradicts(notice: Notice) -> bool:
    """Somebody goes on to the effect although an objection to them is open."""
    return (
        Objection.objects.filter(entry__notice=notice, state="open").exists()
        and notice.entries.get().application.step == EFFECT
    )


def test_an_objection_of_the_last_minute_and_the_end_do_not_pass_each_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, found = objected_while_ending(office, monkeypatch)
    assert not contradicts(notice), found
    assert isinstance(found[0], Objection | Refused)


def test_without_the_lock_of_the_notice_they_would(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    without_lock(monkeypatch, objection_raise, notice_end)
    notice, found = objected_while_ending(office, monkeypatch)
    assert contradicts(notice), found


def answered_while_ending(office: Office, monkeypatch: pytest.MonkeyPatch) -> tuple[Notice, list[Any]]:
    """Two objections: the first is dismissed while the second comes in and the night ends the notice."""
    notice = office.posted("K2032")
    objection = office.object(notice)
    acts: list[Callable[[], Any]] = [
        lambda: answer_objection(
            access=office.of("hr", FRIDAY), objection_id=objection.pk, upheld=True, answer="So it is."
        ),
        lambda: end_due_notices(access=job()),
    ]
    return notice, together(2, lambda at: acts[at]())


def test_an_upheld_answer_and_the_end_at_once_leave_the_name_taken_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, found = answered_while_ending(office, monkeypatch)
    entry = notice.entries.get()
    assert isinstance(found[0], Objection), found
    assert (entry.taken_back_on, entry.application.step) == (FRIDAY, "decision")


def test_two_notices_at_once_have_two_numbers_and_nobody_is_on_both(office: Office) -> None:
    rows = [office.approved(no) for no in ("K2032", "K2033", "K2034")]
    sets = [rows[:2], rows[1:], rows[2:]]
    found = together(3, lambda at: office.post(*sets[at]))
    posted = [one for one in found if isinstance(one, Notice)]
    assert sorted(one.serial for one in posted) == list(range(1, len(posted) + 1)), found
    assert all(isinstance(one, Notice | Refused) for one in found), found


def test_without_the_lock_two_would_take_one_number(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    class Unheld:
        NOTICES = 0

    monkeypatch.setattr(notice_post, "Lock", Unheld)
    monkeypatch.setattr(notice_post, "connection", _Blind())
    rows = [office.approved(no) for no in ("K2032", "K2033")]
    barrier, was = threading.Barrier(2), notice_post.term_end

    def both(*args: Any) -> date:
        barrier.wait(20)
        return was(*args)

    monkeypatch.setattr(notice_post, "term_end", both)
    found = together(2, lambda at: office.post(rows[at]))
    assert [type(one).__name__ for one in found].count("IntegrityError") == 1, found


class _Blind:
    """A connection on which nothing is asked for."""

    def cursor(self) -> Any:
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: object) -> None: ...

    def execute(self, *args: object) -> None: ...


def test_a_job_killed_between_the_end_and_the_step_onward_leaves_nothing_half_done(
    office: Office, process_environment: dict[str, str], url: str
) -> None:
    notice = office.posted("K2032", "K2033")
    # The first name's act is written to the timeline, which nobody writes while this is held.
    with holding(url, "LOCK TABLE promotion_applicationevent IN SHARE ROW EXCLUSIVE MODE"):
        child = start(process_environment, "-c", END)
        waiting(url)
        kill(child)
    alone(url)
    notice.refresh_from_db()
    assert notice.state == "posted"
    assert set(notice.entries.values_list("application__step", flat=True)) == {"public_notice"}
    assert end_due_notices(access=job()) == 2
    notice.refresh_from_db()
    assert (notice.state, set(notice.entries.values_list("application__step", flat=True))) == ("ended", {EFFECT})


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    connections.close_all()
