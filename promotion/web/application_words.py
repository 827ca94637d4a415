"""An application in words: what comes next, who acts, the timeline of what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from promotion.applications.models import DECISION, EFFECT, NOTICE, Application, ApplicationEvent, ApplicationState
from promotion.applications.process import APPLICATION, EXAM, OPINION, PANELS, REVIEW
from promotion.applications.selectors import Stop
from promotion.web.judging_file import step_name
from staff.models import Role


@dataclass(frozen=True, slots=True)
class EventLine:
    """One act: what was done, by whom in which role, when, and what was said."""

    act: str
    who: str
    role: str
    at: datetime
    words: str


def event_lines(events: Sequence[ApplicationEvent]) -> list[EventLine]:
    return [
        EventLine(
            str(event.get_act_display()),
            event.signed or _("by itself"),
            str(Role(event.role).label) if event.role in Role.values else "",
            event.at,
            "" if event.words == "***" else event.words,
        )
        for event in events
    ]


def stop_words(stop: Stop, application: Application) -> str:
    """The step's name on the timeline."""
    if stop.step == EFFECT:
        return _("takes effect")
    if stop.step == APPLICATION:
        return _("handed in")
    return step_name(stop.step)


def next_in_words(application: Application, *, own: bool) -> str:
    """One sentence: what happens next, or what came of it."""
    state = ApplicationState(application.state)
    if state is ApplicationState.OPEN:
        return _OPEN_OWN[application.step]() if own and application.step in _OPEN_OWN else _OPEN[application.step]()
    words = {
        ApplicationState.DRAFT: _("It is written and not handed in yet."),
        ApplicationState.NOMINATED: _("HR nominates: it goes on once the person accepts."),
        ApplicationState.RETURNED: _(
            "It was returned: what is missing is to be completed, then it is handed in again."
        ),
        ApplicationState.WITHDRAWN: _("It was withdrawn; nothing follows from it."),
        ApplicationState.DECLINED: _("It was declined, with the clause and the reason below."),
        ApplicationState.HALTED: _("It was halted; the reason stands below."),
        ApplicationState.EFFECTIVE: _("The promotion stands in the ledger."),
    }
    return words[state]


_OPEN = {
    OPINION: lambda: _("The supervisor gives an opinion next."),
    REVIEW: lambda: _("The head of department reviews it next."),
    **dict.fromkeys(PANELS, lambda: _("HR puts it into a round, and the panel judges.")),
    DECISION: lambda: _("The general manager decides next."),
    NOTICE: lambda: _("It is approved and posted for objection; then it takes effect on its day."),
    EFFECT: lambda: _("The notice has ended. It takes effect on its day by itself."),
    EXAM: lambda: _("HR confirms the exam next."),
}
_OPEN_OWN = {
    OPINION: lambda: _("Your supervisor gives an opinion next. There is nothing for you to do."),
    REVIEW: lambda: _("The head of your department reviews it next. There is nothing for you to do."),
    **dict.fromkeys(PANELS, lambda: _("HR tells you when and where the panel hears you.")),
    DECISION: lambda: _("The general manager decides next. Until then you may withdraw it."),
}
