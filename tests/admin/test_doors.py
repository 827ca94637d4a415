"""Every page of the admin × role × own, in scope and out of it: what opens (200), what leads on (302), what is refused (403),
what does not exist there (404), what is not asked for that way (405).

``SENT`` is what a POST with nothing in it comes to: whoever may gets the form back (422) or is told what is wrong (409);
whoever may not is refused before anything that was sent is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from assessment.models import AssessmentMonth, Doubt
from payroll.actions.band_draft import TierAmounts, draft_change
from payroll.actions.band_submit import submit_change
from payroll.models import PayTableChange
from policy.actions.draft_save import save_draft
from policy.actions.draft_start import start_draft
from policy.actions.draft_submit import submit_draft
from policy.models import Adoption, PolicyVersion
from promotion.applications.models import Application, ApplicationEvent
from promotion.cases.actions.move import write_down
from promotion.cases.models import Audience, CaseAct, Proceeding
from promotion.models import LedgerLine
from promotion.notices.models import Objection
from staff.kernel.access import Access
from staff.kernel.admin import site
from staff.models import AuditEntry, RecordUpload, RoleGrant, RowChange
from tests.admin.answers import READ, SENT
from tests.admin.conftest import MONTH, Office, account_of, make_office
from tests.assessment.cases.planted import raised_for
from tests.assessment.feedback.planted import of_the_talk, planted_feedback
from tests.company import LADDER, TODAY
from tests.kept import kept
from tests.notices.planted import planted_notice
from tests.panels.planted import at_the_panel, of_an_open_round, planted_round
from tests.permissions.canaries import Secret, amounts, kind_of_absence, plant, plant_sign_in
from tests.permissions.doors import OTHER_METHODS, Line, ask, faults, lines, seen

#: Whoever works in the admin, in the order of the tables. ``hr_sub`` is HR of the team where ``own`` is; ``other`` is not.
ROLES = ("hr", "hr_sub", "payroll", "gm", "auditor", "operator")
#: Whoever does not is refused at the door, whatever lies behind it; whoever is not signed in is led to the sign-in page.
OUTSIDE = ("employee", "supervisor", "head", "judge")
LINES = lines(READ) + lines(SENT)
#: The doors of Django's admin by which one comes and goes lead to the portal's, whoever asks.
TURNED = {"login", "logout"}
#: Every amount of a change that waits.
BANDS = [Decimal(text) for text in ("3141.59", "6283.18", "9424.77", "1171.31")]


@dataclass(frozen=True, slots=True)
class Doors:
    """``known``: what a word of the tables stands for in an address."""

    office: Office
    known: dict[str, Any]
    secrets: list[Secret]

    def client(self, role: str) -> Client:
        return self.office.client(role)

    def path(self, line: Line) -> str:
        return line.path(self.known, "admin:")


@pytest.fixture
def doors(office_of_all: Doors, db: None) -> Doors:
    return office_of_all


def make_doors(office: Office) -> Doors:
    office.accounts |= {
        "head": account_of("head", "head", department=office.first), "judge": account_of("judge", "judge"),
    }  # fmt: skip
    judge = office.accounts["judge"]
    round = planted_round(office.own, office.first, judge, "open")
    secrets = [*plant_all(office), of_an_open_round([])]
    draft, sent = changes(office)
    AssessmentMonth.objects.create(month=MONTH - 3, state="sealed", sealed_at=timezone.now(), digest="0" * 64)
    known = {
        "own": office.own.pk, "own_no": office.own.employee_no, "other": office.other.pk, "nobody": 999_999,
        "other_no": office.other.employee_no, "first": office.first.pk, "second": office.second.pk,
        "absence": office.absence.pk, "event": office.event.pk, "pay_record": office.pay.pk, "run": office.run.pk,
        "month": str(MONTH), "sealed": str(MONTH - 3), "version": PolicyVersion.objects.get().pk,
        **policy_drafts(office), "adoption": Adoption.objects.get().pk, "asked": office.asked.pk,
        "draft": draft.pk, "change": sent.pk,
        "account_own": office.accounts["employee"].pk, "account_hr": office.accounts["hr"].pk,
        "grant": office.waiting.pk, "granted": RoleGrant.objects.get(account=office.accounts["judge"]).pk,
        "sent": upload(office, "hr", "absences"), "sent_by_another": upload(office, "payroll", "pay"),
        "doubt_own": Doubt.objects.get(employee=office.own).pk, "doubt_other": Doubt.objects.get(employee=office.other).pk,
        "case_own": raised_for(office.own).pk, "case_other": raised_for(office.other).pk,
        "course_own": raised_for(office.own, "dismissal").pk, "course_other": raised_for(office.other, "dismissal").pk,
        "line_own": LedgerLine.objects.filter(employee=office.own).latest("pk").pk,
        "line_other": LedgerLine.objects.filter(employee=office.other).latest("pk").pk,
        "entry": AuditEntry.objects.filter(employee=office.own, object_type="absence").latest("pk").pk,
        "row": RowChange.objects.filter(employee=office.own, thing="absence").latest("pk").pk,
        "row_pay": RowChange.objects.filter(employee=office.own, thing="pay").latest("pk").pk,
        "round": round.pk, "round_other": planted_round(office.other, office.second, judge, "open").pk,
        "candidate": round.candidates.get().pk, "seat": round.judges.get().pk, "recusal": round.judges.get().recusals.get().pk,
        "at_panel": at_the_panel(office.boss, office.first).pk,
        "notice_own": planted_notice(office.own, office.first, judge).pk,
        "notice_other": planted_notice(office.other, office.second, judge).pk,
        "objection_own": Objection.objects.get(entry__application__employee=office.own).pk,
        "objection_other": Objection.objects.get(entry__application__employee=office.other).pk,
        "fed_own": planted_feedback(office.own, MONTH - 1, judge).pk,
        "fed_other": planted_feedback(office.other, MONTH - 1, judge).pk,
        "job": PeriodicTask.objects.get(name="nightly").pk,
    }  # fmt: skip
    return Doors(office, known, [*secrets, *words_of_processes(office)])


#: Made once; each request is undone.
office_of_all = kept(lambda: make_doors(make_office()), TODAY)


def words_of_processes(office: Office) -> list[Secret]:
    """What was said in the case, in the application and in the talk of somebody of the second department."""
    access = Access.system(TODAY, "test")
    course = Proceeding.objects.get(case__employee=office.other, case__kind="dismissal")
    application = Application.objects.filter(employee=office.other).latest("pk")
    write_down(access, course, CaseAct.STATED, role="", words="canary-statement", audience=Audience.PARTIES)
    write_down(access, course, CaseAct.RECORDED, role="", words="canary-counsel", audience=Audience.HR)
    ApplicationEvent.objects.create(
        application=application, act="opined", step="review", by=office.accounts["judge"], role="supervisor", public=False,
        words="canary-opinion",
    )  # fmt: skip
    Application.objects.filter(pk=application.pk).update(summary="canary-summary")
    parties = frozenset({"hr", "gm", "auditor"})
    return [
        Secret("a statement", ("canary-statement",), parties),
        Secret("what counsel says", ("canary-counsel",), parties - {"gm"}),
        Secret("an opinion", ("canary-opinion",), parties), Secret("a summary", ("canary-summary",), parties),
        of_the_talk(office.other, *parties),
    ]  # fmt: skip


def policy_drafts(office: Office) -> dict[str, int]:
    """A draft that HR writes in, and one that waits for the general manager."""
    access, version, now = office.access("hr"), PolicyVersion.objects.get(), timezone.now()
    mine, sent = (start_draft(access=access, base=version) for _each in range(2))
    text = version.document.replace("value: 12 months", "value: 6 months", 1)
    save_draft(access=access, draft_id=sent.pk, revision=1, text=text, now=now)
    submit_draft(access=access, draft_id=sent.pk, revision=2, consultation="职工代表讨论", now=now)
    return {"policy_draft": mine.pk, "policy_sent": sent.pk}


def plant_all(office: Office) -> list[Secret]:
    """Who may know what: pay and sensitive facts by rules 4 and 5 of the roles, doubts as HR, gm and auditors read them."""
    server = Access.system(TODAY, "test")
    pay, of_company, of_team = ("payroll", "gm", "auditor"), ("hr", "auditor"), ("hr", "hr_sub", "auditor")
    own, other = (plant(server, who, at, month=MONTH) for at, who in enumerate((office.own, office.other), 1))
    return [
        *own.secrets(pay, of_team, (*of_team, "gm")), *other.secrets(pay, of_company, (*of_company, "gm")),
        amounts("a band", BANDS, pay), kind_of_absence(of_team), *plant_sign_in(office.accounts["hr"]),
    ]  # fmt: skip


def changes(office: Office) -> tuple[PayTableChange, PayTableChange]:
    """A change of the pay table that is being drafted, and one that waits for the general manager."""
    low, middle, high, level = BANDS
    draft, sent = (
        draft_change(
            access=office.access("payroll"), ladder=LADDER, starts_on=date(2026, 12, day), reason="canary",
            amounts=[TierAmounts("star", level, low, middle, high)],
        )
        for day in (1, 15)
    )  # fmt: skip
    return draft, submit_change(access=office.access("payroll"), change_id=sent.pk)


def upload(office: Office, role: str, table: str) -> int:
    """A file whose preview has been looked at."""
    found = RecordUpload.objects.create(
        account=office.accounts[role], file_name=f"{table}.csv", digest="0" * 64, content=b"x", state="previewed",
        summary={"tables": []},
    )  # fmt: skip
    return int(found.pk)


@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_for_the_roles_of_the_table_alone_and_keeps_what_is_secret(doors: Doors, role: str) -> None:
    expected = {line: line.answers[ROLES.index(role)] for line in LINES}
    wrong = faults(doors.client(role), role, expected, doors.path, doors.secrets)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", OUTSIDE)
def test_whoever_has_no_role_that_works_here_is_refused_at_the_door(doors: Doors, role: str) -> None:
    wrong = faults(doors.client(role), role, dict.fromkeys(LINES, "403"), doors.path, doors.secrets)
    assert not wrong, "\n".join(wrong)


def test_whoever_is_not_signed_in_is_sent_to_the_one_sign_in_page(doors: Doors) -> None:
    wrong = faults(Client(), "nobody", dict.fromkeys(LINES, "in"), doors.path, doors.secrets)
    assert not wrong, "\n".join(wrong)
    response = Client().get(reverse("admin:staff_employee_changelist"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert response.status_code == 200


@pytest.mark.parametrize("role", [*ROLES, *OUTSIDE, "nobody"])
def test_no_other_method_goes_round_a_refusal(doors: Doors, role: str) -> None:
    """Each page by one of the methods, another for each role."""
    client, start, wrong = doors.client(role), [*ROLES, *OUTSIDE, "nobody"].index(role), []
    for at, line in enumerate(lines(READ), start):
        expected = "in" if role == "nobody" else "403" if role in OUTSIDE else line.answers[ROLES.index(role)]
        if expected in {"in", "403", "404"}:
            method = OTHER_METHODS[at % len(OTHER_METHODS)]
            if (found := seen(ask(client, method, doors.path(line)))) not in {expected, "405"}:
                wrong.append(f"{method} {line}: {found} instead of {expected}")
    assert not wrong, "\n".join(wrong)


def test_every_page_stands_in_both_tables_or_is_shut_to_everybody(doors: Doors) -> None:
    """Of a kind of row that only grows there is no form, nothing is deleted, and Django's own history tells nothing."""
    names = {pattern.name for resolver in site.urls[0] for pattern in getattr(resolver, "url_patterns", [resolver])}
    missing = {name for name in names - TURNED - {None} for table in (READ, SENT) if name not in routes_of(table)}
    shut = {name for name in missing if name.endswith(("_add", "_delete", "_history"))}
    assert missing - shut == set()
    for role in ROLES:
        client = doors.client(role)
        for name in shut:
            path = reverse(f"admin:{name}", args=[] if name.endswith("_add") else [1])
            for method in ("GET", "POST", *OTHER_METHODS):
                assert seen(ask(client, method, path)) in {"403", "404"}, (role, method, name)


def routes_of(table: str) -> set[str]:
    return {line.route for line in lines(table)}


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_deleted_through_the_admin(doors: Doors, role: str) -> None:
    path = reverse("admin:staff_employee_delete", args=[doors.office.own.pk])
    assert doors.client(role).post(path, {"post": "yes"}).status_code == 403
    doors.office.own.refresh_from_db()


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("staff_employee_changelist", {"birth_date__gte": "1990-01-01"}),
        ("staff_employee_changelist", {"pay_records__base__gt": "5000"}),
        ("staff_employee_changelist", {"absences__kind": "maternity"}),
        ("assessment_event_changelist", {"note__icontains": "misconduct"}),
        ("staff_auditentry_changelist", {"after__contains": "x"}),
        ("staff_rowchange_changelist", {"new__contains": "x"}),
    ],
)
def test_an_address_cannot_ask_for_what_no_page_shows(doors: Doors, page: str, query: dict[str, str]) -> None:
    assert doors.client("gm").get(reverse(f"admin:{page}"), query).status_code == 400
