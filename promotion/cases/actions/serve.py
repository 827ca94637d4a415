"""HR serves the letter on the person: the clause, the facts, the arithmetic, and what may be done until when."""

from __future__ import annotations

from django.db import transaction

from promotion.applications.owners import account_of
from promotion.cases.actions.move import move, state_in
from promotion.cases.bounds import HR, person_of, require_as
from promotion.cases.letter import letter_of
from promotion.cases.models import CaseAct, Proceeding, ProceedingState
from staff.kernel.access import Access, Verb
from staff.kernel.workdays import term_end

#: Working days for a statement (process, Demotion).
STATEMENT = 5


@transaction.atomic
def serve_letter(*, access: Access, proceeding: Proceeding, key: str | None = None) -> Proceeding:
    """The letter is kept as it was served, with its digest. The term for a statement begins the day after.

    Raises ``Forbidden``; ``Refused`` where the facts are not checked, were corrected meanwhile, or it was served already.
    """
    require_as(access, proceeding, HR, Verb.UPDATE)
    due = term_end(access.day, STATEMENT)
    letter = letter_of(proceeding, access.day, due)
    return move(
        access=access, proceeding=proceeding, where=state_in(ProceedingState.CHECKED), act=CaseAct.SERVED, role="hr",
        words=letter.text, data=letter.facts, key=key, state=ProceedingState.SERVED, served_on=access.day,
        statement_due=due, due_on=due, tells=[("case_served", account_of(person_of(proceeding).pk))],
    )  # fmt: skip
