"""A vacant post of a supervisor, and who was listed when it was decided on."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policy.models import PolicyVersion
from staff.kernel.access import Access, Thing, Verb
from staff.models import Account, Department, Employee


class VacancyState(models.TextChoices):
    OPEN = "open", pgettext_lazy("vacancy", "open")
    FILLED = "filled", pgettext_lazy("vacancy", "somebody chosen")
    NOBODY = "nobody", pgettext_lazy("vacancy", "nobody chosen")
    CLOSED = "closed", pgettext_lazy("vacancy", "taken back")


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    def visible_to(self, access: Access, verb: Verb = Verb.READ) -> Self:
        """Those of the departments in scope."""
        scope = access.scope(Thing.VACANCY, verb)
        return self if scope.company else self.filter(department__in=scope.departments)


class Vacancy(models.Model):
    """``tier`` is the top of the ladder that governed the department on the day it was marked; ``clause`` the passage of that
    version on which the shortlist rests, as HR named it. Whoever is chosen is moved by HR as ever: this moves nobody.
    """

    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    post = models.CharField(_("post"), max_length=60)
    vacant_on = models.DateField(_("vacant from"))
    version = models.ForeignKey(PolicyVersion, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(_("tier"), max_length=41)
    clause = models.CharField(_("clause"), max_length=20, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=VacancyState, default=VacancyState.OPEN)
    opened_by = models.ForeignKey(
        Account, verbose_name=_("marked by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    opened_at = models.DateTimeField(_("marked"), db_default=Now(), editable=False)
    chosen = models.ForeignKey(
        Employee, verbose_name=_("chosen"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    settled_by = models.ForeignKey(
        Account, verbose_name=_("settled by"), null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    words = models.TextField(_("why"), blank=True, default="")

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("vacant post")
        verbose_name_plural = _("vacant posts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VacancyState.values), name="vacancy_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | ~Q(state="open") & Q(settled_at__isnull=False),
                name="vacancy_settled_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="filled", chosen__isnull=False) | ~Q(state="filled") & Q(chosen__isnull=True),
                name="vacancy_filled_by_somebody",
            ),
            models.CheckConstraint(condition=Q(state="open") | ~Q(words=""), name="vacancy_settled_with_a_reason"),
            models.UniqueConstraint(
                fields=["department", "post"], condition=Q(state="open"), name="one_open_vacancy_a_post"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} · {self.post}"


class Shortlisted(models.Model):
    """Somebody who was listed when it was decided, with what was known then. ``held_since``: the top tier, without a break."""

    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="listed")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    held_since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("listed person")
        verbose_name_plural = _("listed people")
        ordering = ["employee__employee_no"]
        constraints = [models.UniqueConstraint(fields=["vacancy", "employee"], name="listed_once")]

    def __str__(self) -> str:
        return f"{self.vacancy_id} {self.employee_id}"
