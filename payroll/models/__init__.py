"""What people are paid, and what a tier is paid."""

from payroll.models.bands import ChangeState, PayBand, PayTableChange, PayTableLine
from payroll.models.records import PayRecord

__all__ = ["ChangeState", "PayBand", "PayRecord", "PayTableChange", "PayTableLine"]
