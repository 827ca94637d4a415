"""The general manager chooses one of those listed, or nobody; HR takes a vacancy back."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from promotion.shortlist.models import Shortlisted, Vacancy, VacancyState
from promotion.shortlist.selectors import Listed, shortlist
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.models import Account, Employee
from staff.selectors.access import own_line


@transaction.atomic
def decide_vacancy(*, access: Access, vacancy: Vacancy, chosen: Employee | None, words: str) -> Vacancy:
    """``chosen`` is one of those listed today, None for nobody. Who was listed is kept with the decision. It writes nothing
    into the ledger and moves nobody: HR does that, as with any move.

    Raises ``Refused`` (nobody of the list, no reason, settled meanwhile and by whom), ``Forbidden`` (whoever marked it; oneself
    or a superior).
    """
    access.require(Thing.VACANCY, Verb.DECIDE)
    if vacancy.opened_by_id in access.accounts:
        raise Forbidden(_("Maker is not checker: another general manager decides on what you marked."))
    words = _reasoned(words)
    listed = shortlist(vacancy, access.day) if vacancy.state == VacancyState.OPEN else []
    if chosen is not None:
        if chosen.pk in own_line(access):
            raise Forbidden(_("Nobody chooses themselves, nor whoever leads them. Another general manager decides."))
        if vacancy.state == VacancyState.OPEN and chosen.pk not in {one.employee.pk for one in listed}:
            raise Refused(_("Only whoever is listed can be chosen. Load the page again."), code="chosen")
    state = VacancyState.FILLED if chosen is not None else VacancyState.NOBODY
    _settle(access, vacancy, state, words, chosen)
    _keep(vacancy, listed)
    audit.record(
        access, "vacancy_decided", object_type="vacancy", object_key=vacancy.pk,
        employee_id=chosen.pk if chosen is not None else None, reason=words[:300],
        after={"state": state, "listed": [one.employee.employee_no for one in listed]},
    )  # fmt: skip
    _tell(access, vacancy, chosen)
    return vacancy


@transaction.atomic
def take_back_vacancy(*, access: Access, vacancy: Vacancy, words: str) -> Vacancy:
    """By HR: the post is not vacant after all. Raises ``Refused`` (no reason, settled meanwhile), ``Forbidden``."""
    access.require(Thing.VACANCY, Verb.UPDATE)
    if not Vacancy.objects.visible_to(access, Verb.UPDATE).filter(pk=vacancy.pk).exists():
        raise Forbidden(_("%(department)s is outside your scope.") % {"department": vacancy.department})
    words = _reasoned(words)
    _settle(access, vacancy, VacancyState.CLOSED, words, None)
    audit.record(
        access, "vacancy_taken_back", object_type="vacancy", object_key=vacancy.pk, reason=words[:300],
        after={"state": VacancyState.CLOSED},
    )  # fmt: skip
    return vacancy


def _reasoned(words: str) -> str:
    if not words.strip():
        raise Refused(_("Say why."), code="words")
    return words.strip()


def _settle(access: Access, vacancy: Vacancy, state: str, words: str, chosen: Employee | None) -> None:
    """Claimed once: whoever comes second is told who was first."""
    waiting = Vacancy.objects.filter(pk=vacancy.pk, state=VacancyState.OPEN)
    done = waiting.update(state=state, chosen=chosen, settled_by=access.account_id, settled_at=Now(), words=words)
    vacancy.refresh_from_db()
    if not done:
        raise Refused(
            _("It is settled already, by %(who)s: %(state)s.")
            % {"who": vacancy.settled_by, "state": vacancy.get_state_display()},
            code="state",
        )


def _keep(vacancy: Vacancy, listed: list[Listed]) -> None:
    Shortlisted.objects.bulk_create(
        Shortlisted(vacancy=vacancy, employee=one.employee, held_since=one.since) for one in listed
    )


def _tell(access: Access, vacancy: Vacancy, chosen: Employee | None) -> None:
    """HR who marked it carries it out; the chosen person is told. Who else was listed is nobody's news."""
    told = [(vacancy.opened_by_id, "vacancy_decided")]
    if chosen is not None:
        accounts = Account.objects.filter(employee=chosen, is_active=True).values_list("pk", flat=True)
        told += [(pk, "vacancy_chosen") for pk in accounts]
    tell(
        Message(f"vacancy:{vacancy.pk}:{kind}:{pk}", pk, kind, {"vacancy": vacancy.pk})
        for pk, kind in told
        if pk != access.account_id
    )
