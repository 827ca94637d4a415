"""Reads of pay."""

from payroll.selectors.pay import LEVEL_PAY, PayLine, level_pay_table, pay_lines

__all__ = ["LEVEL_PAY", "PayLine", "level_pay_table", "pay_lines"]
