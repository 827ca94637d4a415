"""What waits for whoever opens the admin: each kind of thing is counted for the roles whose it is, all in one query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import ngettext
from django_celery_beat.models import PeriodicTask

from assessment.models import Case, CaseState, Doubt, DoubtState
from assessment.selectors.feedback import last_owed, with_hr
from policy.models import AdoptionRequest, DraftState, PolicyDraft, RequestState
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.admin import may_in_admin
from staff.models import TWO_PERSON_ROLES, Employee, RecordUpload, RoleGrant, UploadState


@dataclass(frozen=True, slots=True)
class Due:
    """``rows`` gives what waits for the reader, None where it is not theirs; ``said`` gives the words for a count, with
    ``%(n)d`` in them; ``page`` is the URL's name, and ``query`` what that page is narrowed to.
    """

    key: str
    rows: Callable[[Access], QuerySet[Any] | None]
    said: Callable[[int], str]
    page: str
    query: Mapping[str, str] | None = None

    @property
    def url(self) -> str:
        return reverse(self.page, query=self.query)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the first page."""

    text: str
    url: str


_dues: list[Due] = []


def register_due(due: Due) -> None:
    """Adds a kind of thing to the first page. The same one again changes nothing."""
    if all(known.key != due.key for known in _dues):
        _dues.append(due)


def counted(access: Access) -> list[QuerySet[Any]]:
    """(key, how many, 0) of each kind that may wait for the reader; to be joined into one query."""
    found = [(due.key, due.rows(access)) for due in _dues]
    return [
        rows.order_by().values(of=Value(key)).annotate(n=Count("pk"), fresh=Value(0)).values_list("of", "n", "fresh")
        for key, rows in found
        if rows is not None
    ]


def waiting(counts: dict[str, int]) -> list[Waiting]:
    """In words, in the order of the kinds; what nobody waits for is left out."""
    return [Waiting(due.said(n) % {"n": n}, due.url) for due in _dues if (n := counts.get(due.key, 0))]


def _doubts(access: Access) -> QuerySet[Any] | None:
    if not may_in_admin(access, Thing.DOUBT, Verb.DECIDE):
        return None
    return Doubt.objects.visible_to(access, Verb.DECIDE).filter(state=DoubtState.WITH_HR)


def _objections_to_results(access: Access) -> QuerySet[Any] | None:
    if not may_in_admin(access, Thing.FEEDBACK, Verb.DECIDE):
        return None
    return with_hr(access)


def _not_fed_back(access: Access) -> QuerySet[Any] | None:
    """People in HR's scope whom nobody has told their result of the last sealed month."""
    if not may_in_admin(access, Thing.FEEDBACK, Verb.DECIDE):
        return None
    people = Employee.objects.visible_to(access, Verb.DECIDE, Thing.FEEDBACK)
    return last_owed(access.day).filter(employee__in=people)


def _cases(access: Access) -> QuerySet[Any] | None:
    if not may_in_admin(access, Thing.CASE, Verb.UPDATE):
        return None
    return Case.objects.visible_to(access, Verb.UPDATE).filter(state=CaseState.OPEN)


def _adoptions_to_decide(access: Access) -> QuerySet[Any] | None:
    if not may_in_admin(access, Thing.POLICY, Verb.DECIDE):
        return None
    alone = AdoptionRequest.objects.filter(state=RequestState.PENDING, draft__isnull=True)
    return alone.exclude(requested_by=access.account_id)


def _drafts_to_decide(access: Access) -> QuerySet[Any] | None:
    if not may_in_admin(access, Thing.POLICY, Verb.DECIDE):
        return None
    waiting = PolicyDraft.objects.filter(state=DraftState.SUBMITTED)
    return waiting.exclude(editors__contains=[access.account_id])


def _adoptions_asked(access: Access) -> QuerySet[Any] | None:
    if not may_in_admin(access, Thing.POLICY, Verb.CREATE):
        return None
    return AdoptionRequest.objects.filter(
        state=RequestState.PENDING, requested_by=access.account_id, draft__isnull=True
    )


def _grants(access: Access) -> QuerySet[Any] | None:
    """Those that a second person must approve, unless the reader made or receives them."""
    if not may_in_admin(access, Thing.GRANT, Verb.DECIDE):
        return None
    lasts = Q(period__upper_inf=True) | Q(period__endswith__gt=access.day)
    return (
        RoleGrant.objects.filter(lasts, role__in=TWO_PERSON_ROLES, approved_by__isnull=True, by_operator_command=False)
        .exclude(granted_by=access.account_id)
        .exclude(account=access.account_id)
    )


def _uploads(access: Access) -> QuerySet[Any] | None:
    if not (may_in_admin(access, Thing.VALUE, Verb.CREATE) or may_in_admin(access, Thing.PAY, Verb.CREATE)):
        return None
    return RecordUpload.objects.filter(account=access.account_id, state=UploadState.PREVIEWED)


def _jobs_off(access: Access) -> QuerySet[Any] | None:
    if not may_in_admin(access, Thing.JOB, Verb.UPDATE):
        return None
    return PeriodicTask.objects.filter(crontab__isnull=False, enabled=False)


register_due(
    Due(
        "doubts",
        _doubts,
        lambda n: ngettext("%(n)d doubt waits for HR's answer", "%(n)d doubts wait for HR's answer", n),
        "admin:doubts",
    )
)
register_due(
    Due(
        "objections_to_results",
        _objections_to_results,
        lambda n: ngettext(
            "%(n)d objection to a result waits for HR's answer", "%(n)d objections to results wait for HR's answer", n
        ),
        "admin:feedback-list",
    )
)
register_due(
    Due(
        "not_fed_back",
        _not_fed_back,
        lambda n: ngettext(
            "%(n)d person has not been told their result of the last sealed month",
            "%(n)d people have not been told their result of the last sealed month",
            n,
        ),
        "admin:feedback-list",
    )
)
register_due(
    Due(
        "cases",
        _cases,
        lambda n: ngettext("%(n)d case waits to be handled", "%(n)d cases wait to be handled", n),
        "admin:cases",
    )
)
register_due(
    Due(
        "adoptions",
        _adoptions_to_decide,
        lambda n: ngettext(
            "%(n)d request to adopt a policy waits for your decision",
            "%(n)d requests to adopt a policy wait for your decision",
            n,
        ),
        "admin:policy_adoption_changelist",
    )
)
register_due(
    Due(
        "policy_drafts",
        _drafts_to_decide,
        lambda n: ngettext(
            "%(n)d draft of a policy waits for your decision", "%(n)d drafts of policies wait for your decision", n
        ),
        "admin:policy_policyversion_changelist",
    )
)
register_due(
    Due(
        "asked",
        _adoptions_asked,
        lambda n: ngettext(
            "%(n)d adoption you asked for waits for the general manager",
            "%(n)d adoptions you asked for wait for the general manager",
            n,
        ),
        "admin:policy_adoption_changelist",
    )
)
register_due(
    Due(
        "grants",
        _grants,
        lambda n: ngettext(
            "%(n)d role grant waits for a second person", "%(n)d role grants wait for a second person", n
        ),
        "admin:staff_rolegrant_changelist",
    )
)
register_due(
    Due(
        "uploads",
        _uploads,
        lambda n: ngettext(
            "%(n)d upload is previewed and not decided", "%(n)d uploads are previewed and not decided", n
        ),
        "admin:uploads",
    )
)
register_due(
    Due(
        "jobs",
        _jobs_off,
        lambda n: ngettext("%(n)d periodic job is switched off", "%(n)d periodic jobs are switched off", n),
        "admin:django_celery_beat_periodictask_changelist",
    )
)
