"""People and where they stand in the house: departments, placements, supervisors, absences."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from staff.models.querysets import AbsenceQuerySet, DepartmentQuerySet, EmployeeQuerySet


class Department(models.Model):
    """A node of the department tree. Policies are adopted for a department and all below it."""

    name = models.CharField(_("department"), max_length=100)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    head = models.ForeignKey(
        "Employee",
        verbose_name=_("department head"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="departments_headed",
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], nulls_distinct=False, name="department_name_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="department_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(name=""), name="department_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentClosure(models.Model):
    """Every pair (ancestor, descendant), oneself included: a view over the tree."""

    pk = models.CompositePrimaryKey("ancestor_id", "descendant_id")
    ancestor = models.ForeignKey(Department, on_delete=models.DO_NOTHING, related_name="below")
    descendant = models.ForeignKey(Department, on_delete=models.DO_NOTHING, related_name="above")
    depth = models.IntegerField()

    class Meta:
        managed = False
        db_table = "staff_departmentclosure"


class Employee(models.Model):
    """A person. What changes with time lies in periods (department, supervisor) and in the ledger (tier)."""

    employee_no = models.CharField(_("employee no."), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    pinyin = models.CharField(
        _("pinyin"),
        max_length=300,
        blank=True,
        editable=False,
        help_text=_("Order and search: full spelling, then initials."),
    )
    position = models.CharField(_("position"), max_length=100, blank=True)
    hired_on = models.DateField(_("hired on"))
    regularised_on = models.DateField(_("regularised on"), null=True, blank=True)
    post_since = models.DateField(_("at the post since"), null=True, blank=True)
    left_on = models.DateField(_("last day of work"), null=True, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    email = models.EmailField(_("email"), blank=True)
    im_account = models.CharField(_("IM account"), max_length=100, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        ordering = ["employee_no"]
        constraints = [
            models.CheckConstraint(condition=~Q(employee_no=""), name="employee_has_number"),
            models.CheckConstraint(condition=~Q(name=""), name="employee_has_name"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(hired_on__lte=F("left_on")), name="employee_hired_before_leaving"
            ),
        ]
        indexes = [
            GinIndex(
                OpClass("name", name="gin_trgm_ops"),
                OpClass("pinyin", name="gin_trgm_ops"),
                OpClass("employee_no", name="gin_trgm_ops"),
                name="employee_search",
            ),
            models.Index(fields=["pinyin"], name="employee_by_pinyin"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.employee_no}"


class DepartmentPeriod(models.Model):
    """Who belongs to which department when. Half-open; never two departments on one day."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="department_periods")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="employee_periods")
    period = DateRangeField(_("period"))

    class Meta:
        verbose_name = _("department period")
        verbose_name_plural = _("department periods")
        ordering = ["period"]
        constraints = [
            ExclusionConstraint(
                name="one_department_a_day",
                expressions=[("employee", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="department_period_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.period}"


class SupervisorPeriod(models.Model):
    """Who reports to whom when. Half-open; never two supervisors on one day."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="supervisor_periods")
    supervisor = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="report_periods")
    period = DateRangeField(_("period"))

    class Meta:
        verbose_name = _("supervisor period")
        verbose_name_plural = _("supervisor periods")
        ordering = ["period"]
        constraints = [
            ExclusionConstraint(
                name="one_supervisor_a_day",
                expressions=[("employee", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="supervisor_period_not_empty"),
            models.CheckConstraint(condition=~Q(employee=F("supervisor")), name="nobody_supervises_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.supervisor} {self.period}"


class AbsenceKind(models.TextChoices):
    """The protected kinds (art. 42 of the Labour Contract Law) matter for adverse cases."""

    LEAVE = "leave", _("leave")
    SICK = "sick", _("sick leave")
    MEDICAL = "medical", _("medical treatment")
    MATERNITY = "maternity", _("maternity leave")
    NURSING = "nursing", _("nursing leave")
    INJURY = "injury", _("work injury")
    TRAINING = "training", _("training")


class Absence(models.Model):
    """Days away, both included. A month that the union of a person's absences covers is exempt."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    kind = models.CharField(_("kind"), max_length=20, choices=AbsenceKind)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "first_day"], name="absence_key"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="absence_in_order"),
            models.CheckConstraint(condition=Q(kind__in=AbsenceKind.values), name="absence_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
