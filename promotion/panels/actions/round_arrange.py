"""HR arranges a round: who comes before which judges, when and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from policy.language.checked import ProcessStep
from policy.selectors import checked
from promotion.applications.actions.step_finish import note
from promotion.applications.models import Act, Application, ApplicationState
from promotion.applications.process import transition_to
from promotion.panels.guards import require_other_line
from promotion.panels.models import Aggregate, Candidate, Judge, Round
from promotion.panels.scoring import TRIMMED_FROM
from promotion.panels.selectors import Barred, barred, place_of, possible_judges, to_arrange
from staff.actions.role_grant import grant_role
from staff.kernel import audit
from staff.kernel.access import Access, Forbidden, Refused, Thing, Verb
from staff.kernel.outbox import Message, tell
from staff.kernel.refusals import require_fit
from staff.models import Account, Department, Role, RoleGrant

#: Judges of a panel where the document's own number has no value yet; at least.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Sitting:
    """When and where, and for how many vacancies; None but for a competition."""

    department: Department
    opens_at: datetime
    closes_at: datetime
    place: str = ""
    vacancies: int | None = None


@transaction.atomic
def arrange_round(
    *,
    access: Access,
    sitting: Sitting,
    applications: Sequence[int],
    judges: Sequence[int],
    now: datetime,
) -> Round:
    """``applications`` and ``judges`` (accounts) by id; the candidates come in the order given. All of them stand at the same
    panel's step of one version towards one tier. Sheet, bar, aggregation and size of the panel are the version's of now, and
    stay so. Judges without the role get it until the round is over.

    Raises ``Refused`` (no candidate; unlike candidates; somebody who is in another round; times; too many, too few or an
    even number of judges; a judge who may not judge these candidates; vacancies), ``Forbidden``.
    """
    access.require(Thing.ROUND, Verb.CREATE)
    _require_department(access, sitting.department)
    rows = claimed(access, applications)
    require_other_line(access, [row.employee for row in rows])
    first = rows[0]
    step = checked(first.version, first.values).process_step(
        transition_to(first.version, first.values, first.to_tier), first.step
    )
    _check_times(sitting, now)
    _check_vacancies(first.step, sitting.vacancies)
    panel = step.panel or FEWEST
    accounts = chosen_judges(access, judges)
    check_panel(accounts, panel, step.aggregate)
    refuse_barred(accounts, barred(rows, access.day))
    found = _made(access, sitting, first, step, panel)
    Candidate.objects.bulk_create(Candidate(round=found, application=row, ordinal=at) for at, row in enumerate(rows, 1))
    for row in rows:
        note(access, row, Act.ARRANGED, step=found.step, data={"round": found.pk})
    seat_judges(access, found, accounts)
    audit.record(
        access,
        "round_arranged",
        object_type="round",
        object_key=found.pk,
        after={
            "step": found.step,
            "to": found.to_tier,
            "candidates": [row.employee.employee_no for row in rows],
            "judges": [account.username for account in accounts],
            "vacancies": sitting.vacancies,
        },
    )
    tell_candidates(found, rows)
    return found


def chosen_judges(access: Access, ids: Iterable[int]) -> list[Account]:
    """Raises ``Refused`` for an account that is closed, not there or not within reach."""
    wanted = list(dict.fromkeys(ids))
    found = possible_judges(access).select_related("employee").in_bulk(wanted)
    if len(found) < len(wanted):
        raise Refused(_("One of the judges has no account that can sign in. Choose another."), code="judges")
    return [found[pk] for pk in wanted]


def check_panel(accounts: Sequence[Account], panel: int, aggregate: str) -> None:
    """Raises ``Refused`` unless there are as many as the policy says: an odd number, three at least."""
    if len(accounts) != panel or panel % 2 == 0 or panel < FEWEST:
        said = ngettext(
            "The policy asks for a panel of %(panel)d; there is %(n)d judge.",
            "The policy asks for a panel of %(panel)d; there are %(n)d judges.",
            len(accounts),
        )
        raise Refused(said % {"panel": panel, "n": len(accounts)}, code="judges")
    if aggregate == Aggregate.TRIMMED_MEAN and panel < TRIMMED_FROM:
        raise Refused(
            _("Without the highest and the lowest there must be %(n)s judges or more.") % {"n": TRIMMED_FROM},
            code="judges",
        )


def refuse_barred(accounts: Iterable[Account], bars: Barred) -> None:
    """Raises ``Refused``, naming each judge who may not judge these candidates, and why."""
    grounds = [
        (bars.candidates, _("%(name)s is a candidate")),
        (bars.supervisors, _("%(name)s is the direct supervisor of a candidate")),
        (bars.reviewers, _("%(name)s reviews a candidate's application")),
        (bars.below, _("%(name)s is led by a candidate")),
    ]
    wrong = [
        said % {"name": account}
        for account in accounts
        for people, said in grounds
        if account.employee_id is not None and account.employee_id in people
    ]
    if wrong:
        raise Refused(
            pgettext("list", "; ").join(wrong) + pgettext("sentence", ". ") + _("Choose other judges."), code="judges"
        )


def seat_judges(access: Access, round: Round, accounts: Sequence[Account]) -> list[Judge]:
    """They sit on the panel from now on, with the role until the round is over, and are told."""
    until = timezone.localdate(round.closes_at) + timedelta(days=1)
    for account in accounts:
        _let_judge(access, account, round.department, until)
    seats = Judge.objects.bulk_create(
        Judge(round=round, account=account, assigned_by_id=access.account_id) for account in accounts
    )
    tell(
        Message(f"round:{round.pk}:judge:{seat.pk}", seat.account_id, "round_assigned", {"round": round.pk})
        for seat in seats
    )
    return seats


def _let_judge(access: Access, account: Account, department: Department, until: date) -> None:
    """Gives the role for the days that no grant of it covers yet, from today to the day after closing."""
    held = RoleGrant.objects.filter(account=account, role=Role.JUDGE).filter(
        Q(period__endswith__isnull=True) | Q(period__endswith__gt=access.day)
    )
    day = access.day
    for grant in held.order_by("period"):
        lower, upper = grant.period.lower, grant.period.upper
        if lower is None or lower <= day:
            if upper is None or upper >= until:
                return
            day = max(day, upper)
    grant_role(
        access=access, account=account, role=Role.JUDGE, starts_on=day, ends_on=until, department=department,
        reason=_("Judge of a round"),
    )  # fmt: skip


def _require_department(access: Access, department: Department) -> None:
    scope = access.scope(Thing.ROUND, Verb.CREATE)
    if not scope.company and department.pk not in scope.departments:
        raise Forbidden(_("%(department)s is outside your scope.") % {"department": department})


def claimed(access: Access, ids: Sequence[int]) -> list[Application]:
    """The applications under lock, in the order given: nobody comes into two rounds.

    Raises ``Refused`` (none; in another round, moved on or out of scope; unlike each other).
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise Refused(_("Choose at least one candidate."), code="applications")
    list(Application.objects.filter(pk__in=wanted).order_by("pk").select_for_update().values_list("pk"))
    found = to_arrange(access).filter(state=ApplicationState.OPEN).in_bulk(wanted)
    if len(found) < len(wanted):
        raise Refused(
            _(
                "Of those chosen, %(n)s are in another round, have moved on or are outside your scope. Load the page again."
            )
            % {"n": len(wanted) - len(found)},
            code="applications",
        )
    rows = [found[pk] for pk in wanted]
    if len({place_of(row) for row in rows}) > 1:
        raise Refused(
            _("A round is for one step, one version of a policy and one tier. Choose candidates that share them."),
            code="applications",
        )
    return rows


def _check_times(sitting: Sitting, now: datetime) -> None:
    if sitting.opens_at >= sitting.closes_at:
        raise Refused(_("It closes before it opens."), code="closes_at")
    if sitting.closes_at <= now:
        raise Refused(_("It would be over already. Choose a later closing time."), code="closes_at")


def _check_vacancies(step: str, vacancies: int | None) -> None:
    if step == "competition" and not vacancies:
        raise Refused(_("A competition is for a number of vacancies: one at least."), code="vacancies")
    if step != "competition" and vacancies is not None:
        raise Refused(_("Only a competition has vacancies; leave them empty."), code="vacancies")


def _made(access: Access, sitting: Sitting, first: Application, step: ProcessStep, panel: int) -> Round:
    found = Round(
        step=first.step,
        version=first.version,
        values=first.values,
        to_tier=first.to_tier,
        department=sitting.department,
        place=sitting.place.strip(),
        opens_at=sitting.opens_at,
        closes_at=sitting.closes_at,
        sheet=[
            {"key": str(line.key), "zh": line.label.zh, "en": line.label.en, "of": str(line.of)} for line in step.sheet
        ],
        bar=step.bar,
        aggregate=step.aggregate or Aggregate.MEAN,
        panel=panel,
        vacancies=sitting.vacancies,
        arranged_by_id=access.account_id,
    )
    require_fit(found, "place")
    found.save()
    return found


def tell_candidates(round: Round, rows: Sequence[Application], added: str = "") -> None:
    """They are called before the panel. ``added`` tells apart those of a later act: whoever was taken out is called again."""
    accounts = dict(
        Account.objects.filter(employee__in=[row.employee_id for row in rows], is_active=True).values_list(
            "employee_id", "pk"
        )
    )
    tell(
        Message(
            f"round:{round.pk}:candidate:{row.pk}{added}",
            accounts[row.employee_id],
            "round_called",
            {"round": round.pk},
        )
        for row in rows
        if row.employee_id in accounts
    )
