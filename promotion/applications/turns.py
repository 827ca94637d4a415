"""Who acts next, by name, for a page of applications at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from policy.models import PolicyVersion
from policy.selectors import checked
from promotion.applications.models import EFFECT, Application, ApplicationState
from promotion.applications.process import OPINION, PANELS, REVIEW, transition_to
from staff.models import DepartmentClosure, Role, RoleGrant, SupervisorPeriod

#: It is the person's own turn.
_OWN = (ApplicationState.NOMINATED, ApplicationState.DRAFT, ApplicationState.RETURNED)


def turns(rows: Sequence[Any], day: date) -> dict[int, str]:
    """Application → who of the day acts: the person, whoever leads them directly, the head of the nearest department that has
    one; before a panel the panel, the general manager at a tie. Left out where the role of the step does (an effect that
    came too late is HR's). ``rows`` are those of ``selectors.pipeline``. Three queries, by the rules of ``owners.accounts_at``.
    """
    found = {row.pk: row.employee.name for row in rows if row.state in _OWN}
    asked = [row for row in rows if row.step == OPINION and not _left_to_head(row)]
    leaders = _leaders({row.employee_id for row in asked}, day)
    found |= {row.pk: leaders[row.employee_id] for row in asked if row.employee_id in leaders}
    to_head = [row for row in rows if row.pk not in found and row.step in (OPINION, REVIEW)]
    heads = _heads({row.employee_id for row in to_head}, day)
    found |= {row.pk: heads[row.employee_id] for row in to_head if row.employee_id in heads}
    late = [row for row in rows if row.step == EFFECT and row.effective_on is not None and row.effective_on < day]
    return found | _before_panels(rows) | {row.pk: str(Role.HR.label) for row in late}


def _before_panels(rows: Sequence[Any]) -> dict[int, str]:
    """Those whose turn is not HR's."""
    names: dict[str, str] = {Role.JUDGE: _("the panel"), Role.GM: str(Role.GM.label)}
    return {row.pk: names[row.turn] for row in rows if row.step in PANELS and row.turn in names}


def _left_to_head(row: Application) -> bool:
    """Whether the document has the head give the opinion."""
    return _owner(row.version_id, row.version.digest, tuple(sorted(row.values.items())), row.to_tier) == Role.HEAD


@lru_cache(maxsize=512)
def _owner(version: int, digest: str, values: tuple[tuple[str, str], ...], to_tier: str) -> str:
    """Of the opinion. A published version never changes, so it is read once; empty where it has none."""
    found, given = PolicyVersion.objects.get(pk=version), dict(values)
    policy, transition = checked(found, given), transition_to(found, given, to_tier)
    return policy.process_step(transition, OPINION).owner if OPINION in transition.process else ""


def _leaders(people: set[int], day: date) -> Mapping[int, str]:
    if not people:
        return {}
    led = SupervisorPeriod.objects.filter(
        employee__in=people, period__contains=day, supervisor__account__is_active=True
    )
    return dict(led.values_list("employee_id", "supervisor__name"))


def _heads(people: set[int], day: date) -> dict[int, str]:
    """By its post, or by a grant for that department; never the person."""
    if not people:
        return {}
    granted: dict[int | None, list[tuple[int | None, str]]] = defaultdict(list)
    grants = RoleGrant.objects.filter(role=Role.HEAD, period__contains=day, account__is_active=True)
    for grant in grants.select_related("account__employee"):
        if grant.covers(day):
            granted[grant.department_id].append((grant.account.employee_id, str(grant.account)))
    above = DepartmentClosure.objects.filter(
        descendant__employee_periods__employee__in=people, descendant__employee_periods__period__contains=day
    ).order_by("depth")
    found: dict[int, str] = {}
    for person, department, head, name, active in above.values_list(
        "descendant__employee_periods__employee", "ancestor", "ancestor__head", "ancestor__head__name",
        "ancestor__head__account__is_active",
    ):  # fmt: skip
        here: dict[int | None, str] = {head: name} if head is not None and active else {}
        here.update(granted[department])
        here.pop(person, None)
        if here and person not in found:
            found[person] = pgettext("list", ", ").join(sorted(here.values()))
    return found
