"""The audit trail as each role may read it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from staff.kernel.access import Access, Thing, Verb
from staff.models import AuditEntry
from staff.models.querysets import within

#: What entries about pay are called; HR does not read them (roles, rule 4).
PAY_OBJECTS = ("pay_record", "pay", "pay_upload", "pay_table_change")


def entries_visible_to(access: Access) -> QuerySet[AuditEntry]:
    """Auditors and the general manager read everything; HR what concerns the people of its scope, and of nobody in
    particular where the scope is the company; never anything about pay."""
    entries = AuditEntry.objects.all()
    if not access.may(Thing.AUDIT, Verb.READ):
        return entries.none()
    if access.everything or access.roles & {"auditor", "gm"}:
        return entries
    scope = access.scope(Thing.AUDIT)
    about = Q(employee__isnull=False) & within(scope, access.day, "employee__")
    if scope.company:
        about |= Q(employee__isnull=True)
    return entries.filter(about).exclude(object_type__in=PAY_OBJECTS)
