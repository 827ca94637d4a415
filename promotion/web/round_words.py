"""How rounds read in the inbox and among what waits: no score, and of an open round nobody's progress but one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.panels.models import Recusal, RoundState, Stance
from promotion.panels.selectors import UNDER_WAY, assigned, in_scope, ties_to_decide
from promotion.web.judging_file import step_name
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.todos import Todo, register_todos
from staff.kernel.told import Payload, register_message

#: kind of message → its words, and the page that it leads to.
MESSAGES = {
    "round_assigned": (gettext_lazy("You are asked to judge in a round: declare conflicts first."), "judging-round"),
    "round_widened": (
        gettext_lazy("Candidates were added to a round that you judge: declare conflicts anew."), "judging-round",
    ),
    "round_called": (gettext_lazy("You are called before a panel: see when, where and who judges."), "my-round"),
    "round_opened": (gettext_lazy("A round whose panel you sit on takes scores now."), "judging-round"),
    "round_reminded": (gettext_lazy("HR reminds all judges to declare and to hand in scores."), "judging-round"),
    "judge_replaced": (gettext_lazy("You were replaced on a panel; what you wrote there does not count."), ""),
    "recusal_raised": (gettext_lazy("A conflict of interest or a challenge waits to be settled."), "admin:round"),
    "recusal_settled": (gettext_lazy("HR has settled a conflict of interest or challenge of yours."), ""),
    "round_cancelled": (gettext_lazy("A round was cancelled and will be repeated."), ""),
    "round_closed": (gettext_lazy("A round is closed; its result stands."), ""),
    "tie_to_decide": (gettext_lazy("Candidates are equal at the last vacancy; you decide."), "tie"),
}  # fmt: skip


def register_round_words() -> None:
    """Called once, when the apps are up."""
    for kind in MESSAGES:
        register_message(kind, _words(kind), _url(kind))
    register_todos("rounds", todos)


def todos(access: Access) -> Iterable[Todo]:
    """A judge's own rounds, HR's to settle, the general manager's ties. Three queries at most."""
    if access.may(Thing.SCORE, Verb.CREATE) and access.account_id is not None:
        yield from _judges(access)
    if access.may(Thing.ROUND, Verb.UPDATE):
        yield from _unsettled(access)
    for round in ties_to_decide(access):
        text = _("%(step)s: equal at the last vacancy") % {"step": step_name(round.step).capitalize()}
        yield Todo(f"tie:{round.pk}", text, reverse("tie", args=[round.pk]), since=timezone.localdate(round.closed_at))


def _judges(access: Access) -> Iterable[Todo]:
    for seat in assigned(access).filter(round__state__in=UNDER_WAY):
        asked = seat.stance == Stance.ASKED
        scores = seat.round.state == RoundState.OPEN and seat.stance == Stance.CLEAR and seat.done < seat.candidates_all
        if not (asked or scores):
            continue
        text = _("%(step)s: declare conflicts of interest") if asked else _("%(step)s: hand in your scores")
        yield Todo(
            f"judging:{seat.round_id}",
            text % {"step": step_name(seat.round.step).capitalize()},
            reverse("judging-round", args=[seat.round_id]),
            due_on=timezone.localdate(seat.round.closes_at),
            since=timezone.localdate(seat.assigned_at),
        )


def _unsettled(access: Access) -> Iterable[Todo]:
    rounds = in_scope(access).filter(state__in=UNDER_WAY)
    rows = Recusal.objects.filter(
        judge__round__in=rounds, judge__replaced_at=None, candidate__left_at=None, upheld=None
    )
    for recusal in rows.select_related("judge__round").order_by("judge__round_id", "pk").distinct("judge__round_id"):
        round = recusal.judge.round
        text = _("%(step)s: a conflict or challenge to settle") % {"step": step_name(round.step).capitalize()}
        yield Todo(
            f"recusal:{round.pk}", text, reverse("admin:round", args=[round.pk]),
            due_on=timezone.localdate(round.opens_at), since=timezone.localdate(recusal.raised_at),
        )  # fmt: skip


def _words(kind: str) -> Callable[[Payload], str]:
    return lambda payload: str(MESSAGES[kind][0])


def _url(kind: str) -> Callable[[Payload], str | None]:
    name = MESSAGES[kind][1]

    def url(payload: Payload) -> str | None:
        return reverse(name, args=[payload["round"]]) if name else None

    return url
