"""The kinds of case: one table of what each is called, whether it speaks against somebody, who has to act, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models import Role


class CaseKind(models.TextChoices):
    BONUS = "bonus", _("bonus")
    PRAISE = "praise", _("public praise")
    CERTIFICATE = "certificate", _("certificate of honour")
    TEAM_FUND = "team_fund", _("fund for the team")
    TRAINING = "training", _("training")
    WARNING_OR_DISMISSAL = "warning_or_dismissal", _("warning or dismissal")
    DISMISSAL = "dismissal", _("dismissal clause")
    RESIGNATION_CLAUSE = "resignation_clause", _("resignation clause")
    IMPROVEMENT_PLAN = "improvement_plan", _("improvement plan")
    REORGANISATION = "reorganisation", _("reorganisation of the team")
    ANNUAL_EXCELLENT = "annual_excellent", _("excellent employee of the year")
    RAISE_PRIORITY = "raise_priority", _("priority for a raise")
    DEMOTION = "demotion", _("demotion")
    LEVEL_CHECK = "level_check", _("level check")


@dataclass(frozen=True, slots=True)
class KindOfCase:
    """``owner`` is the key of the role that acts first; ``follows`` says what happens next, in one sentence."""

    owner: str
    adverse: bool
    follows: Any


#: Of a warning, which is a demotion case of the bottom tier: whose it is, and what follows.
WARNING = KindOfCase(Role.SUPERVISOR, True, _("A warning: it is recorded and talked over, and nothing else follows."))

KINDS: Mapping[str, KindOfCase] = {
    CaseKind.BONUS: KindOfCase(
        Role.HR, False, _("HR sees to the bonus; what is paid stands in a pay run, which a person approves.")
    ),
    CaseKind.PRAISE: KindOfCase(Role.HR, False, _("HR sees to the public praise.")),
    CaseKind.CERTIFICATE: KindOfCase(Role.HR, False, _("HR sees to the certificate.")),
    CaseKind.TEAM_FUND: KindOfCase(Role.HR, False, _("HR sees to the fund for the team.")),
    CaseKind.TRAINING: KindOfCase(Role.SUPERVISOR, True, _("The supervisor agrees on a training and its date.")),
    CaseKind.WARNING_OR_DISMISSAL: KindOfCase(
        Role.HR, True, _("HR checks the facts and hears the person; nobody is warned or dismissed by the product.")
    ),
    CaseKind.DISMISSAL: KindOfCase(
        Role.HR, True, _("HR checks the facts, protection and the law, and hears the person; the product dismisses nobody.")
    ),
    CaseKind.RESIGNATION_CLAUSE: KindOfCase(
        Role.HR, True, _("HR checks the facts, protection and the law, and hears the person; nobody resigns by this.")
    ),
    CaseKind.IMPROVEMENT_PLAN: KindOfCase(Role.HEAD, True, _("The team's leader files a plan of improvement.")),
    CaseKind.REORGANISATION: KindOfCase(
        Role.HR, True, _("HR and the head of the department talk over the team; nobody's place changes by this.")
    ),
    CaseKind.ANNUAL_EXCELLENT: KindOfCase(Role.HR, False, _("HR announces the excellent employee of the year.")),
    CaseKind.RAISE_PRIORITY: KindOfCase(Role.HR, False, _("HR keeps the priority in mind when raises are decided.")),
    CaseKind.DEMOTION: KindOfCase(
        Role.HR,
        True,
        _("HR checks the facts and protection, the person is heard, then the head decides with a reason; until a decision "
          "takes effect, tier and pay stay as they are."),
    ),
    CaseKind.LEVEL_CHECK: KindOfCase(
        Role.SUPERVISOR, False, _("The supervisor looks whether tier and ability match; the tier stays as it is.")
    ),
}  # fmt: skip

#: Kinds that speak against somebody: a named person decides on them, with a reason.
ADVERSE = frozenset(kind for kind, known in KINDS.items() if known.adverse)
