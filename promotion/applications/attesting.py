"""The clauses that people judge: at which step which of them are answered, and what the answers come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from policy.language.checked import Clause
from promotion.applications.models import DECISION, Act, Application, ApplicationEvent, ApplicationKind, Attestation
from promotion.applications.process import OPINION, PANELS, REVIEW, transition_of
from staff.kernel.access import Access, Refused

#: Where a role's clauses are answered: at the first of these that the process has.
_HOMES = {
    "supervisor": (OPINION, REVIEW, DECISION), "head": (REVIEW, OPINION, DECISION), "panel": (*PANELS, DECISION),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Met or unmet, and why."""

    met: bool
    reason: str


def attested_clauses(application: Application) -> tuple[Clause, ...]:
    """Those that people judge. A skip-level promotion is judged by its merit, and by none of them."""
    if application.kind == ApplicationKind.SKIP:
        return ()
    return tuple(clause for clause in transition_of(application).clauses if clause.attest)


def home_of(application: Application, clause: Clause) -> str:
    """The step at which the clause is answered."""
    homes = _HOMES[clause.attest or "head"]
    return next((step for step in homes if step in application.process), DECISION)


def asked_at(application: Application, step: str) -> tuple[Clause, ...]:
    """What whoever acts at the step must answer. A panel answers by its round: passed is met."""
    if step in PANELS:
        return ()
    return tuple(clause for clause in attested_clauses(application) if home_of(application, clause) == step)


def complete(application: Application, step: str, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers by clause, trimmed. Raises ``Refused`` for a clause left out, without a reason, or not asked here; its code
    is ``attest:`` and the clause.
    """
    asked = {clause.number for clause in asked_at(application, step)}
    for number in answers.keys() - asked:
        raise Refused(_("Clause %(clause)s is not judged here.") % {"clause": number}, code=f"attest:{number}")
    found = {number: Answer(answer.met, answer.reason.strip()) for number, answer in answers.items()}
    for number in (clause.number for clause in asked_at(application, step)):
        if number not in found:
            raise Refused(
                _("Clause %(clause)s is not answered: say whether it is met, and why.") % {"clause": number},
                code=f"attest:{number}",
            )
        if not found[number].reason:
            raise Refused(
                _("Clause %(clause)s: say why it is met or unmet.") % {"clause": number}, code=f"attest:{number}"
            )
    return found


def keep_answers(access: Access, application: Application, role: str, answers: Mapping[str, Answer]) -> None:
    """Writes them, once a hand-in, in the transaction of the act that they belong to."""
    Attestation.objects.bulk_create(
        Attestation(
            application=application, clause=number, attempt=application.attempt, role=role, met=answer.met,
            reason=answer.reason, by_id=access.account_id or 0,
        )
        for number, answer in answers.items()
    )  # fmt: skip


def first_unmet(application: Application, answers: Mapping[str, Answer]) -> str:
    """The clause that ends it, in the order of the document; empty where all are met."""
    numbers = [clause.number for clause in attested_clauses(application)]
    return next((number for number in numbers if number in answers and not answers[number].met), "")


def unanswered(
    application: Application, attestations: Iterable[Attestation], events: Sequence[ApplicationEvent]
) -> list[Clause]:
    """Clauses that nobody has found met: the newest answer counts, and a panel answers by its newest round."""
    newest = {row.clause: row.met for row in sorted(attestations, key=lambda row: (row.attempt, row.pk))}
    settled = [e.act for e in events if e.act == Act.PASSED or (e.act == Act.DECLINED and e.step in PANELS)]
    passed = bool(settled) and settled[-1] == Act.PASSED
    return [
        clause
        for clause in attested_clauses(application)
        if not (passed if home_of(application, clause) in PANELS else newest.get(clause.number, False))
    ]
