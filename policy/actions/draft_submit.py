"""HR hands a draft to the general manager, with how employees were heard and where it shall be in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from policy.actions.adoption_request import account_of, require_department
from policy.actions.draft_save import came_second
from policy.actions.policy_adopt import faults_told
from policy.drafting.reads import examined, newer_than_base
from policy.language import Checked, Faults, bind
from policy.models import AdoptionRequest, DraftState, PolicyDraft
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.models import Department


@dataclass(frozen=True, slots=True)
class Destination:
    """A department in which the version shall be in force, with values of its own."""

    department: Department
    values: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def submit_draft(
    *,
    access: Access,
    draft_id: int,
    revision: int,
    consultation: str,
    places: Sequence[Destination] = (),
    starts_on: date | None = None,
    now: datetime,
) -> PolicyDraft:
    """Each place becomes a request for an adoption, decided with the draft; without one the version is only published.

    Raises ``Refused`` (faults, nothing changed, a newer version than its base, no word of how employees were heard, no day or
    one that has passed, values that cannot be read or are missing, somebody saved meanwhile), ``Forbidden``.
    """
    access.require(Thing.POLICY, Verb.UPDATE)
    maker = account_of(access)
    draft = PolicyDraft.objects.select_related("base").get(pk=draft_id)
    found = _examined(draft)
    consultation = consultation.strip()
    if not consultation:
        raise Refused(
            _("Say how employees were heard: who was asked, when, and what came of it (Labour Contract Law art. 4)."),
            code="consultation",
        )
    for place in places:
        require_department(access, place.department)
        with faults_told():
            bind(found, place.values)
    first_day = starts_on or access.day
    if places and starts_on is None:
        raise Refused(_("Say from which day on it shall be in force there."), code="starts_on")
    if places and first_day < access.day:
        raise Refused(_("A policy is adopted from today on: %(day)s or later.") % {"day": access.day}, code="starts_on")
    claimed = PolicyDraft.objects.filter(pk=draft_id, revision=revision, state=DraftState.DRAFT).update(
        state=DraftState.SUBMITTED,
        consultation=consultation,
        submitted_by_id=maker,
        submitted_at=now,
        editors=sorted({*draft.editors, maker}),
        reason="",
    )
    if not claimed:
        raise came_second(draft_id)
    AdoptionRequest.objects.bulk_create(
        AdoptionRequest(
            policy=draft.key,
            draft=draft,
            department=place.department,
            starts_on=first_day,
            values=dict(place.values),
            consultation=consultation,
            requested_by_id=maker,
        )
        for place in places
    )
    audit.record(
        access,
        "policy_draft_submitted",
        object_type="policy_draft",
        object_key=draft_id,
        after={
            "policy": draft.key,
            "digest": draft.digest,
            "from": first_day.isoformat() if places else None,
            "departments": {place.department.name: dict(place.values) for place in places},
            "consultation": consultation,
        },
    )
    draft.refresh_from_db()
    return draft


def _examined(draft: PolicyDraft) -> Checked:
    """Raises ``Refused`` where it cannot be published as it is."""
    found = examined(draft)
    if found.checked is None:
        with faults_told():
            raise Faults(list(found.faults))
    if draft.base is not None and draft.base.digest == draft.digest:
        raise Refused(_("Nothing differs from version %(n)s.") % {"n": draft.base.number}, code="unchanged")
    newer = newer_than_base(draft)
    if newer is not None:
        raise Refused(
            _("Version %(n)s has been published since this draft was begun. Compare with it first.")
            % {"n": newer.number},
            code="base",
        )
    return found.checked
