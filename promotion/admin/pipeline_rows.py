"""A line of the pipeline: where an application stands, since when, until when, and who acts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from promotion.applications.models import DECISION, EFFECT, NOTICE, Application, ApplicationState
from promotion.applications.process import OPINION, PANELS, REVIEW
from promotion.applications.turns import turns
from promotion.web.judging_file import step_name, tiers_of
from promotion.web.tiers import TierView
from staff.models import Role

#: Who acts at a step; the effect comes by itself.
_ACTS = {
    "nominated": Role.EMPLOYEE, "draft": Role.EMPLOYEE, "returned": Role.EMPLOYEE, OPINION: Role.SUPERVISOR,
    REVIEW: Role.HEAD, **dict.fromkeys(PANELS, Role.HR), DECISION: Role.GM, NOTICE: Role.HR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """``days`` it has stood where it stands; ``due`` is its last day, or the day of its effect; ``late``: that has gone by;
    ``acts`` names who of the day acts, empty where a whole role does; ``free``: it can be put into a round.
    """

    application: Application
    tiers: tuple[TierView | None, TierView | None]
    days: int
    due: date | None
    late: bool
    acts: str
    free: bool = False


def rows_of(
    applications: Sequence[Application],
    views: Mapping[tuple[str, str], TierView],
    day: date,
    free: Collection[int] = (),
) -> Iterator[Row]:
    """Some four queries, however many there are; ``views`` are the tiers of all their ladders."""
    acts = turns(applications, day)
    for one in applications:
        due = one.due_on or one.effective_on
        yield Row(
            one, tiers_of(one, views), (day - timezone.localdate(one.step_since)).days, due, due is not None and due < day,
            acts.get(one.pk, ""), one.pk in free,
        )  # fmt: skip


def stage_key(row: Application) -> str:
    return row.step or row.state


def stage_name(key: str) -> str:
    if key == EFFECT:
        return _("takes effect")
    return str(ApplicationState(key).label) if key in ApplicationState.values else step_name(key)


def acts_at(key: str) -> str:
    """The role that acts there."""
    return str(_ACTS[key].label) if key in _ACTS else _("by itself")


def tier_names(tiers: tuple[Any, Any]) -> list[str | None]:
    return [view.name if view else None for view in tiers]
