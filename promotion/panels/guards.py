"""What every act on a round asks first: whose it is, in which state it stands, and that nobody acts in their own line."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from promotion.panels.models import Judge, Round, RoundState
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.models import Employee
from staff.selectors.access import own_line

#: As much as fits a letter.
LONGEST = 4000


def worded(text: str, code: str = "words") -> str:
    """Trimmed. Raises ``Refused`` where nothing is said, or too much."""
    text = text.strip()
    if not text:
        raise Refused(_("Say it in words; they are kept."), code=code)
    return not_too_long(text, code)


def not_too_long(text: str, code: str) -> str:
    """Raises ``Refused`` for more than fits."""
    if len(text) > LONGEST:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code=code)
    return text


def locked(access: Access, round_id: int, *states: RoundState) -> Round:
    """The round under lock, for whoever arranges rounds of its department; the row waits for scores that are just being
    written. Raises ``Refused`` in another state, ``Forbidden`` outside the scope.
    """
    access.require(Thing.ROUND, Verb.UPDATE)
    found = Round.objects.visible_to(access, Verb.UPDATE).filter(pk=round_id).select_for_update().first()
    if found is None:
        raise Forbidden(_("This round is outside your scope. HR of its department arranges it."))
    refuse_state(found, *states)
    require_other_line(access, Employee.objects.filter(applications__candidacies__round=found))
    return found


def refuse_state(round: Round, *states: RoundState) -> None:
    """Raises ``Refused``, saying what it is and since when where that is known, unless it is in one of the states."""
    if round.state in states:
        return
    if round.state == RoundState.CLOSED:
        when = timezone.localtime(round.closed_at).strftime("%Y-%m-%d %H:%M")
        raise Refused(
            _("The round was closed at %(when)s by %(who)s; its scores are fixed.")
            % {"when": when, "who": round.closed_by or "-"},
            code="state",
        )
    raise Refused(
        _("The round is %(state)s, so this is not possible. Load the page again.")
        % {"state": round.get_state_display()},
        code="state",
    )


def require_other_line(access: Access, people: Iterable[Employee]) -> None:
    """Nobody acts on themselves, nor on a superior of their own line. Raises ``Forbidden``, naming who it is about."""
    line = own_line(access)
    mine = [person for person in people if person.pk in line]
    if mine:
        raise Forbidden(
            _("Among the candidates are you or somebody above you: %(names)s. A colleague of another line does this.")
            % {"names": pgettext("list", ", ").join(map(str, mine))}
        )


def own_seat(access: Access, round_id: int) -> Judge:
    """The reader's seat in the round. Raises ``Forbidden`` for whoever has none, or was replaced."""
    access.require(Thing.SCORE, Verb.CREATE)
    seat = (
        Judge.objects.filter(round=round_id, account=access.account_id, replaced_at=None)
        .select_related("round", "account")
        .first()
    )
    if seat is None or access.account_id is None:
        raise Forbidden(_("Only the judges of this round do this. If you were replaced, HR tells you why."))
    return seat
