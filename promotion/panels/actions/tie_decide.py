"""The general manager decides between candidates who are equal at the last vacancy, with both files; never chance."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from promotion.panels.actions.round_close import settle_candidate
from promotion.panels.guards import require_other_line, worded
from promotion.panels.models import Candidate, Outcome, Round
from promotion.panels.scoring import left_vacant
from promotion.panels.selectors import looked_after, process_of, tied_in, undecided
from staff.kernel import audit
from staff.kernel.access import Access, Refused, Thing, Verb


@transaction.atomic
def decide_tie(*, access: Access, round_id: int, winners: Sequence[int], words: str) -> Round:
    """``winners`` are candidates by id, as many as there are vacancies left; ``words`` are read by all who were tied.

    Raises ``Refused`` (nothing is tied any more; more or fewer than the vacancies left; no words), ``Forbidden`` (also about
    oneself or a superior).
    """
    access.require(Thing.APPLICATION, Verb.DECIDE)
    found = looked_after(access).filter(undecided(), pk=round_id).select_for_update(of=("self",)).first()
    if found is None:
        raise Refused(_("Nobody is tied in this round any more. Load the page again."), code="state")
    tied = list(tied_in(found))
    if not tied:
        raise Refused(_("It was decided meanwhile. Load the page again."), code="state")
    require_other_line(access, [one.application.employee for one in tied])
    left = min(left_vacant(list(found.candidates.values_list("outcome", flat=True)), found.vacancies or 0), len(tied))
    chosen = {pk for pk in winners if any(one.pk == pk for one in tied)}
    if len(chosen) != left or len(chosen) != len(set(winners)):
        said = ngettext(
            "There is %(n)d vacancy left: choose one of them.", "There are %(n)d vacancies left: choose as many.", left
        )
        raise Refused(said % {"n": left}, code="winners")  # fmt: skip
    said = worded(words)
    step = process_of(found)
    for one in tied:
        one.outcome = Outcome.WON if one.pk in chosen else Outcome.NOT_WON
    Candidate.objects.bulk_update(tied, ["outcome"])
    for one in tied:
        settle_candidate(access, found, one, step, words=said)
    audit.record(
        access, "tie_decided", object_type="round", object_key=found.pk,
        after={"won": [one.application.employee.employee_no for one in tied if one.pk in chosen]}, reason=said[:300],
    )  # fmt: skip
    return found
