"""HR reminds whoever owes the next step of applications, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from promotion.applications.models import EFFECT, NOTICE, UNSETTLED, Application, ApplicationState
from promotion.applications.owners import account_of, accounts_at, before_panel
from promotion.applications.process import PANELS
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Account, OutboxMessage, Role

#: Reminded about at once.
MOST = 200
#: What those are told who act in a round, and not on one application.
_OF_ROUNDS: Mapping[Role, str] = {Role.JUDGE: "round_reminded", Role.GM: "tie_to_decide"}


@dataclass(frozen=True, slots=True)
class Reminded:
    """``now`` and ``before`` name whoever was reminded, and whoever had been today; ``nobody``: applications for which nobody
    else than the reader has anything to do.
    """

    now: tuple[str, ...]
    before: tuple[str, ...]
    nobody: tuple[Application, ...]


@transaction.atomic
def remind_owners(*, access: Access, applications: Sequence[int]) -> Reminded:
    """``applications`` by id. Each person is reminded once a day about one application; of a round, whose candidates a judge
    scores together, once a day, and all its judges alike.

    Raises ``Refused`` (none; too many; settled or outside the scope), ``Forbidden``.
    """
    access.require(Thing.APPLICATION, Verb.UPDATE)
    wanted = set(applications)
    if not wanted or len(wanted) > MOST:
        raise Refused(_("Choose applications to remind about, at most %(most)s.") % {"most": MOST}, code="applications")
    rows = Application.objects.visible_to(access.others(), Verb.UPDATE).filter(pk__in=wanted, state__in=UNSETTLED)
    found = list(rows.select_related("employee", "version").order_by("pk"))
    if len(found) < len(wanted):
        raise Refused(
            _("Of those chosen, %(n)s are settled or outside your scope. Load the page again.")
            % {"n": len(wanted) - len(found)},
            code="applications",
        )
    owed = {row: _owed(access, row) for row in found}
    messages = {message.key: message for row in found for message in owed[row]}
    known = set(OutboxMessage.objects.filter(key__in=messages).values_list("key", flat=True))
    tell(message for key, message in messages.items() if key not in known)
    for row in found:
        fresh = [message for message in owed[row] if message.key not in known]
        if fresh:
            audit.record(
                access, "owners_reminded", object_type="application", object_key=row.pk, employee_id=row.employee_id,
                after={"step": row.step or row.state, "accounts": len(fresh)},
            )  # fmt: skip
    return Reminded(
        now=_names(message for key, message in messages.items() if key not in known),
        before=_names(messages[key] for key in known),
        nobody=tuple(row for row in found if not owed[row]),
    )


def _owed(access: Access, row: Application) -> list[Message]:
    """To whoever has to act, but not to the reader themselves; none where it goes on by itself."""
    kind, about, payload = "application_reminded", f"application:{row.pk}", {"application": row.pk}
    if row.state != ApplicationState.OPEN:
        accounts = account_of(row.employee_id)
    elif row.step in PANELS:
        role, round, accounts = before_panel(row, access.day)
        if round is not None and role in _OF_ROUNDS:
            kind, about, payload = _OF_ROUNDS[role], f"round:{round.pk}", {"round": round.pk}
    else:
        accounts = [] if _by_itself(row, access) else accounts_at(row, row.step, access.day)
    return [
        Message(f"{about}:reminded:{access.day}:{account}", account, kind, payload)
        for account in accounts
        if account != access.account_id
    ]


def _by_itself(row: Application, access: Access) -> bool:
    """A notice that is posted ends on its day, unless an objection is open; an effect comes on its day."""
    if row.step == NOTICE:
        posted = row.entries.filter(taken_back_on=None)
        return posted.exists() and not posted.filter(objections__state="open").exists()
    return row.step == EFFECT and row.effective_on is not None and row.effective_on >= access.day


def _names(messages: Iterable[Message]) -> tuple[str, ...]:
    people = {message.recipient_id for message in messages}
    accounts = Account.objects.filter(pk__in=people).select_related("employee").order_by("username")
    return tuple(map(str, accounts))
