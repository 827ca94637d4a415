"""HR marks a supervisor's post vacant."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.shortlist.models import Vacancy
from promotion.shortlist.selectors import clauses_of, ladder_of
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.refusals import require_fit, told
from staff.models import Department, Role
from staff.selectors.grants import accounts_in_role


@transaction.atomic
def mark_vacancy(
    *, access: Access, department: Department, post: str, vacant_on: date, clause: str, reason: str
) -> Vacancy:
    """From now on whoever holds the top tier of the ladder that governs the department is listed for it, and the general
    manager is asked. ``clause``: the passage of the policy in force on which that rests, where it has passages.

    Raises ``Refused`` (no ladder governs the department; a clause the policy does not have; nothing said; marked already),
    ``Forbidden`` (out of scope).
    """
    access.require(Thing.VACANCY, Verb.CREATE)
    scope = access.scope(Thing.VACANCY, Verb.CREATE)
    if access.account_id is None or not (scope.company or department.pk in scope.departments):
        raise Forbidden(_("%(department)s is outside your scope.") % {"department": department})
    post, reason, clause = post.strip(), reason.strip(), clause.strip()
    if not post or not reason:
        raise Refused(_("Say which post, and why it is vacant."), code="post" if not post else "reason")
    governed = ladder_of(department, access.day)
    if governed is None or governed.checked.ladder is None:
        raise Refused(_("No ladder is in force for this department, so there is nobody to list."), code="department")
    known = clauses_of(governed.checked)
    if known and clause not in dict(known):
        numbers = ", ".join(number for number, _text in known)
        raise Refused(_("Name the clause that it rests on, one of %(clauses)s.") % {"clauses": numbers}, code="clause")
    row = Vacancy(
        department=department, post=post, vacant_on=vacant_on, version=governed.version, reason=reason, clause=clause,
        tier=str(governed.checked.ladder.tiers[-1].key), opened_by_id=access.account_id,
    )  # fmt: skip
    require_fit(row, "post", "reason", "clause")
    with told({"one_open_vacancy_a_post": _("This post is marked vacant already. Settle that first.")}):
        row.save()
    audit.record(
        access, "vacancy_marked", object_type="vacancy", object_key=row.pk, reason=reason,
        after={"department": department.name, "post": post, "tier": row.tier, "clause": clause},
    )  # fmt: skip
    tell(
        Message(f"vacancy:{row.pk}:asked:{pk}", pk, "vacancy_to_decide", {"vacancy": row.pk})
        for pk in accounts_in_role(Role.GM, access.day)
        if pk != access.account_id
    )
    return row
