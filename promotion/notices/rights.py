"""Who acts on a notice: HR of its department, and nobody who is named on it or led by somebody who is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from promotion.notices.models import Notice, NoticeEntry
from promotion.notices.selectors import HR
from staff.actions.person_change import require_in_scope
from staff.kernel.access import Access, Forbidden, Thing, Verb
from staff.models import Employee


def require_ender(access: Access, notice: Notice) -> None:
    """Raises ``Forbidden``: the nightly job, or HR of the notice's department who is not named on it."""
    access.require(Thing.NOTICE, Verb.DECIDE)
    if access.everything:
        return
    scope = access.in_roles(HR).scope(Thing.NOTICE, Verb.DECIDE)
    if not scope.company and notice.department_id not in scope.departments:
        raise Forbidden(_("%(department)s is outside your scope.") % {"department": notice.department})
    require_not_named(access, notice)


def require_answerer(access: Access, notice: Notice, about: Employee, by_id: int) -> None:
    """Raises ``Forbidden``: HR of the person's department who is not named on the notice, not led by the person, and did not
    raise the objection.
    """
    hr = access.in_roles(HR)
    if not hr.may(Thing.OBJECTION, Verb.DECIDE):
        raise Forbidden(_("HR answers objections, in writing."))
    if by_id == access.account_id:
        raise Forbidden(_("You raised this objection, so a colleague answers it."))
    hr.require_about(about.pk, Thing.OBJECTION, Verb.DECIDE)
    require_in_scope(hr, about, Verb.DECIDE, Thing.OBJECTION)
    require_not_named(access, notice)


def require_not_named(access: Access, notice: Notice) -> None:
    """Raises ``Forbidden`` for somebody on the notice."""
    if access.employee_id is None:
        return
    if NoticeEntry.objects.filter(notice=notice, application__employee=access.employee_id).exists():
        raise Forbidden(_("You are named on this notice, so a colleague acts on it."))
