"""An adoption that has not begun is taken back; what it would have ended goes on."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg2.extras import DateRange

from policy.actions.policy_adopt import save_told
from policy.models import Adoption
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.locks import Lock


@transaction.atomic
def withdraw_adoption(*, access: Access, adoption_id: int, reason: str) -> None:
    """Until the day before it begins. Raises ``Refused`` from its day on, without a reason, or where it is gone already;
    ``Forbidden``.
    """
    access.require(Thing.POLICY, Verb.DECIDE)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why it is withdrawn: HR and auditors read it."), code="reason")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.ADOPTIONS])
    adoption = Adoption.objects.select_for_update(of=("self",)).select_related("department", "version").filter(
        pk=adoption_id
    ).first()  # fmt: skip
    if adoption is None:
        raise Refused(_("This adoption has been withdrawn already."), code="gone")
    first, until = adoption.period.lower, adoption.period.upper
    if first is None or first <= access.day:
        raise Refused(
            _("It is in force since %(day)s. Adopt another version from a later day instead.") % {"day": first},
            code="begun",
        )
    before = Adoption.objects.filter(
        policy=adoption.policy, department=adoption.department, period__endswith=first
    ).first()  # fmt: skip
    adoption.delete()
    if before is not None:
        before.period = DateRange(before.period.lower, until)
        save_told(before)  # another policy may have been adopted in its place
    audit.record(
        access,
        "adoption_withdrawn",
        object_type="adoption",
        object_key=adoption_id,
        before={
            "policy": adoption.policy,
            "version": adoption.version.number,
            "department": adoption.department.name,
            "from": first.isoformat(),
            "values": adoption.values,
        },
        after={"goes_on": before.pk} if before else None,
        reason=reason,
    )
