"""The table of teams and metrics."""

from __future__ import annotations

from django import template

from assessment.models import Metric
from assessment.selectors.months import Team
from assessment.selectors.needs import Completeness

register = template.Library()


@register.simple_tag
def cell_of(team: Team, metric: Metric) -> Completeness | None:
    """What the team has reported of the metric; None where nothing is asked of it."""
    return team.cells.get(metric.pk)
