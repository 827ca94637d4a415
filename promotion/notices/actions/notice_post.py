"""HR posts approved applications: one notice for those of one version and department."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from promotion.applications.actions.step_finish import at, note, who_was_first
from promotion.applications.models import NOTICE, Act, Application
from promotion.applications.rights import require_hr
from promotion.notices.models import Notice, NoticeEntry
from promotion.notices.wording import clauses_of, days_posted, digest_of
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.locks import Lock
from staff.kernel.outbox import Message, tell
from staff.kernel.workdays import term_end
from staff.models import Account


@transaction.atomic
def post_notice(*, access: Access, applications: Sequence[int]) -> Notice:
    """``applications`` by id. The number counts on within the year without a gap; who is posted stays as posted.

    Raises ``Forbidden`` (not HR in scope; oneself; a superior), ``Refused`` (none; of several versions, departments or lengths;
    posted or taken back meanwhile, by whom; the version gives no number of days).
    """
    access.require(Thing.NOTICE, Verb.CREATE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.NOTICES])
    rows = _claimed(access, applications)
    days = _length(rows)
    serial = (Notice.objects.filter(year=access.day.year).aggregate(last=Max("serial"))["last"] or 0) + 1
    notice = Notice(
        year=access.day.year, serial=serial, version=rows[0].version, department=rows[0].department,
        posted_on=access.day, days=days, ends_on=term_end(access.day, days), posted_by_id=access.account_id,
    )  # fmt: skip
    entries = [_entry(notice, row) for row in rows]
    notice.digest = digest_of(
        notice.number, notice.version.key, notice.version.number, notice.posted_on.isoformat(), days,
        [(e.name, e.employee_no, e.department, e.from_tier, e.to_tier, e.clauses) for e in entries],
    )  # fmt: skip
    notice.save()
    NoticeEntry.objects.bulk_create(entries)
    for row in rows:
        note(
            access, row, Act.POSTED, step=NOTICE, data={"notice": notice.number, "ends_on": notice.ends_on.isoformat()}
        )
    audit.record(
        access, "notice_posted", object_type="notice", object_key=notice.pk,
        after={"number": notice.number, "people": len(rows), "ends_on": notice.ends_on.isoformat()},
    )  # fmt: skip
    accounts = Account.objects.filter(employee__in=[row.employee_id for row in rows], is_active=True)
    tell(
        Message(f"notice:{notice.pk}:posted:{account}", account, "notice_posted", {"notice": notice.pk})
        for account in accounts.values_list("pk", flat=True)
    )
    return notice


def _claimed(access: Access, applications: Sequence[int]) -> list[Application]:
    found = Application.objects.select_for_update(of=("self",)).filter(pk__in=applications)
    rows = list(found.select_related("employee", "version", "department").order_by("employee__employee_no"))
    if not rows or len(rows) != len(set(applications)):
        raise Refused(_("Choose whom to post."), code="applications")
    posted = set(
        NoticeEntry.objects.filter(application__in=rows, taken_back_on=None).values_list("application_id", flat=True)
    )
    waiting = set(Application.objects.filter(at(NOTICE), pk__in=applications).values_list("pk", flat=True)) - posted
    for row in rows:
        require_hr(access, row.employee)
        if row.pk not in waiting:
            raise Refused(who_was_first(row), code="state")
    return rows


def _length(rows: list[Application]) -> int:
    """For how many working days all of them are posted."""
    if len({(row.version_id, row.department_id, tuple(sorted(row.values.items()))) for row in rows}) > 1:
        raise Refused(_("One notice is of one version and one department. Post these apart."), code="applications")
    lengths = [days_posted(row) for row in rows]
    known = {days for days in lengths if days is not None}
    if len(known) > 1:
        raise Refused(_("A skip-level promotion is posted for longer. Post it apart."), code="applications")
    if None in lengths:
        raise Refused(
            _("The version gives no number of days for a notice. Set the parameter by a new adoption."), code="days"
        )
    return known.pop()


def _entry(notice: Notice, row: Application) -> NoticeEntry:
    return NoticeEntry(
        notice=notice, application=row, name=row.employee.name, employee_no=row.employee.employee_no,
        department=str(row.department), from_tier=row.from_tier, to_tier=row.to_tier, clauses=clauses_of(row),
    )  # fmt: skip
