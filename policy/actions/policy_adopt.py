"""Put a policy in force for a department and all below it, from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from policy.actions.policy_publish import publish
from policy.language import Faults
from policy.models import Adoption, PolicyVersion
from policy.selectors import adoption_on, checked, document_of, policy_keys
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.locks import Lock
from staff.kernel.refusals import Message, told
from staff.kernel.words import in_english
from staff.models import Department
from staff.selectors.departments import policy_in_department

#: The lock of the conflict trigger: taken first, so that two adoptions at once wait instead of failing late.
_ADOPTIONS = Lock.ADOPTIONS


class Request(Protocol):
    """What one person asked for and another approved."""

    requested_by_id: int
    decided_by_id: int | None


@transaction.atomic
def adopt(
    *,
    access: Access,
    key: str,
    department: Department,
    starts_on: date,
    values: Mapping[str, str] | None = None,
    consultation: str = "",
    request: Request | None = None,
    version: PolicyVersion | None = None,
) -> Adoption:
    """Adopts ``version``; where none is named the library's document of ``key``, published as a version if it is new, or the
    latest version of a policy that is none of the library's.

    ``values`` sets parameters and readings by name. Adopting the same policy again from a later day ends the earlier
    adoption there; the same again changes nothing. From the browser only from today on, and only on the ``request`` of
    one person that ``access`` has approved as another; on the server the operator stands in for both.

    Raises ``Refused`` (unknown key, missing parameters with all their names, a conflict with the other's name, a day that
    has passed), ``Forbidden``.
    """
    access.require(Thing.POLICY, Verb.DECIDE)
    adopted_by_id, approved_by_id = _two_people(access, request)
    if access.channel != "command" and starts_on < access.day:
        raise Refused(_("A policy is adopted from today on: %(day)s or later.") % {"day": access.day})
    given = dict(values or {})
    version = version or _version(access, key)
    with faults_told():
        checked(version, given)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADOPTIONS])
    earlier = adoption_on(key, department, starts_on).select_for_update().first()
    if earlier and earlier.version_id == version.pk and earlier.values == given:
        return earlier
    ended = _end(earlier, starts_on) if earlier else None
    later = Adoption.objects.filter(policy=key, department=department, period__startswith__gt=starts_on)
    next_one = later.order_by("period").first()
    adoption = Adoption(
        version=version,
        policy=key,
        department=department,
        period=DateRange(starts_on, next_one.period.lower if next_one else None),
        values=given,
        adopted_by_id=adopted_by_id,
        approved_by_id=approved_by_id,
        consultation=consultation,
    )
    save_told(adoption)
    _record(access, adoption, ended)
    return adoption


def _version(access: Access, key: str) -> PolicyVersion:
    try:
        text, published = document_of(key)
    except KeyError:
        raise unknown_policy(key) from None
    return published or publish(access=access, text=text)


def _record(access: Access, adoption: Adoption, ended: dict[str, object] | None) -> None:
    after = {
        "policy": adoption.policy,
        "version": adoption.version.number,
        "department": adoption.department.name,
        "from": str(adoption.period.lower),
        "values": adoption.values,
        "consultation": adoption.consultation or None,
    }
    audit.record(access, "policy_adopted", object_type="adoption", object_key=adoption.pk, before=ended, after=after)


def _two_people(access: Access, request: Request | None) -> tuple[int | None, int | None]:
    """Who asked and who approved (rule 2: maker is not checker)."""
    if access.everything:
        return None, None
    if request is None or request.decided_by_id != access.account_id or request.requested_by_id in access.accounts:
        raise Forbidden(
            _("Maker is not checker: HR requests that a policy be put in force, the general manager approves it.")
        )
    return request.requested_by_id, access.account_id


def unknown_policy(key: str) -> Refused:
    return Refused(
        _("There is no policy `%(key)s` in the library; it has: %(keys)s.")
        % {"key": key, "keys": ", ".join(policy_keys())}
    )


@contextmanager
def faults_told() -> Iterator[None]:
    """Faults of a document or of an adoption's values, refused with all of them in the reader's language."""
    try:
        yield
    except Faults as faults:
        raise Refused(faults.text("en" if in_english() else "zh"), code="faults") from faults


def _end(earlier: Adoption, day: date) -> dict[str, object]:
    if earlier.period.lower == day:
        raise Refused(
            _("%(policy)s is in force in %(department)s from %(day)s already, with other content. Choose a later day.")
            % {"policy": earlier.version.title, "department": earlier.department.name, "day": day},
            code="same_day",
        )
    earlier.period = DateRange(earlier.period.lower, day)
    save_told(earlier)
    return {"adoption": earlier.pk, "ended": day.isoformat()}


def save_told(adoption: Adoption) -> None:
    """Saves, and tells a refusal of the database's rules in words."""
    messages: dict[str, Message] = {
        "adoptions_do_not_conflict": lambda other: (
            _("Two policies would govern the same people: %(other)s. End that adoption first.")
            % {"other": policy_in_department(other)}
        ),
        "adoption_keeps_sealed_months": (
            _("A sealed month lies after %(day)s. Adopt from a day after the last sealed month.")
            % {"day": adoption.period.lower}
        ),
    }
    with told(messages):
        adoption.save()
