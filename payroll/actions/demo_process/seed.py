"""The story of the demonstration's company is played, once its months are sealed but for the last."""

from __future__ import annotations

from django.db import transaction

from payroll.actions.demo_process.demotions import demotions
from payroll.actions.demo_process.promotions import promotions
from payroll.actions.demo_process.stage import Stage
from payroll.actions.demo_process.talks import deputies, talks, vacancy


@transaction.atomic
def play_story(stage: Stage) -> int:
    """Applications, rounds, notices, cases, corrections, talks, deputies and a vacancy, by their days; how many acts.

    Raises ``Refused``, ``Forbidden``: what the product refuses to people it refuses here.
    """
    promotions(stage)
    demotions(stage)
    talks(stage)
    deputies(stage)
    vacancy(stage)
    return stage.play()
