"""What is said in an application and in a case, each a word of its own: whoever meets it is a party to it.

Asked for on every page of every role, as the other canaries are.
"""

from __future__ import annotations

from promotion.applications.models import Application, ApplicationEvent
from promotion.cases.actions.move import write_down
from promotion.cases.models import Audience, CaseAct, Proceeding, ProceedingState, ProtectedBy, ProtectionAnswer
from promotion.notices.models import NoticeEntry, Objection
from staff.kernel.access import Access
from tests.permissions.canaries import Secret
from tests.web.company import TODAY, Company

#: Parties of K2041's case, beside the person, who has no column in the tables.
PARTIES = frozenset({"K1000", "hr", "gm", "auditor"})
#: Whoever reads the application of K2031, beside them.
READERS = frozenset({"K1001", "K1000", "hr", "gm", "judge", "auditor"})


def plant_processes(company: Company) -> list[Secret]:
    """On the case of K2041 and the application of K2031, and an objection to K2033's promotion by K2052."""
    return [*_in_a_case(company), *_in_an_application(company), _against_a_promotion(company)]


def _in_a_case(company: Company) -> list[Secret]:
    row = Proceeding.objects.get(case__employee=company.people["K2041"])
    access = Access.system(TODAY, "test")
    said = {
        (CaseAct.STATED, Audience.PARTIES): PARTIES, (CaseAct.NOTED, Audience.PLAN): PARTIES | {"K1001"},
        (CaseAct.RECORDED, Audience.HR): frozenset({"hr", "auditor"}),
    }  # fmt: skip
    found = []
    for (act, audience), readers in said.items():
        word = f"canary-of-{act}"
        write_down(access, row, act, role="", words=word, audience=audience)
        found.append(Secret(f"what is {act} in a case", (word,), readers))
    for item in ProtectedBy:
        ProtectionAnswer.objects.create(
            proceeding=row,
            attempt=1,
            item=item,
            applies=False,
            evidence="canary-of-protection",
            by=company.accounts["hr"],
        )
    Proceeding.objects.filter(pk=row.pk).update(state=ProceedingState.PROPOSED, checks=1)
    return [*found, Secret("what protects somebody", ("canary-of-protection",), frozenset({"hr", "auditor"}))]


def _in_an_application(company: Company) -> list[Secret]:
    row = Application.objects.filter(employee=company.people["K2031"]).latest("pk")
    Application.objects.filter(pk=row.pk).update(summary="canary-of-a-summary", results="canary-of-results")
    ApplicationEvent.objects.create(
        application=row, act="opined", step="review", by=company.accounts["K1001"], role="supervisor", public=False,
        words="canary-of-an-opinion",
    )  # fmt: skip
    return [
        Secret("a work summary", ("canary-of-a-summary", "canary-of-results"), READERS | {"K2031"}),
        Secret("an opinion that is for whoever decides", ("canary-of-an-opinion",), READERS),
    ]


def _against_a_promotion(company: Company) -> Secret:
    entry = NoticeEntry.objects.get(application__employee=company.people["K2033"])
    Objection.objects.create(entry=entry, by=company.accounts["K2052"], text="canary-of-an-objection")
    return Secret("an objection", ("canary-of-an-objection",), frozenset({"hr"}))
