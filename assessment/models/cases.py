"""Cases 个案: what follows from a result of record by the policy's own words. A case changes nothing by itself."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assessment.models.case_kinds import ADVERSE, KINDS, WARNING, CaseKind, KindOfCase
from assessment.models.results import Level
from policy.models import PolicyVersion
from staff.kernel.access import Access, Thing, Verb
from staff.kernel.fields import MonthField
from staff.models import Account, Department, Employee, Role
from staff.models.querysets import AboutEmployee, within


class CaseState(models.TextChoices):
    OPEN = "open", pgettext_lazy("case", "open")
    DONE = "done", pgettext_lazy("case", "handled")
    WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")


#: The note of a case that a correction has taken the facts from, where nobody said more: each reads it in their language.
CORRECTED = "corrected"


class CaseQuerySet(AboutEmployee):
    thing = Thing.CASE

    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        """A person's by where they are today; a team's by the scopes of departments, and so not by a supervisor's chain."""
        scope = access.scope(self.thing, verb)
        if scope.company:
            return self
        of_teams = Q(employee__isnull=True, department__in=scope.departments)
        return self.filter(within(scope, access.day, self.path) | of_teams)

    def standing(self) -> Self:
        """Without those whose facts are gone."""
        return self.exclude(state=CaseState.WITHDRAWN)


class Case(models.Model):
    """Raised once for the same facts: kind, clause and period of a person, or of a team (no employee).

    ``month`` is the last one of the period. ``clause`` numbers lie in the version's document, with their text. ``evidence``
    explains by itself: of a result its ``rule`` in words, total, grade, rank, stars, and the ``periods`` that it looks back on
    (results of the level ``of``); of a demotion the tiers and each of the ``rules`` that hold, with what was observed, what is
    asked, and the facts; of a check the day of the promotion and the months since. ``owner`` is the key of the role that has
    to act.
    """

    kind = models.CharField(_("kind"), max_length=41, choices=CaseKind)
    policy = models.CharField(_("policy"), max_length=41)
    version = models.ForeignKey(PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(_("clause"), max_length=600)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.MONTH)
    month = MonthField(_("last month"))
    employee = models.ForeignKey(
        Employee, verbose_name=_("employee"), null=True, on_delete=models.CASCADE, related_name="cases"
    )
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField(_("evidence"), default=dict)
    owner = models.CharField(_("whose it is"), max_length=20, choices=Role)
    state = models.CharField(_("state"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    raised_at = models.DateTimeField(_("raised at"), db_default=Now(), editable=False)
    note = models.TextField(_("what was done"), blank=True, default="")
    handled_by = models.ForeignKey(
        Account, verbose_name=_("handled by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, editable=False)
    withdrawn_note = models.TextField(_("why it was withdrawn"), blank=True, default="")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-month", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_known"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="case_level_known"),
            models.CheckConstraint(condition=Q(owner__in=Role.values), name="case_owner_known"),
            models.CheckConstraint(condition=~Q(clause=""), name="case_names_its_clause"),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(handled_at__isnull=False) & ~Q(note="")), name="handled_case_says_how"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_note="")),
                name="withdrawn_case_says_why",
            ),
            models.UniqueConstraint(
                fields=["employee", "policy", "level", "month", "kind", "clause"],
                condition=~Q(state="withdrawn") & Q(employee__isnull=False),
                name="one_case_a_person_and_facts",
            ),
            models.UniqueConstraint(
                fields=["department", "policy", "level", "month", "kind", "clause"],
                condition=~Q(state="withdrawn") & Q(employee__isnull=True),
                name="one_case_a_team_and_facts",
            ),
            models.UniqueConstraint(
                fields=["employee", "policy", "clause"],
                condition=Q(kind="demotion", state="open"),
                name="one_open_demotion_a_person_and_clause",
            ),
        ]
        indexes = [
            models.Index(fields=["-month", "state"], name="case_by_month"),
            models.Index(fields=["policy", "level", "month"], name="case_by_period"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.month} · {self.employee_id or self.department_id}"

    @property
    def adverse(self) -> bool:
        return self.kind in ADVERSE

    @property
    def of_kind(self) -> KindOfCase:
        """Its row of the table of kinds; a warning has its own."""
        return WARNING if self.evidence.get("outcome") == "warning" else KINDS[self.kind]

    @property
    def why_withdrawn(self) -> str:
        """The note in the reader's language; empty while it stands."""
        if self.withdrawn_note == CORRECTED:
            return gettext("The results of %(month)s were corrected and do not raise it any more.") % {
                "month": self.month
            }
        return self.withdrawn_note

    @property
    def open(self) -> bool:
        return self.state == CaseState.OPEN
