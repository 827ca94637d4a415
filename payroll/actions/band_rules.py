"""What every step of a change of a pay table asks: who, from which day, and that no other change is in the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from assessment.models import AssessmentMonth
from payroll.models import ChangeState, PayTableChange, PayTableLine
from payroll.selectors.bands import level_values
from policy import library
from policy.models import Adoption
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.periods import Month


def require_company(access: Access, verb: Verb) -> None:
    """Raises ``Forbidden`` for a scope smaller than the company: a table holds for everybody on the ladder."""
    access.require(Thing.BAND, verb)
    if not access.scope(Thing.BAND, verb).company:
        raise Forbidden(
            _("A pay table holds for the whole company: it is changed by a payroll officer of the whole company.")
        )


def account_of(access: Access) -> int:
    """The account that drafts or decides. Raises ``Forbidden`` where nobody is named."""
    if access.account_id is None:
        raise Forbidden(_("A pay table is changed by two people who are signed in: payroll drafts, the gm decides."))
    return access.account_id


def require_day(access: Access, day: date) -> None:
    """The server's commands may set any day."""
    if access.channel != "command" and day < access.day:
        raise Refused(_("A pay table changes from today on: %(day)s or later.") % {"day": access.day}, code="starts_on")


def require_free(access: Access, change: PayTableChange, lines: Iterable[PayTableLine]) -> None:
    """The change may take effect on its day. Raises ``Refused`` naming what is in the way."""
    require_day(access, change.starts_on)
    others = PayTableChange.objects.filter(ladder=change.ladder).exclude(pk=change.pk)
    in_the_way = Q(state=ChangeState.SUBMITTED) | Q(state=ChangeState.APPROVED, starts_on__gte=change.starts_on)
    other = others.filter(in_the_way).select_related("requested_by__employee").order_by("-state").first()
    if other is not None and other.state == ChangeState.SUBMITTED:
        raise Refused(
            _("A change of this ladder from %(day)s by %(name)s waits for the general manager already: one at a time.")
            % {"day": other.starts_on, "name": other.requested_by},
            code="conflict",
        )
    if other is not None:
        raise Refused(
            _("A change from %(other)s by %(name)s has been approved already. Choose a day after it.")
            % {"other": other.starts_on, "name": other.requested_by},
            code="conflict",
        )
    if level_values(lines):
        _require_adoptable(change)


def _require_adoptable(change: PayTableChange) -> None:
    """Level pay is adopted anew: in no sealed month, before no other adoption, of the very document that is in force."""
    sealed = AssessmentMonth.objects.filter(state="sealed", month__gte=Month.of(change.starts_on))
    last = sealed.order_by("-month").first()
    if last is not None:
        raise Refused(
            _("%(month)s is sealed: its pay stays. Choose a day from %(day)s on.")
            % {"month": last.month, "day": last.month.next.first_day},
            code="starts_on",
        )
    later = Adoption.objects.filter(policy=change.ladder, period__startswith__gte=change.starts_on).order_by("-period")
    if next_one := later.select_related("department").first():
        raise Refused(
            _("The policy is adopted anew in %(department)s from %(day)s. Choose a day after it.")
            % {"department": next_one.department, "day": next_one.period.lower},
            code="starts_on",
        )
    for adoption in in_force(change).select_related("version", "department"):
        if adoption.version.document != library.text(change.ladder):
            raise Refused(
                _(
                    "The library has another document of this policy than the one in force in %(department)s. Let HR "
                    "request its adoption first, then change the amounts."
                )
                % {"department": adoption.department}
            )


def in_force(change: PayTableChange) -> Any:
    """The adoptions that the change's level pay would end on its day."""
    return Adoption.objects.filter(policy=change.ladder, period__contains=change.starts_on)


def said(lines: Iterable[PayTableLine]) -> dict[str, dict[str, str]]:
    """For the trail, which only those read who may read pay."""
    names = ("level_pay", "minimum", "midpoint", "maximum")
    return {
        line.tier: {name: str(getattr(line, name)) for name in names if getattr(line, name) is not None}
        for line in lines
    }
