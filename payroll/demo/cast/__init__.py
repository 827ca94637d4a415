"""The named cast: one person for each outcome and each clause of info-service, with what the sweep must find."""

from __future__ import annotations

from payroll.demo.cast.courses import courses
from payroll.demo.cast.diamonds import diamonds
from payroll.demo.cast.others import others
from payroll.demo.cast.regulars import regulars
from payroll.demo.cast.scene import Part
from payroll.demo.cast.stars import stars
from payroll.demo.cast.triggers import triggers
from staff.kernel.periods import Month

__all__ = ["Part", "cast"]


def cast(last: Month) -> list[Part]:
    """Everybody in the cast as of the last month that has closed. Pure: the same month gives the same people."""
    return [*regulars(last), *stars(last), *diamonds(last), *triggers(last), *others(last), *courses(last)]
