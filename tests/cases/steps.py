"""A case taken step by step, by those who may, each on the day it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from assessment.models import Case
from policy.models import PolicyVersion
from promotion.cases.actions.appeal import decide_appeal, raise_appeal
from promotion.cases.actions.check import Answer, check_case
from promotion.cases.actions.decide import Demotion, Plan, decide_case
from promotion.cases.actions.serve import serve_letter
from promotion.cases.actions.state import make_statement
from promotion.cases.actions.take_effect import take_effect
from promotion.cases.models import Proceeding, ProtectedBy
from staff.kernel.access import Access
from staff.kernel.periods import Month
from staff.models import DepartmentPeriod
from staff.selectors.access import access_of
from tests.web.company import TODAY, Company

REASON = "Three months without a keyword are on record; the statement changes none of them."
NONE_APPLIES = {item.value: Answer(False, "file of 2026-11-11: nothing") for item in ProtectedBy}


@dataclass
class Course:
    """``who``: user name of whoever acts; the day of an act is the course's own, which the test moves on."""

    company: Company
    row: Proceeding
    day: date = TODAY

    def access(self, who: str) -> Access:
        return replace(access_of(self.company.accounts[who], self.day), day=self.day)

    @property
    def now(self) -> Proceeding:
        self.row = Proceeding.objects.select_related("case__employee", "case__version").get(pk=self.row.pk)
        return self.row

    def check(self, who: str = "hr", **answers: Answer) -> Proceeding:
        return check_case(
            access=self.access(who), proceeding=self.now, facts="All three months were reported.",
            answers={**NONE_APPLIES, **answers},
        )  # fmt: skip

    def serve(self, who: str = "hr") -> Proceeding:
        return serve_letter(access=self.access(who), proceeding=self.now)

    def state(self, words: str = "The customers rebuild their sites.", who: str = "K2041", **more: Any) -> Proceeding:
        return make_statement(access=self.access(who), proceeding=self.now, words=words, **more)

    def decide(self, who: str = "K1000", **more: Any) -> Proceeding:
        return decide_case(
            access=self.access(who), proceeding=self.now, reason=REASON, on_statement="Rebuilding is no ground.", **more
        )

    def demote(self, days: int = 30, who: str = "K1000") -> Proceeding:
        on = self.day + timedelta(days=days)
        return self.decide(who, demotion=Demotion("contract", on, on))

    def plan(self, month: str = "2027-02") -> Proceeding:
        mentor = self.company.people["K2034"]
        return self.decide(plan=Plan((self.now.case.clause,), Month.parse(month), mentor))

    def appeal(self, who: str = "K2041") -> Proceeding:
        return raise_appeal(
            access=self.access(who), proceeding=self.now, words="The site was rebuilt, see the letters."
        )

    def answer(self, upheld: bool, who: str = "gm", **more: Any) -> Proceeding:
        return decide_appeal(access=self.access(who), proceeding=self.now, upheld=upheld, words=REASON, **more)

    def night(self, day: date) -> Proceeding:
        self.day = day
        return take_effect(access=Access.system(day, "nightly"), proceeding=self.now)

    def served(self) -> Course:
        self.check()
        self.serve()
        return self

    def decided(self) -> Course:
        self.served().state()
        self.demote()
        return self


def dismissal_of(company: Company, no: str) -> Course:
    """A clause of dismissal raised against somebody, by whichever version there is."""
    version = PolicyVersion.objects.order_by("pk").first()
    person = company.people[no]
    case = Case.objects.create(
        kind="dismissal", policy=version.key, version=version, clause="第12条", month=Month.parse("2026-10"), employee=person,
        department_id=DepartmentPeriod.objects.filter(employee=person).latest("period").department_id, owner="hr",
        evidence={"total": 51, "rule": {"zh": "连续3个月不及格", "en": "fails three months in a row"}},
    )  # fmt: skip
    return Course(company, Proceeding.objects.get(case=case))
