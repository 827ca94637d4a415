"""HR marks a case as handled, and says how."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions.doubt_raise import LONGEST
from assessment.models import Case, CaseState
from staff.actions.person_change import require_in_scope
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.refusals import told


@transaction.atomic
def handle_case(*, access: Access, case: Case, note: str) -> Case:
    """Kept with who did it and when. It changes nobody's tier, pay or place: that is done where it is decided.

    Raises ``Refused`` (no words, or too many; handled or withdrawn meanwhile, saying by whom or why), ``Forbidden`` (one's
    own, a superior's, or out of scope).
    """
    _require(access, case)
    note = note.strip()
    if not note:
        raise Refused(_("Say what was done: whoever opens the case later reads it."), code="note")
    if len(note) > LONGEST:
        raise Refused(_("At most %(most)s characters.") % {"most": LONGEST}, code="note")
    with told({"case_ends_by_its_proceeding": _("This case goes its own way, step by step, and ends with it.")}):
        claimed = Case.objects.filter(pk=case.pk, state=CaseState.OPEN).update(
            state=CaseState.DONE, note=note, handled_by=access.account_id, handled_at=Now()
        )
    case.refresh_from_db()
    if not claimed:
        _refuse_settled(case)
    audit.record(
        access,
        "case_handled",
        object_type="case",
        object_key=case.pk,
        employee_id=case.employee_id,
        before={"state": CaseState.OPEN},
        after={"state": CaseState.DONE, "kind": case.kind},
    )
    return case


def _require(access: Access, case: Case) -> None:
    if case.employee is not None:
        access.require_about(case.employee.pk, Thing.CASE, Verb.UPDATE)
        require_in_scope(access, case.employee, Verb.UPDATE, Thing.CASE)
        return
    access.require(Thing.CASE, Verb.UPDATE)
    if not Case.objects.visible_to(access, Verb.UPDATE).filter(pk=case.pk).exists():
        raise Forbidden(_("This team is outside your scope. HR of its department handles it."))


def _refuse_settled(case: Case) -> None:
    if case.state == CaseState.WITHDRAWN:
        raise Refused(_("It was withdrawn: %(why)s") % {"why": case.why_withdrawn}, code="state")
    raise Refused(
        _("%(who)s was first, at %(when)s. Load the page again to read what was done.")
        % {"who": case.handled_by, "when": timezone.localtime(case.handled_at).strftime("%Y-%m-%d %H:%M")},
        code="state",
    )
